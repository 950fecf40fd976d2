using Rewas.Conflict;
using Rewas.Curves;
using Rewas.Networks;
using Rewas.Studio;
using Rewas.Video;

namespace Rewas.Agent;

/// <summary>Makes one candidate: sound from the known energy, muxed under the untouched picture, with the sidecar that makes the same samples again.</summary>
static class CandidateMaking
{
    /// <summary>:: Step 1: the sound, into a file of samples. :: Step 2: the video with it. :: Step 3: how it was made. :: Step 4: how good it is.</summary>
    public static async Task<Candidate> MakeAsync(
        AgentParts parts, Session session, SessionVideo video, SeenVideo seen, ConflictReport report, bool overridden, uint seed, Action<AgentEvent> emit, CancellationToken cancel)
    {
        // :: Step 1
        var number = session.Candidates.Count + 1;
        var file = $"sound-{number}{Muxer.EndingsFor(video.Facts).FirstOrDefault(".mp4")}";
        var order = new SoundFileOrder
        {
            Video = video.Path,
            Facts = video.Facts,
            Output = Path.Combine(session.Folder, file),
            Prompt = report.Prompt,
            Seed = seed,
            EnergySource = Sidecar.PictureAsSource,
            Energy = seen.Known,
            Edits = [.. video.Edits],
            Conflict = new(report.Verdict.ToString().ToLowerInvariant(), report.Score, report.Abstained, overridden),
        };
        Muxer.ThrowUnlessHeld(video.Facts, order.Output);
        if (Muxer.LeftOut(video.Facts, order.Output) is { } leftOut)
            emit(new AgentEvent.Text($"\n[{leftOut}]\n"));
        emit(new AgentEvent.Progress("generating", 0));
        await using var layers = new SoundLayers();
        var made = await SoundMaking.MakeAsync(parts.Client, order, layers, judge: null, new DirectProgress(part => emit(new AgentEvent.Progress("generating", part))), cancel);
        var sound = made.Candidates[0].Sound;

        // :: Step 2
        await Muxer.MuxAsync(video.Path, video.Facts, sound.Sound, order.Output, cancel);

        // :: Step 3: names as the user has them, no paths of this machine
        var sidecar = await Sidecar.OfAsync(order, made.Result, sound.Sha256, finish: null, cancel);
        var candidate = new Candidate(number, file, report.Prompt, seed, order.Edits)
        {
            Video = video.Number,
            Bytes = new FileInfo(order.Output).Length,
            Recordings = [.. (sidecar.Recordings ?? []).Select(recording => $"{recording.Caption} by {recording.Author}")],
        };
        await File.WriteAllTextAsync(Path.Combine(session.Folder, candidate.Sidecar), (sidecar with { Output = file, Video = sidecar.Video with { File = video.Name } }).ToJson(), cancel);

        // :: Step 4
        var curve = EnergyCurve.Of([.. made.Result.Energy]);
        return candidate with
        {
            Follows = Math.Round(CandidateJudge.Follows(sound.Sound, curve, new ClipTiming()), 3),
            Scores = parts.Judge?.Value.Score(sound.Sound, curve, report.Prompt, cancel),
        };
    }
}
