using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>Properties of a recording for placement, measured at 16 kHz.</summary>
sealed class RecordingAnalysis
{
    const int LeastFrames = UnitGrid.Length + 1;                             // shorter recordings are padded with silence
    const float EventRange = 3.5f;                                           // nepers below the loudest event; softer peaks are no events
    const float LeastFall = 2;                                               // nepers before the next rise; less is no separate sound
    const float TailDepth = 5;                                               // nepers below the peak at which a tail ends
    const float ActiveRange = 2;                                             // nepers below the loudest frame
    const double LongestOneShot = 2.5;                                       // seconds
    const double OneShotShare = 0.7;                                         // share of the loud frames
    const int PreRoll = 48;                                                  // samples: 3 ms

    public RecordingAnalysis(RecordedSamples recording)
    {
        Recording = recording;
        Wave = recording.ForAnalysis();
        var padded = Wave.Length >= LeastFrames * Frames.Hop ? Wave : [.. Wave, .. new float[LeastFrames * Frames.Hop - Wave.Length]];
        LogMel = MelSpectrogram.LogMel(padded);
        Energy = Frames.Smooth(Rewas.Sound.Energy.OfLogMel(LogMel), reach: 1);
        Smooth = Frames.Smooth(Energy, reach: 2);
        var rises = CurveRise.FindSteep(Energy);
        Attacks = rises.ConvertAll(rise => AttackSearch.Refine(Wave, (int)(rise.Frame * Frames.Hop)));
        Attacks.Sort();
        Events = FindEvents(rises);
        IsOneShots = Events.Count > 0 && LoudShareOfEvents() >= OneShotShare;
    }

    public RecordedSamples Recording { get; }

    /// <summary>Mono, 16 kHz.</summary>
    public float[] Wave { get; }

    /// <summary>[frames, 64], natural logarithm.</summary>
    public float[] LogMel { get; }

    /// <summary>Mean log mel of each frame over 30 ms.</summary>
    public float[] Energy { get; }

    /// <summary>Mean log mel of each frame over 70 ms.</summary>
    public float[] Smooth { get; }

    /// <summary>Samples of all attacks, ascending.</summary>
    public List<int> Attacks { get; }

    /// <summary>Separate sounds, in time order.</summary>
    public IReadOnlyList<SoundEvent> Events { get; }

    /// <summary>
    /// Whether the recording consists of separate sounds (steps, hits, barks) and not of a continuous one (rain, an engine).
    /// </summary>
    public bool IsOneShots { get; }

    /// <summary>Whether the recording is too short for a sound that goes on.</summary>
    public bool IsShort => Wave.Length <= LongestOneShot * ClipTiming.SampleRate;

    /// <summary>Converts a sample at 16 kHz to the recording's rate.</summary>
    public long OwnSample(double sample) =>
        Math.Clamp((long)Math.Round(sample * Recording.SampleRate / ClipTiming.SampleRate), 0, Recording.Length);

    /// <summary>The attack sample nearest to a time, or null if none is in reach. Both in seconds.</summary>
    public int? NearestAttack(double seconds, double reach)
    {
        int? nearest = null;
        foreach (var attack in Attacks)
            if (Math.Abs((double)attack / ClipTiming.SampleRate - seconds) is var distance && distance <= reach)
                (nearest, reach) = (attack, distance);
        return nearest;
    }

    List<SoundEvent> FindEvents(List<CurveRise> rises)
    {
        rises = [.. rises];
        var loudest = rises.Count > 0 ? rises.Max(rise => rise.Peak) : 0;
        rises.RemoveAll(rise => rise.Peak < loudest - EventRange);
        var attacks = rises.ConvertAll(rise => AttackSearch.Refine(Wave, (int)(rise.Frame * Frames.Hop)));
        var events = new List<SoundEvent>();
        for (var i = 0; i < rises.Count; i++)
        {
            var from = Math.Min((int)rises[i].Frame, Energy.Length - 1);
            var next = i + 1 < rises.Count ? Math.Min((int)rises[i + 1].Frame, Energy.Length) : Energy.Length;
            if (next <= from || (events.Count > 0 && attacks[i] <= events[^1].Attack))
                continue;
            var peak = from + TensorPrimitives.IndexOfMax(Energy.AsSpan(from..Math.Min(next, from + 12)));
            var low = TensorPrimitives.Min(Energy.AsSpan(peak..next));
            var fall = Energy[peak] - low;
            if (fall < LeastFall)
                continue;
            var tail = peak;
            while (tail < next && Energy[tail] > Energy[peak] - TailDepth)
                tail++;
            var end = i + 1 < rises.Count ? Math.Min(attacks[i + 1] - PreRoll, Wave.Length) : Wave.Length;
            var tailEnd = Math.Min(end, (tail + 1) * Frames.Hop);
            if (tailEnd > attacks[i])
                events.Add(new(StartOf(attacks[i], rises[i]), attacks[i], tailEnd, end, peak, Energy[peak], fall));
        }
        return events;
    }

    /// <summary>Start of a sound. A swelling sound starts before its attack.</summary>
    int StartOf(int attack, CurveRise rise)
    {
        const int Smeared = 4, Longest = 30;                                 // frames by which an attack smears backwards; longest swell
        const float Falling = 0.1f, Range = 3; // nepers: least fall per frame backwards; lowest level below the peak
        var low = Math.Clamp(attack / Frames.Hop - Smeared, 0, Energy.Length - 1);
        var earliest = Math.Max(0, low - Longest);
        while (low > earliest && Energy[low] > rise.Peak - Range && Energy[low - 1] < Energy[low] - Falling)
            low--;
        return Math.Clamp((low + Smeared) * Frames.Hop - PreRoll, 0, Math.Max(0, attack - PreRoll));
    }

    /// <summary>Share of the loud frames that belong to short separate sounds.</summary>
    double LoudShareOfEvents()
    {
        var threshold = TensorPrimitives.Max<float>(Energy) - ActiveRange;
        var (loud, inEvents) = (0, 0);
        for (var frame = 0; frame < Energy.Length; frame++)
        {
            if (Energy[frame] < threshold)
                continue;
            loud++;
            foreach (var sound in Events)
                if (frame * Frames.Hop >= sound.Start - 4 * Frames.Hop
                    && frame * Frames.Hop < Math.Min(sound.TailEnd, sound.Start + LongestOneShot * ClipTiming.SampleRate))
                {
                    inEvents++;
                    break;
                }
        }
        return (double)inEvents / loud;
    }
}
