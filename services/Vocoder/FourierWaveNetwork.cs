using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>
/// Vocos: the network predicts magnitudes and phases, and rounds of Fourier transforms on the CPU turn them into the wave.
/// </summary>
sealed class FourierWaveNetwork(Bundle bundle, string network, OnnxOptions options, VocosConfiguration configuration) : IWaveNetwork
{
    readonly OnnxNetwork spectrum = OnnxNetwork.Deferred(bundle, network, options, Vocos.DefineSpectrum(configuration));
    readonly LoadedOnce<SpectrumToWave> toWave = new(() => new(configuration));

    public string Accelerator => spectrum.Accelerator;

    public void Load()
    {
        spectrum.Load();
        _ = toWave.Value;
    }

    public HostTensor Run(HostTensor logMel, CancellationToken cancellation)
    {
        var said = spectrum.Run([logMel], cancellation);
        var samples = toWave.Value.Wave(logMel, said[0], said[1], cancellation);
        return HostTensor.Of(samples, 1, 1, samples.Length);
    }

    public void Dispose() => spectrum.Dispose();
}
