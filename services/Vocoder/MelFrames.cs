using Rewas.Clip;

namespace Rewas.Vocoder;

/// <summary>The newest frames of a mel that arrives in parts.</summary>
public sealed class MelFrames
{
    float[] frames = [];                                                     // [Count - first, 64], with spare room
    long first;

    /// <summary>Number of frames received.</summary>
    public long Count { get; private set; }

    /// <param name="mel">[T, 64].</param>
    public void Add(ReadOnlySpan<float> mel)
    {
        var held = (int)(Count - first) * ClipTiming.MelBins;
        if (held + mel.Length > frames.Length)
            Array.Resize(ref frames, Math.Max(held + mel.Length, 2 * frames.Length));
        mel.CopyTo(frames.AsSpan(held));
        Count += mel.Length / ClipTiming.MelBins;
    }

    /// <summary>Drops all frames before this one.</summary>
    public void DropBefore(long frame)
    {
        var drop = Math.Min(frame, Count) - first;
        if (drop <= 0)
            return;
        frames.AsSpan((int)drop * ClipTiming.MelBins, (int)(Count - first - drop) * ClipTiming.MelBins).CopyTo(frames);
        first += drop;
    }

    /// <summary>Frames in the vocoder's layout, bins first: [1, 64, end - start].</summary>
    public HostTensor BinsFirst(long start, long end)
    {
        var count = (int)(end - start);
        var picture = new float[ClipTiming.MelBins * count];
        var source = frames.AsSpan((int)(start - first) * ClipTiming.MelBins, count * ClipTiming.MelBins);
        for (var frame = 0; frame < count; frame++)
            for (var bin = 0; bin < ClipTiming.MelBins; bin++)
                picture[bin * count + frame] = source[frame * ClipTiming.MelBins + bin];
        return HostTensor.Of(picture, 1, ClipTiming.MelBins, count);
    }
}
