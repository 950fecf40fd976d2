using System.Runtime.InteropServices;
using Rewas.Clip.Files;

namespace Rewas.Cli.Running;

/// <summary>Ends the process.</summary>
static partial class ProcessEnd
{
    /// <summary>Deletes unfinished files. A cancelled process ends immediately.</summary>
    /// <returns>The exit code.</returns>
    public static int With(int exitCode)
    {
        if (exitCode == ExitCodes.Cancelled)
            AtOnce(exitCode);
        LeaveNothing();
        return exitCode;
    }

    /// <summary>
    /// Ends the process without its exit handlers. Those of ONNX Runtime crash while a network is loading, and loading cannot be cancelled.
    /// Unfinished files are deleted; child processes end when their pipes close.
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
            // The terminal is closed.
        }
        if (OperatingSystem.IsWindows())
            Environment.Exit(exitCode);
        ExitNow(exitCode);
    }

    /// <summary>Deletes unfinished files.</summary>
    static void LeaveNothing()
    {
        PartialFile.AbandonAll();
        PrivateFolder.AbandonAll();
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
