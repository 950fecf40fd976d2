using System.Runtime.InteropServices;

namespace Rewas.Networks.Onnx;

/// <summary>The heap of native code.</summary>
static partial class NativeHeap
{
    /// <summary>
    /// Returns free heap pages to the system. Opening a session frees a few times the size of its weights, which glibc would keep for the
    /// thread. Other C libraries return the pages themselves.
    /// </summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _))
            _ = TrimPages(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimPages(nuint kept);
}
