namespace Rewas.Rendering.Takes;

/// <summary>A take of each candidate, to be laid over the sound.</summary>
/// <param name="First">First sample in the sound.</param>
/// <param name="Candidates">The samples of the region, of each candidate.</param>
/// <param name="FadesIn">Whether there is sound before it. At the start of the sound there is none to fade from.</param>
/// <param name="FadesOut">Whether there is sound after it.</param>
public sealed record MadeTake(long First, IReadOnlyList<float[]> Candidates, bool FadesIn, bool FadesOut)
{
    /// <summary>10 ms.</summary>
    const int MostFadeSamples = 160;

    /// <summary>
    /// 15 ms at either end stay as they were. A finished sound has another sample rate, and what resampling spreads must not leave the
    /// region.
    /// </summary>
    const int Margin = 240;

    /// <summary>Lays the take over a part of the sound.</summary>
    /// <param name="samples">Changed in place.</param>
    /// <param name="at">Position of the part in the sound.</param>
    /// <param name="candidate">From 0.</param>
    public void LayOver(Span<float> samples, long at, int candidate)
    {
        var take = Candidates[candidate];
        var fade = Math.Clamp((take.Length - 2 * Margin) / 4, 1, MostFadeSamples);
        var (from, to) = (Math.Max(0, First - at), Math.Min(samples.Length, First + take.Length - at));
        for (var i = from; i < to; i++)
        {
            var inTake = (int)(at + i - First);
            var share = Math.Min(Share(FadesIn, inTake, fade), Share(FadesOut, take.Length - 1 - inTake, fade));
            if (share == 0)
                continue;
            // The two are different noise, so their powers add up.
            var (own, other) = Math.SinCos(share * Math.PI / 2);
            samples[(int)i] = share >= 1 ? take[inTake] : (float)(own * take[inTake] + other * samples[(int)i]);
        }
    }

    /// <summary>Share of the take, 0 to 1, at a distance from an end of the region.</summary>
    static double Share(bool fades, int distance, int fade) =>
        fades && distance < Margin + fade ? Math.Max(0, (distance - Margin + 0.5) / fade) : 1;
}
