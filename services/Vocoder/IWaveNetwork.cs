using Rewas.Clip;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>A vocoder with weights: turns a mel into samples in one call.</summary>
interface IWaveNetwork : IDisposable
{
    /// <summary>The accelerator that runs it: "cpu", "cuda" or "tensorrt".</summary>
    string Accelerator { get; }

    /// <summary>Loads the weights now instead of on the first run.</summary>
    void Load();

    /// <param name="logMel">[1, 64, T].</param>
    /// <returns>[1, 1, samples].</returns>
    HostTensor Run(HostTensor logMel, CancellationToken cancellation);
}

/// <summary>A network whose output is the wave itself.</summary>
sealed class DirectWaveNetwork(OnnxNetwork network) : IWaveNetwork
{
    public string Accelerator => network.Accelerator;

    public void Load() => network.Load();

    public HostTensor Run(HostTensor logMel, CancellationToken cancellation) => network.Run([logMel], cancellation)[0];

    public void Dispose() => network.Dispose();
}
