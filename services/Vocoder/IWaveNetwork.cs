using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>A vocoder on its weights: mel to samples in one call.</summary>
interface IWaveNetwork : IDisposable
{
    /// <summary>What runs it: "cpu" or "cuda".</summary>
    string Accelerator { get; }

    /// <summary>Loads its weights, which else happens when it first runs.</summary>
    void Load();

    /// <param name="logMel">[1, 64, T].</param>
    /// <param name="cancellation">Ends the call.</param>
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
