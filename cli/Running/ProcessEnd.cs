using System.Runtime.InteropServices;
using Rewas.Clip.Files;

namespace Rewas.Cli.Running;

/// <summary>The end of a process.</summary>
static partial class ProcessEnd
{
    /// <summary>Removes what was begun, and ends a process that was cancelled at once.</summary>
    /// <returns>The exit code.</returns>
    public static int With(int exitCode)
    {
        if (exitCode == ExitCodes.Cancelled)
            AtOnce(exitCode);
        LeaveNothing();
        return exitCode;
    }

    /// <summary>
    /// Ends the process without its exit handlers: those of ONNX Runtime crash when a network is still being loaded, which cannot be
    /// cancelled. Files that were begun are deleted; children end with their pipes.
    /// </summary>
    static void AtOnce(int exitCode)
    {
        LeaveNothing();
        try
        {
            Console.Out.Flush();
            Console.Error.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone.
        }
        if (OperatingSystem.IsWindows())
            Environment.Exit(exitCode);
        ExitNow(exitCode);
    }

    /// <summary>Removes what was begun and not finished.</summary>
    static void LeaveNothing()
    {
        PartialFile.AbandonAll();
        PrivateFolder.AbandonAll();
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
