using System.Numerics.Tensors;
using Rewas.Sound.Curves;

namespace Rewas.Library.Measuring;

/// <summary>
/// A coarse energy curve: 10 values per second, in nepers, each averaged over about 0.3 s. It compares a recording with a picture's curve.
/// </summary>
sealed class EnergyCourse
{
    public const int ValuesPerSecond = 10;

    // Frames between two values, and frames averaged on each side of a value.
    const int Step = EnergyCurve.ValuesPerSecond / ValuesPerSecond, Reach = Step;

    /// <summary>Values this far below the loudest count as silence, nepers (43 dB).</summary>
    const float Range = 5;

    /// <summary>A rise followed by a fall, both at least this large, is a beat, nepers (6 dB).</summary>
    const float BeatHeight = 0.7f;

    readonly float[] values;

    EnergyCourse(float[] values)
    {
        this.values = values;
        var loudest = TensorPrimitives.Max<float>(values);
        TensorPrimitives.Subtract(values, loudest, values);
        TensorPrimitives.Max(values, -Range, values);
        BeatsPerSecond = (double)Beats() * ValuesPerSecond / values.Length;
    }

    /// <summary>Nepers relative to the loudest, from -5 to 0. At least one value.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>Beats: how often the energy rises by 6 dB and falls again.</summary>
    public double BeatsPerSecond { get; }

    /// <param name="energy">Mean log mel, 100 values per second, at least one.</param>
    public static EnergyCourse OfRecording(ReadOnlySpan<float> energy)
    {
        var values = new float[(energy.Length + Step - 1) / Step];
        for (var i = 0; i < values.Length; i++)
        {
            var middle = Math.Min(i * Step + Step / 2, energy.Length - 1);
            values[i] = TensorPrimitives.Average(
                energy[Math.Max(0, middle - Reach - Step / 2)..Math.Min(energy.Length, middle + Reach + Step / 2)]);
        }
        return new(values);
    }

    /// <summary>Uses a picture's curve, which is already smooth.</summary>
    public static EnergyCourse OfCurve(EnergyCurve curve)
    {
        var values = new float[(curve.Count + Step - 1) / Step];
        for (var i = 0; i < values.Length; i++)
            values[i] = TensorPrimitives.Average(curve.Values[(i * Step)..Math.Min(curve.Count, (i + 1) * Step)]);
        return new(values);
    }

    /// <summary>One byte for each value, for the index.</summary>
    public byte[] ToBytes() => Array.ConvertAll(values, value => (byte)Math.Round((value + Range) / Range * byte.MaxValue));

    /// <param name="bytes">From <see cref="ToBytes"/>, at least one.</param>
    public static EnergyCourse OfBytes(byte[] bytes) => new(Array.ConvertAll(bytes, value => value * Range / byte.MaxValue - Range));

    /// <summary>
    /// Counts maxima that rise by <see cref="BeatHeight"/> from the lowest value before and fall as far after. Silence counts as the value
    /// before the start.
    /// </summary>
    int Beats()
    {
        var (beats, low, high, rising) = (0, -Range, float.NegativeInfinity, false);
        foreach (var value in values)
        {
            if (!rising)
            {
                low = Math.Min(low, value);
                if (value - low < BeatHeight)
                    continue;
                (rising, high) = (true, value);
                beats++;
            }
            high = Math.Max(high, value);
            if (value <= high - BeatHeight)
                (rising, low) = (false, value);
        }
        return beats;
    }
}
