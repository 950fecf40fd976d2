using Rewas.Agent.Sessions;
using Rewas.PromptCheck;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;
using ConflictReport = Rewas.PromptCheck.ConflictReport;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Agent.Tools;

/// <summary>
/// Makes one candidate: sound from the known energy, muxed with the unchanged picture, and a sidecar that reproduces its samples.
/// </summary>
static class CandidateMaking
{
    /// <summary>:: Step 1: make the video with its sound, and the sidecar. :: Step 2: score it. :: Step 3: store both files.</summary>
    public static async Task<Candidate> MakeAsync(
        AgentParts parts,
        Session session,
        SessionVideo video,
        SeenVideo seen,
        ConflictReport report,
        bool overridden,
        uint seed,
        Action<AgentEvent> emit,
        CancellationToken cancel)
    {
        // :: Step 1
        var number = session.Candidates.Count + 1;
        var name = $"sound-{number}{Muxer.EndingsFor(video.Facts).FirstOrDefault(".mp4")}";
        var files = new SoundFiles(Path.Combine(session.Folder, name)) { Name = name };
        var clip = new VideoClip(video.Path, video.Facts) { Name = video.Name, Known = seen.Known };
        var order = new SoundOrder
        {
            Options = new() { Prompt = report.Prompt, Seed = seed },
            Edits = { video.Edits.Select(edit => edit.ToMessage()) },
            References = session.Recordings.ToMessage(),
            Finish = video.Stereo.ToMessage(),
        };
        if (SoundMaker.ThrowUnlessHeld(clip, files) is { } leftOut)
            emit(new AgentEvent.Text($"\n[{leftOut}]\n"));
        await using var room = session.Files is { } kept
            ? await kept.ReserveAsync(files.MostBytes(new FileInfo(video.Path).Length, video.Facts.Duration), cancel)
            : null;
        emit(new AgentEvent.Progress("generating", 0));
        await using var layers = new SoundLayers { AreHeard = true };
        var making = new FileMaking
        {
            Conflict = new(report.Verdict.ToString().ToLowerInvariant(), report.Score, report.Abstained, overridden),
            Layers = layers,
        };
        var made = await parts.Maker.MakeFileAsync(
            order, clip, files, making, new DirectProgress(part => emit(new AgentEvent.Progress("generating", part))), cancel);

        foreach (var line in made.Sidecar.Guard?.Lines() ?? [])
            emit(new AgentEvent.Text($"\n[{line}]\n"));

        // :: Step 2
        var (sound, curve) = (layers.First!.Sound, EnergyCurve.Of([.. made.Result.Energy]));
        var candidate = new Candidate(number, name, report.Prompt, (uint)made.Sidecar.Seed, [.. video.Edits])
        {
            Video = video.Number,
            Bytes = new FileInfo(files.Output).Length,
            Recordings = made.Sidecar.References is { } own
                ? [.. own.Recordings.Select(recording => recording.Name)]
                : [.. (made.Sidecar.Recordings ?? []).Select(recording => $"{recording.Caption} by {recording.Author}")],
            Pieces = made.Sidecar.References is { } used
                ? [.. used.Candidates[0].Pieces.Select(piece => new CandidatePiece(
                    piece.Id, used.Recordings[piece.Recording].Name, piece.AtSeconds, piece.Seconds))]
                : [],
            Follows = Math.Round(CandidateJudge.Follows(sound, curve, new ClipTiming()), 3),
            Scores = parts.Judge?.Value.Score(sound, curve, report.Prompt, cancel),
        };

        // :: Step 3
        if (room is not null)
            await room.KeepAsync(session.Folder, candidate, cancel);
        return candidate;
    }
}
