namespace Rewas.Networks.Onnx;

/// <summary>How networks are run. Configuration section "Onnx".</summary>
public sealed record OnnxOptions
{
    public const string Section = "Onnx";

    /// <summary>Threads that work on one call. 0, the default: as many as there are physical cores; at most 256.</summary>
    public int Threads { get; init; }

    /// <summary>"cpu" (default), or "cuda" in a build made with -p:Accelerator=cuda.</summary>
    public string Accelerator { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Which of several CUDA devices. Default 0, 0 to 63.</summary>
    public int Device { get; init; }

    /// <summary>Device memory that each network's session may take at most, MiB. 0, the default: all there is; at most 1048576.</summary>
    public int DeviceMemoryMebibytes { get; init; }

    /// <summary>
    /// Whether idle threads wait for work in a loop. Default false: other processes of the same machine, decoders among them, run faster so.
    /// </summary>
    public bool AllowSpinning { get; init; }

    /// <summary>
    /// Whether weights of matrix products are rearranged at load. Default true: products of few rows run 1.5 to 1.75 times faster, for a
    /// private copy of these weights. False: all float32 weights stay in the mapped file, which processes share.
    /// </summary>
    public bool PackWeights { get; init; } = true;
}
