using Rewas.Clip;

namespace Rewas.Rendering.Guards;

/// <summary>
/// Finds the hum of mains: tones at 50 or 60 Hz and their next three multiples, which stand out of their neighbours in almost every second.
/// The powers come from the recurrence of Goertzel (1958) under a Hann window.
/// </summary>
sealed class MainsHum
{
    const int Harmonics = 4;

    /// <summary>A bin is one hertz wide, and a Hann window's lobe reaches two to each side.</summary>
    const int Second = ClipTiming.SampleRate, Neighbour = 7;

    /// <summary>How far the tones stand out, and in which share of the seconds, and their least level.</summary>
    const double Decibels = 15, Lasting = 0.9, LeastPower = 1e-8;

    static readonly int[] Mains = [50, 60];
    static readonly float[] Hann = [.. Enumerable.Range(0, Second).Select(i => (float)(0.5 - 0.5 * Math.Cos(Math.Tau * i / Second)))];

    readonly float[] second = new float[Second];
    readonly int[] humming = new int[Mains.Length];
    int filled, seconds;

    public void Add(ReadOnlySpan<float> part)
    {
        while (part.Length > 0)
        {
            var count = Math.Min(part.Length, Second - filled);
            part[..count].CopyTo(second.AsSpan(filled));
            part = part[count..];
            filled += count;
            if (filled == Second)
                EndSecond();
        }
    }

    /// <returns>50 or 60; null for no hum, or less than one second of sound.</returns>
    public int? End()
    {
        var most = humming[0] >= humming[1] ? 0 : 1;
        return seconds > 0 && humming[most] >= Lasting * seconds ? Mains[most] : null;
    }

    void EndSecond()
    {
        (filled, seconds) = (0, seconds + 1);
        for (var i = 0; i < Mains.Length; i++)
        {
            var (tones, around) = (0.0, 0.0);
            for (var harmonic = 1; harmonic <= Harmonics; harmonic++)
            {
                var hertz = Mains[i] * harmonic;
                tones += Power(hertz);
                around += (Power(hertz - Neighbour) + Power(hertz + Neighbour)) / 2;
            }
            if (tones > LeastPower && tones > around * Math.Pow(10, Decibels / 10))
                humming[i]++;
        }
    }

    /// <summary>Power of one frequency in the second, relative to a sine of full scale.</summary>
    double Power(int hertz)
    {
        var turn = 2 * Math.Cos(Math.Tau * hertz / Second);
        var (before, last) = (0.0, 0.0);
        for (var i = 0; i < Second; i++)
            (before, last) = (last, second[i] * Hann[i] + turn * last - before);
        var amplitude = 4 * Math.Sqrt(Math.Max(0, last * last + before * before - turn * last * before)) / Second;
        return amplitude * amplitude;
    }
}
