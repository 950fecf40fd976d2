using Rewas.Clip;

namespace Rewas.Rendering.Guards;

/// <summary>Measures silence, clipping, clicks and mains hum of a sound that comes in parts. Mono, 16 kHz.</summary>
public sealed class SignalMeter
{
    const float FullScale = 0.999f;
    const int Frame = ClipTiming.SampleRate / 50;                            // 20 ms
    const float SilencePeak = 0.001f;                                        // -60 dB

    /// <summary>
    /// A click is a bend of the wave, its second difference, of at least this much, many times the bends of the two milliseconds before
    /// and after it. An impact has strong bends after its first one, so it is none.
    /// </summary>
    const float LeastBend = 0.1f, Stands = 12;
    const int Near = ClipTiming.SampleRate / 500, Own = 3;

    readonly MainsHum hum = new();
    readonly float[] tail = new float[2 * (Near + Own) + 2];
    long samples, clipped, frames, silent, inFrame;
    float peak;
    int clicks, kept;

    public void Add(ReadOnlySpan<float> part)
    {
        hum.Add(part);
        foreach (var sample in part)
        {
            var magnitude = MathF.Abs(sample);
            samples++;
            if (magnitude >= FullScale)
                clipped++;
            peak = MathF.Max(peak, magnitude);
            if (++inFrame == Frame)
                EndFrame();
        }
        CountClicks(part);
    }

    public SignalFacts End()
    {
        if (inFrame > 0)
            EndFrame();
        return new(frames == 0 ? 1 : (double)silent / frames, samples == 0 ? 0 : (double)clipped / samples, clicks, hum.End());
    }

    void EndFrame()
    {
        frames++;
        if (peak < SilencePeak)
            silent++;
        (peak, inFrame) = (0, 0);
    }

    /// <summary>Looks at each bend that has its whole neighbourhood. The last samples wait for the next part.</summary>
    void CountClicks(ReadOnlySpan<float> part)
    {
        var wave = new float[kept + part.Length];
        tail.AsSpan(0, kept).CopyTo(wave);
        part.CopyTo(wave.AsSpan(kept));
        var bends = new float[Math.Max(0, wave.Length - 2)];
        for (var i = 0; i < bends.Length; i++)
            bends[i] = MathF.Abs(wave[i] - 2 * wave[i + 1] + wave[i + 2]);
        for (var i = Near + Own; i < bends.Length - Near - Own; i++)
        {
            var bend = bends[i];
            if (bend < LeastBend || bend < Largest(bends, i - Own, i + Own + 1))
                continue;
            var around = MathF.Max(Largest(bends, i - Own - Near, i - Own), Largest(bends, i + Own + 1, i + Own + 1 + Near));
            if (bend > Stands * around)
                clicks++;
        }
        kept = Math.Min(tail.Length, wave.Length);
        wave.AsSpan(wave.Length - kept).CopyTo(tail);
    }

    static float Largest(float[] values, int from, int to)
    {
        var most = 0f;
        for (var i = from; i < to; i++)
            most = MathF.Max(most, values[i]);
        return most;
    }
}
