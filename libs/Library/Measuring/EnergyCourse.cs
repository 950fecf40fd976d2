using System.Numerics.Tensors;
using Rewas.Sound.Curves;

namespace Rewas.Library.Measuring;

/// <summary>
/// How the energy of a sound goes, coarsely: 10 values a second, nepers, each the mean of some 0.3 s. A recording and a picture's curve are
/// compared by it.
/// </summary>
sealed class EnergyCourse
{
    public const int ValuesPerSecond = 10;

    // frames: from one value to the next, and on either side of a value
    const int Step = EnergyCurve.ValuesPerSecond / ValuesPerSecond, Reach = Step;

    /// <summary>What is softer counts as silence, nepers under the loudest: 43 dB.</summary>
    const float Range = 5;

    /// <summary>A swell between two falls of so much is a beat, nepers: 6 dB.</summary>
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

    /// <summary>Nepers under the loudest, from -5 to 0; at least one.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>How often it swells by 6 dB and falls again.</summary>
    public double BeatsPerSecond { get; }

    /// <param name="energy">Mean log mel, 100 values a second, at least one.</param>
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

    /// <summary>A picture's curve, which is smooth already.</summary>
    public static EnergyCourse OfCurve(EnergyCurve curve)
    {
        var values = new float[(curve.Count + Step - 1) / Step];
        for (var i = 0; i < values.Length; i++)
            values[i] = TensorPrimitives.Average(curve.Values[(i * Step)..Math.Min(curve.Count, (i + 1) * Step)]);
        return new(values);
    }

    /// <summary>A byte a value, for the index.</summary>
    public byte[] ToBytes() => Array.ConvertAll(values, value => (byte)Math.Round((value + Range) / Range * byte.MaxValue));

    /// <param name="bytes">As <see cref="ToBytes"/> gives them, at least one.</param>
    public static EnergyCourse OfBytes(byte[] bytes) => new(Array.ConvertAll(bytes, value => value * Range / byte.MaxValue - Range));

    /// <summary>
    /// Maxima that rise by <see cref="BeatHeight"/> over the lowest value before them and fall by as much after them. Before the sound
    /// there is silence.
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
