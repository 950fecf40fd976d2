using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Rewas.Bundles;
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
    public const string TensorRt = "tensorrt";
    const int MaximumThreads = 256, MaximumDevice = 63, MaximumDeviceMebibytes = 1 << 20;

    /// <summary>Registers the arena of <see cref="OnnxOptions.SharedArena"/> with the runtime, once for the process.</summary>
    static readonly LoadedOnce<bool> arena = new(() =>
    {
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        // Unlimited; each growth is as large as what is asked for, and the other settings are the usual ones.
        using var settings = new OrtArenaCfg(0, arenaExtendStrategy: 1, initialChunkSizeBytes: -1, maxDeadBytesPerChunk: -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(memory, settings);
        return true;
    });

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
    /// <param name="precision">One of <see cref="PrecisionNames"/>.</param>
    public static SessionOptions Configure(OnnxOptions options, string weightsFolder, string precision)
    {
        InputFault.ThrowUnlessInRange("threads", options.Threads, 0, MaximumThreads);
        InputFault.ThrowUnlessInRange("device", options.Device, 0, MaximumDevice);
        InputFault.ThrowUnlessInRange("deviceMemory", options.DeviceMemoryMebibytes, 0, MaximumDeviceMebibytes);
        if (options.Accelerator is not (Cpu or Cuda or TensorRt))
            throw InputFault.Invalid("accelerator", $"must be {Cpu}, {Cuda} or {TensorRt}, but is '{options.Accelerator}'");
        if (options.CaptureGraphs && options.Accelerator != Cuda)
            throw InputFault.Invalid("captureGraphs", $"must be off with {options.Accelerator}: CUDA graphs are for {Cuda}");
        if (options.EngineFolder.Length > 0 && options.Accelerator != TensorRt)
            throw InputFault.Invalid("engineFolder", $"must be empty with {options.Accelerator}: engines are built by {TensorRt}");

        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,                      // errors are thrown as exceptions
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        if (options.SharedArena)
        {
            _ = arena.Value;
            session.AddSessionConfigEntry("session.use_env_allocators", "1");
            session.EnableMemoryPattern = false;
        }
        session.AddSessionConfigEntry("session.disable_prepacking", options.PackWeights ? "0" : "1");
        session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weightsFolder);
        if (options.Accelerator == TensorRt)
            AppendTensorRt(session, options, weightsFolder, precision);
        if (options.Accelerator != Cpu)
            AppendCuda(session, options);
        return session;
    }

    static void AppendCuda(SessionOptions session, OnnxOptions options) => Append(options.Accelerator, "CUDAExecutionProvider", () =>
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(CudaOptions(options));
        session.AppendExecutionProvider_CUDA(cuda);
    });

    static void AppendTensorRt(SessionOptions session, OnnxOptions options, string weightsFolder, string precision) =>
        Append(options.Accelerator, "TensorrtExecutionProvider", () =>
        {
            using var tensorRt = new OrtTensorRTProviderOptions();
            tensorRt.UpdateOptions(TensorRtOptions(options, weightsFolder, precision));
            session.AppendExecutionProvider_Tensorrt(tensorRt);
        });

    static void Append(string accelerator, string provider, Action append)
    {
        if (!OnnxNetwork.ProvidersInThisBuild.Contains(provider))
            throw InputFault.Precondition(
                "accelerator", $"{accelerator} is not in this build; build with -p:Accelerator=cuda, or ask for {Cpu}");
        try
        {
            append();
        }
        catch (OnnxRuntimeException e)
        {
            throw InputFault.Precondition("accelerator", $"{accelerator} does not start: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Option names as in ONNX Runtime's documentation of the CUDA execution provider.</summary>
    static Dictionary<string, string> CudaOptions(OnnxOptions options)
    {
        var given = new Dictionary<string, string>
        {
            ["device_id"] = Number(options.Device),
            ["use_tf32"] = "0",                                              // float32 products are float32; f16 is for speed
            ["enable_cuda_graph"] = options.CaptureGraphs ? "1" : "0",
        };
        if (options.DeviceMemoryMebibytes > 0)
        {
            given["gpu_mem_limit"] = Number((long)options.DeviceMemoryMebibytes << 20);
            given["arena_extend_strategy"] = "kSameAsRequested";             // the limit holds only if the arena does not double
        }
        return given;
    }

    /// <summary>Option names as in ONNX Runtime's documentation of the TensorRT execution provider.</summary>
    static Dictionary<string, string> TensorRtOptions(OnnxOptions options, string weightsFolder, string precision)
    {
        var given = new Dictionary<string, string>
        {
            ["device_id"] = Number(options.Device),
            ["trt_fp16_enable"] = precision == PrecisionNames.Float16 ? "1" : "0",
            ["trt_onnx_model_folder_path"] = weightsFolder,
        };
        if (options.EngineFolder.Length > 0)
        {
            given["trt_engine_cache_enable"] = "1";
            given["trt_engine_cache_path"] = options.EngineFolder;
        }
        return given;
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
