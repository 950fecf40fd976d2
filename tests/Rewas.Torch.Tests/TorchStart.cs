using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rewas.Trainer.Torch;

namespace Rewas.Torch.Tests;

static partial class TorchStart
{
    /// <summary>
    /// On some CPUs (seen: AMD family 26), the AVX kernels of oneDNN 3.7 compute with unset padding if the number of channels is not a
    /// multiple of 16. Small networks have such channels, so the tests use the plain kernels. libtorch reads the environment of the C
    /// library, which .NET's own copy does not reach.
    /// </summary>
    [ModuleInitializer]
    internal static void Prepare()
    {
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("ONEDNN_MAX_CPU_ISA", "SSE41", overwrite: 1);
        TorchLibrary.Prepare();
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
