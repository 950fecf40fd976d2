using System.Runtime.InteropServices;
using Rewas.Video;

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
        PartialFile.AbandonAll();
        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsWindows())
            Environment.Exit(exitCode);
        ExitNow(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
