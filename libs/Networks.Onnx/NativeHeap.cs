using System.Runtime.InteropServices;

namespace Rewas.Networks.Onnx;

/// <summary>The heap of native code.</summary>
static partial class NativeHeap
{
    /// <summary>
    /// Gives pages that hold nothing back to the system. Opening a session leaves a few times its weights behind as free memory, which glibc keeps for
    /// the thread that asked for it. Other C libraries give it back by themselves.
    /// </summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _))
            _ = TrimPages(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimPages(nuint kept);
}
