using System.Numerics.Tensors;
using Rewas.Sound.Curves;

namespace Rewas.PromptCheck;

/// <summary>
/// Describes a sound's course in time, independent of level, by numbers that recordings of one label share. The dynamic detector compares
/// those of the video with those of recordings of the named source.
/// </summary>
public static class EnergyShape
{
    /// <summary>Names of the numbers, in order.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "active",              // share of the time within 20 dB of the loud level (95th percentile)
        "range",               // 95th minus 10th percentile, nepers
        "log events",          // ln(1 + events)
        "event rate",          // ln(1 + events per second)
        "roughness",           // mean |change| over 100 ms, nepers
        "attack",              // skewness of the change over 100 ms; positive if rises are shorter than falls
        "trend",               // mean of the last third minus that of the first, nepers
        "regularity",          // highest autocorrelation at 0.2 to 2 s
        "longest pause",       // longest time 20 dB below the loud level, as a share of the whole
    ];

    static readonly float Quiet = EnergyScale.OfDecibels(20);
    const int ChangeFrames = 10;

    /// <param name="energy">[T], 100 values per second.</param>
    public static float[] Of(ReadOnlySpan<float> energy)
    {
        var sorted = energy.ToArray();
        Array.Sort(sorted);
        float Percentile(double part) => sorted[(int)Math.Round(part * (sorted.Length - 1))];
        var loud = Percentile(0.95);
        var events = EnergyEvents.Find(energy).Count;
        var seconds = Math.Max(0.5, EnergyCurve.SecondsAt(energy.Length));
        var (roughness, attack) = Change(energy);
        var third = Math.Max(1, energy.Length / 3);
        return
        [
            (float)energy.ToArray().Count(value => value > loud - Quiet) / energy.Length,
            loud - Percentile(0.1),
            MathF.Log(1 + events),
            MathF.Log(1 + (float)(events / seconds)),
            roughness,
            attack,
            TensorPrimitives.Average<float>(energy[^third..]) - TensorPrimitives.Average<float>(energy[..third]),
            Regularity(energy),
            LongestPause(energy, loud - Quiet),
        ];
    }

    static (float Roughness, float Attack) Change(ReadOnlySpan<float> energy)
    {
        if (energy.Length <= ChangeFrames)
            return (0, 0);
        var change = new float[energy.Length - ChangeFrames];
        TensorPrimitives.Subtract(energy[ChangeFrames..], energy[..^ChangeFrames], change);
        var mean = change.Average();
        var deviation = Math.Sqrt(change.Average(c => (c - mean) * (c - mean)));
        var skewness = deviation < 1e-3 ? 0 : change.Average(c => Math.Pow((c - mean) / deviation, 3));
        return (change.Average(Math.Abs), (float)Math.Clamp(skewness, -5, 5));
    }

    static float Regularity(ReadOnlySpan<float> energy)
    {
        var centred = energy.ToArray();
        TensorPrimitives.Subtract(centred, TensorPrimitives.Average<float>(centred), centred);
        var power = TensorPrimitives.SumOfSquares<float>(centred);
        var highest = 0f;
        for (var lag = 20; power > 1e-3 && lag <= Math.Min(200, centred.Length / 2); lag += 2)
            highest = Math.Max(highest, TensorPrimitives.Dot<float>(centred.AsSpan(lag), centred.AsSpan(0, centred.Length - lag)) / power);
        return highest;
    }

    static float LongestPause(ReadOnlySpan<float> energy, float level)
    {
        var (longest, now) = (0, 0);
        foreach (var value in energy)
        {
            now = value < level ? now + 1 : 0;
            longest = Math.Max(longest, now);
        }
        return (float)longest / energy.Length;
    }
}
