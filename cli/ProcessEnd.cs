using System.Runtime.InteropServices;
using Rewas.Faults;

namespace Rewas.Cli;

/// <summary>The end of a process that was cancelled.</summary>
static partial class ProcessEnd
{
    /// <summary>
    /// Ends the process without its exit handlers: those of ONNX Runtime crash when a network is still being loaded, which cannot be cancelled. Files that
    /// were begun are deleted; children end with their pipes.
    /// </summary>
    public static void AtOnce(int exitCode)
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
    public static void LeaveNothing()
    {
        PartialFile.AbandonAll();
        PrivateFolder.AbandonAll();
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
