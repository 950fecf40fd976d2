using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound;
using Rewas.Sound.Mel;

namespace Rewas.Evaluation.Features;

/// <summary>Melception of SpecVQGAN. A clip is padded with silence, or cut, to the network's input length.</summary>
public sealed class MelceptionFeatures(string name, OnnxNetwork network) : IFeatureNetwork
{
    public string Name => name;

    public SoundFeatures Of(ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        var frames = (int)network.Definition.Inputs[0].Shape[2];
        var resampled = new Resampler(ClipTiming.SampleRate, MelceptionMelSpectrogram.SampleRate).Resample(samples);
        var padded = new float[frames * MelceptionMelSpectrogram.HopSamples];
        resampled.AsSpan(0, Math.Min(resampled.Length, padded.Length)).CopyTo(padded);
        var mel = MelceptionMelSpectrogram.Mel(padded);
        var input = new float[MelceptionMelSpectrogram.MelBins * frames];    // [80, frames]: bins first
        for (var frame = 0; frame < frames; frame++)
            for (var bin = 0; bin < MelceptionMelSpectrogram.MelBins; bin++)
                input[bin * frames + frame] = mel[frame * MelceptionMelSpectrogram.MelBins + bin];
        var outputs = network.Run([HostTensor.Of(input, 1, MelceptionMelSpectrogram.MelBins, frames)], cancellation);
        return new(outputs[1].Floats.ToArray(), outputs[0].Floats.ToArray());
    }

    public void Dispose() => network.Dispose();
}
