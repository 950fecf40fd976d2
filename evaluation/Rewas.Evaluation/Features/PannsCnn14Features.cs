using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound.Mel;

namespace Rewas.Evaluation.Features;

/// <summary>
/// CNN14 of PANNs. Its classes are not exclusive. As is usual for inception score and divergence (audioldm_eval), the softmax of its logits
/// serves as a distribution over them.
/// </summary>
public sealed class PannsCnn14Features(string name, OnnxNetwork network) : IFeatureNetwork
{
    const int LeastFrames = 32;                                              // halved five times
    const double LeastProbability = 1e-30, MostProbability = 1 - 6e-8;       // of a float32 sigmoid

    public string Name => name;

    public SoundFeatures Of(ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        var padded = new float[Math.Max(samples.Length, LeastFrames * ClipTiming.HopSamples)];
        samples.CopyTo(padded);
        var logMel = PannsMelSpectrogram.LogMel(padded);
        var input = HostTensor.Of(logMel, 1, logMel.Length / PannsMelSpectrogram.MelBins, PannsMelSpectrogram.MelBins);
        var outputs = network.Run([input], cancellation);
        return new(outputs[1].Floats.ToArray(), SoftmaxOfLogits(outputs[0].Floats.Span));
    }

    public void Dispose() => network.Dispose();

    static float[] SoftmaxOfLogits(ReadOnlySpan<float> probabilities)
    {
        var odds = new double[probabilities.Length];
        for (var i = 0; i < odds.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], LeastProbability, MostProbability);
            odds[i] = p / (1 - p);                                           // exp of the logit
        }
        var sum = odds.Sum();
        return [.. odds.Select(o => (float)(o / sum))];
    }
}
