using System.Runtime.InteropServices;

namespace Rewas.Cli;

/// <summary>The end of a process that was cancelled.</summary>
static partial class ProcessEnd
{
    /// <summary>
    /// Ends the process without its exit handlers: those of ONNX Runtime crash when a network is still being loaded, which cannot be cancelled. Files and
    /// children must already be seen to.
    /// </summary>
    public static void AtOnce(int exitCode)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsWindows())
            Environment.Exit(exitCode);
        ExitNow(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
