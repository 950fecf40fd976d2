using System.Runtime.InteropServices;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks.Onnx;

public sealed partial class RuntimeTelemetryTests
{
    /// <summary>Reads the environment of the C library. .NET's own copy does not show what a native library reads.</summary>
    [Fact]
    public void Telemetry_is_off_before_any_code_of_the_assembly_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there it is turned off by a call");
        System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(typeof(OnnxNetwork).Module.ModuleHandle);
        Assert.Equal("1", Marshal.PtrToStringUTF8(Variable("ORT_DISABLE_TELEMETRY")));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Variable(string name);
}
