using Rewas.Clip.Faults;

namespace Rewas.Clip;

/// <summary>
/// The control of a sound. It arrives in parts of 512 frames and is read by windows that start anywhere. Past the end of the sound or of a
/// window's scene, the last energy and texture continue without onsets. Only the newest frames are kept.
/// </summary>
/// <param name="frames">Frames of the whole sound. Null: unknown until the end.</param>
public sealed class ControlTimeline(long? frames)
{
    readonly List<float> energy = [], onsets = [], texture = [];
    readonly List<List<float>> starts = [];                                  // log mel of each candidate
    readonly List<long> cuts = [];                                           // first frames of the scenes after the first
    long first, received;

    /// <summary>Frames of the whole sound, once known.</summary>
    public long? Frames { get; private set; } = frames;

    /// <summary>Energy of the frames that have come and are kept; so are the following.</summary>
    public IReadOnlyList<float> Energy => energy;

    /// <summary>Empty where none came.</summary>
    public IReadOnlyList<float> Onsets => onsets;

    /// <summary>Five numbers a frame; empty where none came.</summary>
    public IReadOnlyList<float> Texture => texture;

    /// <summary>Frames with which a scene after the first begins, in order.</summary>
    public IReadOnlyList<long> Cuts => cuts;

    /// <summary>Whether a window's frames have all come, as far as they lie inside its scene and the sound.</summary>
    public bool Covers(long start) =>
        received >= Math.Min(start + ClipTiming.MelFramesPerWindow, CutAfter(start) ?? Frames ?? long.MaxValue);

    /// <summary>First frame of the next scene after a frame; null if none has come.</summary>
    public long? CutAfter(long frame)
    {
        var place = cuts.BinarySearch(frame + 1);
        var next = place < 0 ? ~place : place;
        return next < cuts.Count ? cuts[next] : null;
    }

    /// <summary>Whether a window's scene continues after it; null if unknown so far.</summary>
    public bool? GoesOnAfter(long start)
    {
        var end = start + ClipTiming.MelFramesPerWindow;
        if (CutAfter(start) <= end || (Frames <= end && received >= Frames))
            return false;
        return received > end ? true : null;
    }

    /// <param name="next">The next 512 frames, with the inputs of the request's control.</param>
    /// <exception cref="InputFault">The cuts are out of order or too close to each other.</exception>
    public void Add(WindowControl next)
    {
        foreach (var cut in next.Cuts)
        {
            if (cut < 0 || cut >= next.Energy.Length || received + cut - cuts.LastOrDefault() < ClipTiming.ShortestScene)
                throw InputFault.Invalid(
                    "cuts",
                    $"must be frames of their window, 0 to {next.Energy.Length - 1}, " +
                    $"at least {ClipTiming.ShortestScene} after the one before and the start, but {cut} came");
            if (!(received + cut >= Frames))
                cuts.Add(received + cut);
        }
        if (received > 0 && ((next.Onsets is null) != (onsets.Count == 0) || (next.Texture is null) != (texture.Count == 0)))
            throw InputFault.Invalid("energy", "must have onsets and texture in all windows or in none");
        if (received > 0 && next.Starts.Count != starts.Count)
            throw InputFault.Invalid("start", "must be in all windows or in none, for the same number of candidates");
        var wanted = (int)Math.Min(next.Energy.Length, (Frames ?? long.MaxValue) - received);
        if (wanted <= 0)
            return;
        energy.AddRange(next.Energy.AsSpan(0, wanted));
        onsets.AddRange((next.Onsets ?? []).AsSpan(0, next.Onsets is null ? 0 : wanted));
        texture.AddRange((next.Texture ?? []).AsSpan(0, next.Texture is null ? 0 : wanted * ControlDescriptors.TextureNumbers));
        if (received == 0)
            starts.AddRange(next.Starts.Select(_ => new List<float>()));
        for (var candidate = 0; candidate < starts.Count; candidate++)
            starts[candidate].AddRange(next.Starts[candidate].AsSpan(0, wanted * ClipTiming.MelBins));
        received += wanted;
    }

    /// <summary>Marks the end of the sound.</summary>
    /// <exception cref="InputFault">The sound is shorter than stated.</exception>
    public void End()
    {
        if (received < Frames)
            throw InputFault.Invalid("energy", $"must come for all {Frames} frames, but ended after {received}");
        Frames = received;
    }

    /// <summary>The same sound under another energy.</summary>
    /// <param name="changed">As long as this.</param>
    public ControlTimeline WithEnergy(ReadOnlySpan<float> changed)
    {
        var timeline = new ControlTimeline(Frames) { received = received, first = first };
        timeline.energy.AddRange(changed);
        timeline.onsets.AddRange(onsets);
        timeline.texture.AddRange(texture);
        timeline.cuts.AddRange(cuts);
        return timeline;
    }

    /// <summary>The control of a window.</summary>
    /// <param name="start">Its first frame, not before <see cref="DropBefore"/>.</param>
    /// <param name="overCuts">The window goes on over cuts, and tells them, as on the wire. False: it ends with its scene.</param>
    public WindowControl Window(long start, bool overCuts = false)
    {
        const int Length = ClipTiming.MelFramesPerWindow, Numbers = ControlDescriptors.TextureNumbers;
        var offset = (int)(start - first);
        var end = (int)Math.Min(energy.Count, (overCuts ? null : CutAfter(start)) - first ?? long.MaxValue);
        return new(
            [.. Enumerable.Range(offset, Length).Select(i => energy[Math.Min(i, end - 1)])],
            onsets.Count == 0 ? null : [.. Enumerable.Range(offset, Length).Select(i => i < end ? onsets[i] : 0)],
            texture.Count == 0 ? null
                : [.. Enumerable.Range(offset * Numbers, Length * Numbers).Select(i =>
                texture[i < end * Numbers ? i : (end - 1) * Numbers + i % Numbers])])
        {
            Starts = [.. starts.Select(mel => Part(mel, offset, end))],
            Cuts = overCuts ? [.. cuts.Select(cut => cut - start).Where(cut => cut is >= 0 and < Length).Select(cut => (int)cut)] : [],
        };
    }

    /// <summary>512 frames of a mel. After the end, the last frame repeats.</summary>
    static float[] Part(List<float> mel, int offset, int end)
    {
        const int Bins = ClipTiming.MelBins;
        var part = new float[ClipTiming.MelFramesPerWindow * Bins];
        for (var frame = 0; frame < ClipTiming.MelFramesPerWindow; frame++)
            mel.CopyTo(Math.Min(offset + frame, end - 1) * Bins, part, frame * Bins, Bins);
        return part;
    }

    /// <summary>Drops frames that no later window needs.</summary>
    public void DropBefore(long frame)
    {
        var count = (int)Math.Min(frame - first, energy.Count - 1);          // the last value may be needed
        if (count <= 0)
            return;
        energy.RemoveRange(0, count);
        onsets.RemoveRange(0, Math.Min(count, onsets.Count));
        texture.RemoveRange(0, Math.Min(count * ControlDescriptors.TextureNumbers, texture.Count));
        foreach (var mel in starts)
            mel.RemoveRange(0, count * ClipTiming.MelBins);
        first += count;
    }
}
