using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;

namespace Rewas.Networks.Onnx;

/// <summary>
/// Translates our options to those of ONNX Runtime. The requested accelerator runs or is refused; there is no silent fallback.
/// </summary>
static class ExecutionProvider
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda";
    const int MaximumThreads = 256, MaximumDevice = 63, MaximumDeviceMebibytes = 1 << 20;

    /// <exception cref="InputFault">The precision is unknown, or the accelerator has no kernels for it.</exception>
    public static void ThrowUnlessComputes(string accelerator, string precision)
    {
        if (!PrecisionNames.All.Contains(precision))
            throw InputFault.Invalid("precision", $"must be one of {string.Join(", ", PrecisionNames.All)}, but is '{precision}'");
        if (precision == PrecisionNames.Int8 && accelerator != Cpu)
            throw InputFault.Precondition(
                "precision",
                $"{PrecisionNames.Int8} is for {Cpu}; with {accelerator} ask for {PrecisionNames.Float32} or {PrecisionNames.Float16}");
    }

    /// <param name="weightsFolder">Folder of the files that graphs refer to.</param>
    public static SessionOptions Configure(OnnxOptions options, string weightsFolder)
    {
        InputFault.ThrowUnlessInRange("threads", options.Threads, 0, MaximumThreads);
        InputFault.ThrowUnlessInRange("device", options.Device, 0, MaximumDevice);
        InputFault.ThrowUnlessInRange("deviceMemory", options.DeviceMemoryMebibytes, 0, MaximumDeviceMebibytes);
        if (options.Accelerator is not (Cpu or Cuda))
            throw InputFault.Invalid("accelerator", $"must be {Cpu} or {Cuda}, but is '{options.Accelerator}'");

        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,                      // errors are thrown as exceptions
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        session.AddSessionConfigEntry("session.disable_prepacking", options.PackWeights ? "0" : "1");
        session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weightsFolder);
        if (options.Accelerator == Cuda)
            AppendCuda(session, options);
        return session;
    }

    static void AppendCuda(SessionOptions session, OnnxOptions options)
    {
        if (!OnnxNetwork.ProvidersInThisBuild.Contains("CUDAExecutionProvider"))
            throw InputFault.Precondition("accelerator", "cuda is not in this build; build with -p:Accelerator=cuda, or ask for cpu");
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(CudaOptions(options));
            session.AppendExecutionProvider_CUDA(cuda);
        }
        catch (OnnxRuntimeException e)
        {
            throw InputFault.Precondition("accelerator", $"cuda does not start: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Option names as in ONNX Runtime's documentation of the CUDA execution provider.</summary>
    static Dictionary<string, string> CudaOptions(OnnxOptions options)
    {
        var given = new Dictionary<string, string> { ["device_id"] = options.Device.ToString(CultureInfo.InvariantCulture) };
        if (options.DeviceMemoryMebibytes > 0)
        {
            given["gpu_mem_limit"] = ((long)options.DeviceMemoryMebibytes << 20).ToString(CultureInfo.InvariantCulture);
            given["arena_extend_strategy"] = "kSameAsRequested";             // the limit holds only if the arena does not double
        }
        return given;
    }
}
