using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Rewas.Networks.Onnx;

/// <summary>
/// Keeps ONNX Runtime from sending telemetry. Its published packages do send it: on Linux and macOS the native library stores a device
/// identity below ~/.cache and uploads events as soon as it is loaded. Only this assembly uses ONNX Runtime, so every program with ONNX
/// Runtime has this switch.
/// </summary>
static partial class RuntimeTelemetry
{
    /// <summary>
    /// Runs before any other code of this assembly and thus before the native library is loaded; later the switch has no effect. It sets
    /// the C library's environment, which .NET's Environment.SetEnvironmentVariable does not change. The user's setting is overwritten.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No caller could be relied on to come before the native library.")]
    internal static void TurnOff()
    {
        if (OperatingSystem.IsWindows())
            OrtEnv.Instance().DisableTelemetryEvents();          // Windows sends events to its own tracing; this call is the switch
        else if (SetEnvironment("ORT_DISABLE_TELEMETRY", "1", overwrite: 1) != 0)
            throw new InvalidOperationException("telemetry of ONNX Runtime cannot be turned off: setenv failed");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
