using Rewas.Clip;

namespace Rewas.Trainer.Data;

/// <summary>
/// Masks stretches of time and bands of frequency in training, so that no single trait of a recording decides (SpecAugment, Park et al.,
/// 2019).
/// </summary>
static class SpectrogramMask
{
    const int Masks = 2, LongestMask = 64, WidestMask = 12;

    /// <summary>Sets two stretches and two bands of each clip's log mel to its mean.</summary>
    public static TrainingClip[] Of(IEnumerable<TrainingClip> clips, Random random) =>
        [.. clips.Select(clip => clip with { LogMel = Masked(clip.LogMel, random) })];

    static float[] Masked(float[] logMel, Random random)
    {
        var (result, mean) = ((float[])logMel.Clone(), logMel.Average());
        for (var i = 0; i < Masks; i++)
        {
            var (frames, first) = (random.Next(LongestMask), random.Next(ClipTiming.MelFramesPerWindow - LongestMask));
            result.AsSpan(first * ClipTiming.MelBins, frames * ClipTiming.MelBins).Fill(mean);
            var (bins, low) = (random.Next(WidestMask), random.Next(ClipTiming.MelBins - WidestMask));
            for (var frame = 0; frame < ClipTiming.MelFramesPerWindow; frame++)
                result.AsSpan(frame * ClipTiming.MelBins + low, bins).Fill(mean);
        }
        return result;
    }
}
