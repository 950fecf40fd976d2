using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// What controls a sound, as it comes, 512 frames at a time, and as windows want it, which start anywhere. Past the end the last energy and texture stay and nothing
/// sets in, nor past the end of a window's scene. Holds the newest frames only.
/// </summary>
/// <param name="frames">Frames of the whole sound; null: as many as come.</param>
public sealed class ControlTimeline(long? frames)
{
    readonly List<float> energy = [], onsets = [], texture = [];
    readonly List<long> cuts = [];                                           // frames with which a scene after the first begins
    long first, received;

    /// <summary>Frames of the whole sound, as soon as that is known.</summary>
    public long? Frames { get; private set; } = frames;

    /// <summary>Whether a window's frames have all come, as far as they lie inside its scene and the sound.</summary>
    public bool Covers(long start) => received >= Math.Min(start + ClipTiming.MelFramesPerWindow, CutAfter(start) ?? Frames ?? long.MaxValue);

    /// <summary>The frame with which the scene after that of a frame begins; null if none has come.</summary>
    public long? CutAfter(long frame)
    {
        var place = cuts.BinarySearch(frame + 1);
        var next = place < 0 ? ~place : place;
        return next < cuts.Count ? cuts[next] : null;
    }

    /// <summary>Whether a window's scene goes on beyond it; null while that is not known.</summary>
    public bool? GoesOnAfter(long start)
    {
        var end = start + ClipTiming.MelFramesPerWindow;
        if (CutAfter(start) <= end || (Frames <= end && received >= Frames))
            return false;
        return received > end ? true : null;
    }

    /// <param name="next">The next 512 frames, with what the request's control needs.</param>
    /// <exception cref="InputFault">Its cuts are out of order or too near to each other.</exception>
    public void Add(WindowControl next)
    {
        foreach (var cut in next.Cuts)
        {
            if (cut < 0 || cut >= next.Energy.Length || received + cut - cuts.LastOrDefault() < ClipTiming.ShortestScene)
                throw InputFault.Invalid("cuts", $"must be frames of their window, 0 to {next.Energy.Length - 1}, at least {ClipTiming.ShortestScene} after the one before and the start, but {cut} came");
            if (!(received + cut >= Frames))
                cuts.Add(received + cut);
        }
        var wanted = (int)Math.Min(next.Energy.Length, (Frames ?? long.MaxValue) - received);
        if (wanted <= 0)
            return;
        energy.AddRange(next.Energy.AsSpan(0, wanted));
        onsets.AddRange((next.Onsets ?? []).AsSpan(0, next.Onsets is null ? 0 : wanted));
        texture.AddRange((next.Texture ?? []).AsSpan(0, next.Texture is null ? 0 : wanted * ControlDescriptors.TextureNumbers));
        received += wanted;
    }

    /// <summary>No more comes: what was received is the whole sound.</summary>
    /// <exception cref="InputFault">It is shorter than was said.</exception>
    public void End()
    {
        if (received < Frames)
            throw InputFault.Invalid("energy", $"must come for all {Frames} frames, but ended after {received}");
        Frames = received;
    }

    /// <summary>The control of a window.</summary>
    /// <param name="start">Its first frame, not before <see cref="DropBefore"/>.</param>
    public WindowControl Window(long start)
    {
        const int Length = ClipTiming.MelFramesPerWindow, Numbers = ControlDescriptors.TextureNumbers;
        var offset = (int)(start - first);
        var end = (int)Math.Min(energy.Count, (CutAfter(start) ?? long.MaxValue) - first);
        return new(
            [.. Enumerable.Range(offset, Length).Select(i => energy[Math.Min(i, end - 1)])],
            onsets.Count == 0 ? null : [.. Enumerable.Range(offset, Length).Select(i => i < end ? onsets[i] : 0)],
            texture.Count == 0 ? null : [.. Enumerable.Range(offset * Numbers, Length * Numbers).Select(i => texture[i < end * Numbers ? i : (end - 1) * Numbers + i % Numbers])]);
    }

    /// <summary>Forgets what no window to come needs.</summary>
    public void DropBefore(long frame)
    {
        var count = (int)Math.Min(frame - first, energy.Count - 1);          // the last value may have to stay
        if (count <= 0)
            return;
        energy.RemoveRange(0, count);
        onsets.RemoveRange(0, Math.Min(count, onsets.Count));
        texture.RemoveRange(0, Math.Min(count * ControlDescriptors.TextureNumbers, texture.Count));
        first += count;
    }
}
