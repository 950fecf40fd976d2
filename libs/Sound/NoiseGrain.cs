using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.Sound;

/// <summary>
/// How the log mel of white noise fluctuates round its mean. A mel decoder blurs this grain away in rain, fire and surf. The tables belong
/// to <see cref="MelSpectrogram"/>. The wide upper bins average more of the spectrum and fluctuate less.
/// </summary>
public static class NoiseGrain
{
    /// <summary>Mean log mel of white noise with deviation 1, [64].</summary>
    public static readonly IReadOnlyList<float> Mean =
    [
        0.0474f, 0.0482f, 0.0487f, 0.0511f, 0.0507f, 0.0501f, 0.0498f, 0.0503f,
        0.0497f, 0.0516f, 0.0509f, 0.0511f, 0.0523f, 0.0524f, 0.0512f, 0.0527f,
        0.0510f, 0.0516f, 0.0527f, 0.0491f, 0.0508f, 0.0536f, 0.0445f, 0.0736f,
        0.0466f, 0.0627f, 0.0689f, 0.0669f, 0.0600f, 0.0762f, 0.0667f, 0.0715f,
        0.0720f, 0.0776f, 0.0760f, 0.0757f, 0.0819f, 0.0775f, 0.0806f, 0.0830f,
        0.0819f, 0.0843f, 0.0857f, 0.0865f, 0.0872f, 0.0896f, 0.0885f, 0.0909f,
        0.0900f, 0.0902f, 0.0937f, 0.0933f, 0.0936f, 0.0936f, 0.0943f, 0.0941f,
        0.0951f, 0.0941f, 0.0962f, 0.0979f, 0.0970f, 0.0967f, 0.0977f, 0.0984f,
    ];

    /// <summary>Root mean square change from one frame to the next, nepers, [64].</summary>
    public static readonly IReadOnlyList<float> Change =
    [
        0.2519f, 0.2512f, 0.2503f, 0.2487f, 0.2485f, 0.2473f, 0.2474f, 0.2470f,
        0.2451f, 0.2451f, 0.2450f, 0.2446f, 0.2432f, 0.2442f, 0.2439f, 0.2431f,
        0.2433f, 0.2433f, 0.2436f, 0.2450f, 0.2436f, 0.2387f, 0.2357f, 0.2290f,
        0.2250f, 0.2190f, 0.2145f, 0.2087f, 0.2042f, 0.1990f, 0.1953f, 0.1895f,
        0.1850f, 0.1804f, 0.1769f, 0.1723f, 0.1677f, 0.1640f, 0.1604f, 0.1564f,
        0.1526f, 0.1488f, 0.1455f, 0.1417f, 0.1385f, 0.1350f, 0.1322f, 0.1287f,
        0.1258f, 0.1229f, 0.1201f, 0.1172f, 0.1141f, 0.1111f, 0.1090f, 0.1061f,
        0.1038f, 0.1015f, 0.0991f, 0.0967f, 0.0942f, 0.0921f, 0.0898f, 0.0876f,
    ];

    static readonly float[] Means = [.. Mean];

    /// <summary>The grain of a noise: its log mel minus the mean of each bin.</summary>
    /// <param name="noise">White noise of deviation 1 at 16 kHz, at least 433 samples.</param>
    /// <returns>[FramesIn(noise.Length), 64], nepers.</returns>
    public static float[] Of(ReadOnlySpan<float> noise)
    {
        var grain = MelSpectrogram.LogMel(noise);
        for (var frame = 0; frame < grain.Length; frame += ClipTiming.MelBins)
            TensorPrimitives.Subtract(grain.AsSpan(frame, ClipTiming.MelBins), Means, grain.AsSpan(frame, ClipTiming.MelBins));
        return grain;
    }
}
