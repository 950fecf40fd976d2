using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.Sound.Placement;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering.References;

/// <summary>A caller's own recordings, placed under a curve.</summary>
/// <param name="recordings">Disposed with this.</param>
/// <param name="pieces">The pieces of each candidate.</param>
/// <param name="used">The same for the sidecar.</param>
public sealed class PlacedReferences(
    ReferenceRecordings recordings, IReadOnlyList<IReadOnlyList<PlacedPiece>> pieces, ReferencesUsed used) : IDisposable
{
    public ReferencesUsed Used => used;

    /// <summary>Highest rate of the recordings, Hz.</summary>
    public int SampleRate => recordings.SampleRate;

    /// <summary>1 or 2.</summary>
    public int Channels => recordings.Channels;

    /// <summary>Places recordings under a curve, each candidate with other takes.</summary>
    /// <param name="order">Its seed, candidates, bans and pins are used.</param>
    /// <param name="curve">The curve with its edits.</param>
    /// <param name="unedited">
    /// The curve before the edits. Where it has separate sounds, they stay separate, so that an edit does not place everything anew.
    /// </param>
    /// <exception cref="InputFault">A ban or pin names no given recording, or the placement is too large.</exception>
    public static PlacedReferences Place(
        ReferenceRecordings recordings, SoundOrder order, ReadOnlySpan<float> curve, ReadOnlySpan<float> unedited,
        CancellationToken cancellation)
    {
        var placement = recordings.Measure(cancellation);
        var whole = new PlacementOptions { KeepShortWhole = true };
        var options = whole with
        {
            Separate = order.Edits.Count > 0 && placement.AreSeparate(unedited, whole, cancellation) ? true : null,
            Banned = Choices(order.References.Banned, "ban", recordings),
            Pinned = Choices(order.References.Pinned, "pin", recordings),
        };
        var pieces = new List<IReadOnlyList<PlacedPiece>>();
        for (var candidate = 0u; candidate < Math.Max(1, order.Options.Candidates); candidate++)
            pieces.Add(placement.Place(
                curve, options with { Seed = (uint)order.Options.Seed ^ candidate * 0x9E3779B9 }, cancellation));
        return new(recordings, pieces, ReferencesUsed.Of(recordings, pieces));
    }

    /// <summary>Takes the pieces of a sidecar.</summary>
    /// <exception cref="InputFault">They do not fit the recordings.</exception>
    public static PlacedReferences Of(ReferencesUsed given, ReferenceRecordings recordings, int candidates)
    {
        var pieces = PieceCheck.Checked(given, recordings.All, candidates);
        return new(recordings, pieces, ReferencesUsed.Of(recordings, pieces));
    }

    /// <summary>Renders a candidate at the recordings' own rate and channels.</summary>
    /// <param name="duration">Length of the picture. The sound is as long, to the sample.</param>
    /// <returns>Number of clipped samples.</returns>
    public Task<long> WriteAsync(int candidate, TimeSpan duration, WaveSink sink, CancellationToken cancellation) =>
        PlacedSound.WriteAsync(
            pieces[candidate], recordings.Samples, SampleRate, Channels, SoundMix.FramesFor(duration, SampleRate), sink, cancellation);

    /// <summary>Renders a candidate in mono at 16 kHz, to be heard early and to be judged.</summary>
    public Task WritePreviewAsync(int candidate, TimeSpan duration, WaveSink sink, CancellationToken cancellation) =>
        PlacedSound.WriteAsync(
            pieces[candidate], recordings.Samples, Clip.ClipTiming.SampleRate, 1,
            SoundMix.FramesFor(duration, Clip.ClipTiming.SampleRate), sink, cancellation);

    /// <summary>The sound from which sampling starts.</summary>
    public StartMel Start
    {
        get
        {
            PlacedMel[] mels = [.. pieces.Select(placed => new PlacedMel(placed, recordings.Samples))];
            return (window, candidate) => mels[candidate].Window(window);
        }
    }

    public void Dispose() => recordings.Dispose();

    static List<PieceChoice> Choices(IEnumerable<string> ids, string field, ReferenceRecordings recordings) =>
        [.. ids.Select(text =>
        {
            var id = PieceId.Parse(text, field);
            var recording = recordings.All.ToList().FindIndex(
                recording => recording.Sha256.StartsWith(id.Sha256, StringComparison.Ordinal));
            return recording >= 0
                ? new PieceChoice(recording, id.SourceStart, id.SourceLength, id.Position, id.SpeedPercent)
                : throw InputFault.Invalid(field, $"'{text}' is of none of the given recordings");
        })];
}
