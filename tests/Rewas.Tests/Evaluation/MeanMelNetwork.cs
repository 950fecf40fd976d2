using Rewas.Clip;
using Rewas.Evaluation.Features;
using Rewas.Sound.Mel;

namespace Rewas.Tests.Evaluation;

/// <summary>
/// Stands in for a trained network. The mean of each mel bin is the embedding. The loudest third of the bins is the class.
/// </summary>
sealed class MeanMelNetwork : IFeatureNetwork
{
    public string Name => "mean mel";

    public SoundFeatures Of(ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        var logMel = MelSpectrogram.LogMel(samples);
        var mean = Enumerable.Range(0, ClipTiming.MelBins)
            .Select(bin => Enumerable.Range(0, logMel.Length / 64).Average(frame => logMel[frame * 64 + bin]))
            .ToArray();
        var powers = mean.Chunk(22).Select(part => Math.Exp(part.Average())).ToArray();
        return new(mean, [.. powers.Select(power => (float)(power / powers.Sum()))]);
    }

    public void Dispose()
    {
    }
}
