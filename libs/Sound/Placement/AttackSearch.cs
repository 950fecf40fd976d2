using System.Numerics.Tensors;

namespace Rewas.Sound.Placement;

/// <summary>Finds the attack of a sound with sample precision.</summary>
static class AttackSearch
{
    const int Block = 16;                                                    // samples: 1 ms at 16 kHz
    const float Share = 0.25f;                                               // of the following peak: where the sound is heard to begin
    const int ReachBack = 48, ReachOn = 48;                                  // blocks

    /// <summary>
    /// The sample near <paramref name="about"/> at which the wave first exceeds a quarter of the following peak, after the last 4 ms below
    /// it.
    /// </summary>
    /// <param name="wave">At 16 kHz.</param>
    /// <param name="about">Sample index.</param>
    public static int Refine(ReadOnlySpan<float> wave, int about)
    {
        const int QuietBlocks = 4;
        var first = Math.Max(0, about / Block - ReachBack);
        var end = Math.Min(wave.Length / Block, about / Block + ReachOn);
        if (end <= first)
            return Math.Clamp(about, 0, wave.Length);
        Span<float> peaks = stackalloc float[ReachBack + ReachOn + 1];
        peaks = peaks[..(end - first)];
        for (var i = 0; i < peaks.Length; i++)
            peaks[i] = Math.Abs(TensorPrimitives.MaxMagnitude(wave.Slice((first + i) * Block, Block)));
        var top = TensorPrimitives.IndexOfMax<float>(peaks);
        var level = peaks[top] * Share;
        var (rise, quiet) = (top, 0);
        for (var i = top; i >= 0 && quiet < QuietBlocks; i--)
        {
            quiet = peaks[i] < level ? quiet + 1 : 0;
            if (quiet == 0)
                rise = i;
        }
        var start = (first + rise) * Block;
        for (var i = start; i < start + Block; i++)
            if (Math.Abs(wave[i]) >= level)
                return i;
        return start;
    }
}
