namespace Rewas.Networks.Onnx;

/// <summary>How networks run. Configuration section "Onnx".</summary>
public sealed record OnnxOptions
{
    public const string Section = "Onnx";

    /// <summary>The <see cref="Accelerator"/> that is this machine's processor.</summary>
    public const string Cpu = ExecutionProvider.Cpu;

    /// <summary>Threads per call. 0 (default): one per physical core. At most 256.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// "cpu" (default), or "cuda" or "tensorrt" in a build made with -p:Accelerator=cuda. With "tensorrt", what TensorRT cannot run is run
    /// by CUDA.
    /// </summary>
    public string Accelerator { get; init; } = Cpu;

    /// <summary>Index of the CUDA device. Default 0, range 0 to 63.</summary>
    public int Device { get; init; }

    /// <summary>Limit of device memory per network session, MiB. 0 (default): no limit. At most 1048576.</summary>
    public int DeviceMemoryMebibytes { get; init; }

    /// <summary>
    /// Whether the steps of the denoiser are captured as CUDA graphs, one for each number of rows. A call then launches one graph instead of
    /// each kernel. Default false. For "cuda" only.
    /// </summary>
    public bool CaptureGraphs { get; init; }

    /// <summary>Folder in which TensorRT keeps the engines that it builds. Empty (default): they are built at every start.</summary>
    public string EngineFolder { get; init; } = "";

    /// <summary>
    /// Whether idle threads spin while they wait for work. Default false, which leaves more time to other processes, such as decoders.
    /// </summary>
    public bool AllowSpinning { get; init; }

    /// <summary>
    /// Whether weights of matrix products are rearranged at load. True (default): products with few rows run 1.5 to 1.75 times as fast but
    /// need a private copy of these weights. False: all float32 weights stay in the mapped file, which processes share.
    /// </summary>
    public bool PackWeights { get; init; } = true;

    /// <summary>
    /// Whether all networks of the process share one arena of working memory, which grows by what is asked for. Default false: each network
    /// has its own, laid out at its first call. True takes a tenth less memory: for a process that makes one sound and ends.
    /// </summary>
    public bool SharedArena { get; init; }
}
