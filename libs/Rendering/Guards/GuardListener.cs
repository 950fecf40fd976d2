using System.Numerics.Tensors;
using Rewas.Clip;

namespace Rewas.Rendering.Guards;

/// <summary>Listens to one sound that comes in parts. Each window of 5.12 s is heard as soon as it is whole.</summary>
public sealed class GuardListener
{
    /// <summary>Below this peak, a window has nothing to hear (-60 dB of full scale).</summary>
    const float SilencePeak = 0.001f;

    readonly IVoiceHearing? hearing;
    readonly SignalMeter signal = new();
    readonly float[] window = new float[ClipTiming.SamplesPerWindow];
    readonly List<HeardPart> heard = [];
    int filled;
    long windows;

    internal GuardListener(IVoiceHearing? hearing) => this.hearing = hearing;

    /// <param name="part">The next samples, mono, 16 kHz.</param>
    public void Add(ReadOnlySpan<float> part, CancellationToken cancellation)
    {
        signal.Add(part);
        while (part.Length > 0)
        {
            var count = Math.Min(part.Length, window.Length - filled);
            part[..count].CopyTo(window.AsSpan(filled));
            part = part[count..];
            filled += count;
            if (filled == window.Length)
                HearWindow(cancellation);
        }
    }

    /// <summary>Hears the rest, and reports.</summary>
    public GuardReport End(CancellationToken cancellation)
    {
        if (filled > 0)
            HearWindow(cancellation);
        return new(hearing?.Name, heard.OrderBy(part => part.From).ToList(), signal.End());
    }

    void HearWindow(CancellationToken cancellation)
    {
        var from = (double)windows * ClipTiming.SamplesPerWindow / ClipTiming.SampleRate;
        var to = from + (double)filled / ClipTiming.SampleRate;
        var samples = window.AsSpan(0, filled);
        (filled, windows) = (0, windows + 1);
        if (hearing is null || MathF.Abs(TensorPrimitives.MaxMagnitude<float>(samples)) < SilencePeak)
            return;
        foreach (var (kind, score) in HeardKinds.All.Zip(hearing.Scores(samples, cancellation)))
            if (score > 0)
                Note(new(kind, Rounded(from), Rounded(to), Math.Round(score, 3)));
    }

    /// <summary>Adds a part, or lengthens the part of the window before it.</summary>
    void Note(HeardPart part)
    {
        var before = heard.FindLastIndex(other => other.Kind == part.Kind);
        if (before >= 0 && heard[before].To >= part.From)
            heard[before] = heard[before] with { To = part.To, Score = Math.Max(heard[before].Score, part.Score) };
        else
            heard.Add(part);
    }

    static double Rounded(double seconds) => Math.Round(seconds, 2);
}
