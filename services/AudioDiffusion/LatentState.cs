using Rewas.AudioDiffusion.Samplers;

namespace Rewas.AudioDiffusion;

/// <summary>The latents that the steps of one window read and keep. Allocates nothing per step.</summary>
/// <param name="length">Number of values of a latent.</param>
sealed class LatentState(int length)
{
    readonly float[][] terms = Latents(StepSum.Terms, length), next = Latents(SamplerStep.Kept, length);

    public float[] this[StepTerm term] => terms[(int)term];

    /// <summary>Computes what is kept. Sums are in double precision.</summary>
    public void Advance(SamplerStep step)
    {
        for (var kept = 0; kept < SamplerStep.Kept; kept++)
            if (Changes(step, kept))
                Write(step[(StepTerm)kept], next[kept]);
        for (var kept = 0; kept < SamplerStep.Kept; kept++)
            if (Changes(step, kept))
                (terms[kept], next[kept]) = (next[kept], terms[kept]);
    }

    static bool Changes(SamplerStep step, int kept) => step[(StepTerm)kept] != StepSum.Of((StepTerm)kept);

    void Write(StepSum sum, Span<float> result)
    {
        const int Block = 512;
        Span<double> totals = stackalloc double[Block];
        for (var start = 0; start < result.Length; start += Block)
        {
            var part = totals[..Math.Min(Block, result.Length - start)];
            part.Clear();
            for (var term = 0; term < terms.Length; term++)
            {
                var weight = sum[(StepTerm)term];
                if (weight == 0)
                    continue;
                var values = terms[term].AsSpan(start, part.Length);
                for (var i = 0; i < part.Length; i++)
                    part[i] += weight * values[i];
            }
            for (var i = 0; i < part.Length; i++)
                result[start + i] = (float)part[i];
        }
    }

    static float[][] Latents(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new float[length])];
}
