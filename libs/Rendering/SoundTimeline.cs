using System.Text.Json;
using System.Text.Json.Nodes;
using Rewas.Rendering.References;
using Rewas.Rendering.Timelines;
using Rewas.Sound.Placement;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>A layer of a sound as a file.</summary>
/// <param name="Start">First sample by the file's own clock: since midnight in a broadcast file, else 0.</param>
/// <param name="Samples">Of each channel.</param>
public sealed record TimelineStem(string Name, string Path, int SampleRate, long Samples, long Start = 0);

/// <summary>
/// The timeline of a made sound: the film, each stem on its track, and each placed piece of a user's own recordings as a clip of that file.
/// The stems are heard; the pieces lie on tracks that are not, to be used in their place.
/// </summary>
public static class SoundTimeline
{
    const string CutName = "cut", OnsetName = "onset", CutColour = "RED", OnsetColour = "GREEN";

    /// <param name="clip">The video. One that stands for no picture is not on the timeline.</param>
    /// <param name="stems">The layers of the mix.</param>
    /// <param name="original">What became of the video's own sound.</param>
    /// <param name="sidecar">How the sound was made.</param>
    public static Timeline Of(
        string name, VideoClip clip, IReadOnlyList<TimelineStem> stems, OriginalSoundChoice original, Sidecar sidecar)
    {
        var facts = clip.Facts;
        var start = facts.Timecode ?? new(0, facts.Rate);
        TimelineTrack[] film = clip.IsBlank ? [] : [new("film", TimelineKind.Video, [Film(clip, start)])];
        // Ducked sound is lowered under the new one, which a timeline cannot say, so it is not heard.
        TimelineTrack[] own = clip.IsBlank || !facts.HasAudio || original == OriginalSoundChoice.Replace ? []
            : [new("original", TimelineKind.Audio, [Film(clip, start)]) { IsEnabled = original == OriginalSoundChoice.Keep }];
        return new(name, start)
        {
            Tracks = [.. film, .. stems.Select(stem => Track(stem, sidecar)), .. own, .. Pieces(sidecar)],
            Markers = MarkersOf(sidecar, facts.Rate),
            Notes = NotesOf(sidecar),
        };
    }

    /// <summary>The whole video.</summary>
    static TimelineClip Film(VideoClip clip, Timecode start)
    {
        var whole = new TimelineRange(new(start.Frame, start.Rate), new(clip.Facts.Frames, start.Rate));
        var name = Path.GetFileName(clip.MadeOf ?? clip.Name);
        return new()
        {
            Name = name,
            Media = clip.MadeOf ?? clip.Path,
            FileName = name,
            Available = whole,
            Source = whole,
            At = new(0, start.Rate),
        };
    }

    static TimelineTrack Track(TimelineStem stem, Sidecar sidecar)
    {
        var whole = new TimelineRange(
            TimelineTime.OfSamples(stem.Start, stem.SampleRate), TimelineTime.OfSamples(stem.Samples, stem.SampleRate));
        return new(stem.Name, TimelineKind.Audio, [new()
        {
            Name = Path.GetFileName(stem.Path),
            Media = stem.Path,
            Available = whole,
            Source = whole,
            At = TimelineTime.OfSamples(0, stem.SampleRate),
            Comment = stem.Name == "environment" ? sidecar.Environment?.Prompt ?? "" : sidecar.Prompt,
            Notes = new() { ["prompt"] = stem.Name == "environment" ? sidecar.Environment?.Prompt : sidecar.Prompt },
        }]);
    }

    /// <summary>The pieces of the first candidate, on as many tracks as sound at once.</summary>
    static IEnumerable<TimelineTrack> Pieces(Sidecar sidecar)
    {
        if (sidecar.References is not { } references)
            return [];
        var chosen = sidecar.Candidates is [var best, ..] ? best.Candidate : 0;
        var pieces = references.Candidates.FirstOrDefault(candidate => candidate.Candidate == chosen)?.Pieces ?? [];
        TimelineClip[] clips = [.. pieces.Select(piece => Clip(piece, references.Recordings[piece.Recording]))];
        return TimelineLanes.Of("pieces", TimelineKind.Audio, clips).Select(track => track with { IsEnabled = false });
    }

    /// <summary>
    /// A piece as a clip. Its duration is that on the track; at another speed than its own it takes more or less of the recording, which
    /// its notes say to the sample.
    /// </summary>
    static TimelineClip Clip(PieceUsed piece, ReferenceUsed recording) => new()
    {
        Name = recording.Name,
        Media = recording.File ?? recording.Name,
        Available = new(
            TimelineTime.OfSamples(0, recording.SampleRate), TimelineTime.OfSamples(recording.Samples, recording.SampleRate)),
        Source = new(
            TimelineTime.OfSamples(piece.SourceStart, recording.SampleRate),
            TimelineTime.OfSamples((long)Math.Round(piece.Seconds * recording.SampleRate), recording.SampleRate)),
        At = TimelineTime.OfSamples((long)Math.Round(piece.AtSeconds * recording.SampleRate), recording.SampleRate),
        GainDecibels = Math.Round(20 * Math.Log10(Math.Max(piece.Gain, 1e-6f)), 3),
        FadeInSeconds = piece.FadeInSeconds,
        FadeOutSeconds = piece.FadeOutSeconds,
        Speed = piece.SpeedPercent / 100.0,
        Notes = JsonSerializer.SerializeToNode(piece, JsonSerializerOptions.Web)!.AsObject(),
    };

    /// <summary>The cuts of the picture and the steep rises of the energy.</summary>
    static IReadOnlyList<TimelineMarker> MarkersOf(Sidecar sidecar, FrameRate rate)
    {
        var cuts = (sidecar.Cuts ?? []).Select(seconds => Marker(CutName, seconds, CutColour));
        var onsets = CurveAttacks.In(sidecar.Energy.ToCurve()).Select(seconds => Marker(OnsetName, seconds, OnsetColour));
        return [.. cuts.Concat(onsets).OrderBy(marker => marker.Range.Start.Value)];

        TimelineMarker Marker(string name, double seconds, string colour) =>
            new(name, new(new(rate.FrameAt(TimeSpan.FromSeconds(seconds)), rate), new(0, rate)), colour);
    }

    static JsonObject NotesOf(Sidecar sidecar) => new()
    {
        ["prompt"] = sidecar.Prompt,
        ["seed"] = sidecar.Seed,
        ["sidecar"] = JsonNode.Parse(sidecar.ToJson()),
    };
}
