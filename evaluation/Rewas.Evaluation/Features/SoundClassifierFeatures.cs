using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Evaluation.Features;

/// <summary>
/// A sound encoder with labels, on the platform's own log mel. Its scores are the features and, after a softmax, the probabilities. A clip
/// is processed window by window, with the last one padded with silence, and the results are averaged.
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
        var mels = HostTensor.Of(MelSpectrogram.LogMel(padded), windows, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins);
        var scores = network.Run([mels], cancellation)[0];
        return new(Mean(scores), Mean(Softmax(scores)));
    }

    public void Dispose() => network.Dispose();

    /// <summary>Softmax of each row, [windows, C].</summary>
    static HostTensor Softmax(HostTensor scores)
    {
        float[] probabilities = [.. scores.Floats.ToArray().Chunk((int)scores.Shape[1]).SelectMany(row =>
        {
            var powers = row.Select(score => Math.Exp(score - row.Max())).ToArray();
            return powers.Select(power => (float)(power / powers.Sum()));
        })];
        return HostTensor.Of(probabilities, scores.Shape);
    }

    /// <summary>Mean over the windows, [windows, N] to [N].</summary>
    static float[] Mean(HostTensor rows)
    {
        var mean = new float[rows.Shape[1]];
        var values = rows.Floats.Span;
        for (var i = 0; i < values.Length; i++)
            mean[i % mean.Length] += values[i] / rows.Shape[0];
        return mean;
    }
}
