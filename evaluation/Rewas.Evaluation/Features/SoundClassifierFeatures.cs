using Rewas.Audio;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Evaluation;

/// <summary>
/// A sound encoder with labels, over the platform's own log mel: its scores are both what sounds are compared by and, as a softmax, the probabilities. A clip is heard
/// window by window, the last one filled up with silence, and what is heard is averaged.
/// </summary>
public sealed class SoundClassifierFeatures(string name, OnnxNetwork network) : IFeatureNetwork
{
    public string Name => name;

    public SoundFeatures Of(ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        var windows = Math.Max(1, (samples.Length + ClipTiming.SamplesPerWindow - 1) / ClipTiming.SamplesPerWindow);
        var padded = new float[windows * ClipTiming.SamplesPerWindow];
        samples.CopyTo(padded);
        Loudness.NormaliseForTraining(padded.AsSpan(0, samples.Length));
        var scores = network.Run([HostTensor.Of(MelSpectrogram.LogMel(padded), windows, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)], cancellation)[0];
        return new(Mean(scores), Mean(Softmax(scores)));
    }

    public void Dispose() => network.Dispose();

    /// <summary>[windows, C] unchanged.</summary>
    static HostTensor Softmax(HostTensor scores)
    {
        float[] probabilities = [.. scores.Floats.ToArray().Chunk((int)scores.Shape[1]).SelectMany(row =>
        {
            var powers = row.Select(score => Math.Exp(score - row.Max())).ToArray();
            return powers.Select(power => (float)(power / powers.Sum()));
        })];
        return HostTensor.Of(probabilities, scores.Shape);
    }

    /// <summary>[windows, N] to [N].</summary>
    static float[] Mean(HostTensor rows)
    {
        var mean = new float[rows.Shape[1]];
        var values = rows.Floats.Span;
        for (var i = 0; i < values.Length; i++)
            mean[i % mean.Length] += values[i] / rows.Shape[0];
        return mean;
    }
}
