using System.Globalization;
using Rewas.Audio;
using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.Bench;

/// <summary>
/// Quality against work. The reference is the deterministic solution that many steps of DDIM approach, from the same noise; the distance is the mean
/// absolute difference of the log mels. Energies are compared too: the correlation of the curves of the two mels.
/// </summary>
static class QualityBenchmark
{
    static readonly (string Sampler, string[] Spacings)[] Samplers =
    [
        (SamplerNames.Ddim, [SamplerNames.Uniform, SamplerNames.Trailing]),
        (SamplerNames.DpmSolver, [SamplerNames.Uniform, SamplerNames.Trailing, SamplerNames.LogSnr, SamplerNames.Karras]),
        (SamplerNames.UniPc, [SamplerNames.Uniform, SamplerNames.Trailing, SamplerNames.LogSnr, SamplerNames.Karras]),
    ];

    public static IEnumerable<string> Run(Bundle bundle, int threads, string precision, int clips, int[] stepCounts, int referenceSteps)
    {
        using var sampling = new Sampling(bundle, threads, rows: Math.Max(3, 2 * clips), precision);
        var reference = Mels(sampling, SamplerNames.Ddim, SamplerNames.Uniform, referenceSteps, clips);
        yield return $"Distance of the log mel to {referenceSteps} steps of DDIM (eta 0) from the same noise, mean of {clips} clips; correlation of energies:";
        yield return "";
        yield return "| sampler | spacing | steps | log-mel distance | energy correlation |";
        yield return "|---|---|---|---|---|";
        yield return Row(sampling, SamplerNames.Ddim, SamplerNames.Uniform, 200, reference);
        foreach (var (sampler, spacings) in Samplers)
            foreach (var spacing in spacings)
                foreach (var steps in stepCounts)
                    yield return Row(sampling, sampler, spacing, steps, reference);
    }

    static string Row(Sampling sampling, string sampler, string spacing, int steps, float[][] reference)
    {
        var mels = Mels(sampling, sampler, spacing, steps, reference.Length);
        var distance = mels.Zip(reference, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average()).Average();
        var correlation = mels.Zip(reference, (a, b) => Correlation.Pearson(Energy.OfLogMel(a), Energy.OfLogMel(b))).Average();
        return string.Create(CultureInfo.InvariantCulture, $"| {sampler} | {spacing} | {steps} | {distance:F4} | {correlation:F5} |");
    }

    static float[][] Mels(Sampling sampling, string sampler, string spacing, int steps, int clips) =>
        Task.WhenAll(Enumerable.Range(0, clips).Select(clip => Task.Run(() => sampling.MelAsync(sampling.Request(sampler, spacing, steps, clip), clip)))).Result;
}
