using System.ComponentModel;
using System.Text.Json;
using Microsoft.SemanticKernel;
using Rewas.Agent.Models;
using Rewas.Agent.Sessions;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.PromptCheck;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Agent.Tools;

/// <summary>
/// The agent's abilities, as kernel functions over one session. Arguments come from a language model and are checked like any untrusted
/// input. The order (look, check, then generate) is enforced here.
/// </summary>
public sealed class SoundTools(Session session, AgentParts parts, Action<AgentEvent> emit)
{
    const int MostAtOnce = 4;

    [KernelFunction("session_state"),
    Description("What the session holds: videos, the current prompt, curve edits, the last report, candidates.")]
    public string State() => Answer(new
    {
        videos = session.Videos.Select(v => new { v.Number, v.Name, seconds = v.Facts.Duration.TotalSeconds }),
        current = session.Current?.Number ?? 0,
        prompt = session.Current?.Prompt,
        edits = session.Current?.Edits.Select(edit => edit.ToString()),
        stereo = session.Current?.Stereo,
        report = session.Current is { Prompt: { } prompt } video && video.Reports.TryGetValue(prompt, out var known)
            ? new { known.Report.Verdict, known.Report.Suggestions, blocks = known.Report.Blocks }
            : null,
        candidates = session.Candidates.Select(c => new { c.Number, c.Video, c.Prompt, c.Seed, c.File, c.Follows, c.Seconds }),
        recordings = session.Recordings.All.Select(recording => recording.Name),
        usesRecordings = session.Recordings.AreUsed,
    });

    [KernelFunction("describe_video"), Description("A caption of the video: what moves and when, and what it is, if that is known.")]
    public async Task<string> DescribeVideoAsync(
        [Description("number of the video, 0 for the current one")] int video = 0, CancellationToken cancel = default)
    {
        var chosen = session.Video(video);
        session.Current = chosen;
        var seen = await SeenAsync(chosen, cancel);
        await ModelCaptionAsync(chosen, seen, cancel);
        var caption = new Captioner(parts.Statistics).Describe(seen);
        return Answer(new
        {
            caption.Text,
            caption.By,
            caption.Confidence,
            caption.Abstained,
            caption.Concept,
            caption.Label,
            caption.Course,
            caption.Events,
            caption.Cuts,
            model = chosen.ModelCaption,
        });
    }

    [KernelFunction("predict_energy"),
    Description("The energy that the picture promises: duration, range and the times of its events, after the edits so far.")]
    public async Task<string> PredictEnergyAsync(CancellationToken cancel = default)
    {
        var video = session.Video();
        var curve = (await SeenAsync(video, cancel)).Energy.Apply(video.Edits, cancel);
        return Answer(new
        {
            seconds = curve.DurationSeconds,
            events = EnergyEvents.Find(curve.Values).Select(e => Math.Round(e.Seconds, 2)),
            edits = video.Edits.Select(edit => edit.ToString()),
        });
    }

    [KernelFunction("draft_prompt"), Description("Drafts a prompt for the sound from the user's words and the caption.")]
    public async Task<string> DraftPromptAsync(
        [Description("what the user wants to hear; may be empty")] string words = "", CancellationToken cancel = default)
    {
        var video = session.Video();
        var prompt = PromptDraft.Of(words, new Captioner(parts.Statistics).Describe(await SeenAsync(video, cancel)));
        if (prompt.Length > 0)
            video.Prompt = prompt;
        return Answer(new { prompt });
    }

    [KernelFunction("check_conflict"),
    Description("Checks a prompt against the current video. Must come before generate_sound, with the same prompt.")]
    public async Task<string> CheckConflictAsync([Description("the prompt")] string prompt, CancellationToken cancel = default) =>
        Answer(await CheckAsync(session.Video(), prompt, cancel));

    [KernelFunction("edit_energy"),
    Description(
        "Changes the energy curve: 'gain 1.2s..2s=-12dB', 'mute 1s..2s', 'shift +80ms', 'remove-event 2.7s'. Or 'undo' or 'reset'.")]
    public async Task<string> EditEnergyAsync([Description("one edit")] string edit, CancellationToken cancel = default)
    {
        var video = session.Video();
        var seen = await SeenAsync(video, cancel);
        if (edit.Trim() is "reset")
            video.Edits.Clear();
        else if (edit.Trim() is "undo")
            video.Edits.RemoveRange(Math.Max(0, video.Edits.Count - 1), Math.Min(1, video.Edits.Count));
        else
        {
            var parsed = await EditText.ParseAsync(
                edit.Trim(), name => throw InputFault.Invalid("edit", $"must not name a file ('{name}'): the agent reads no files"));
            seen.Energy.Apply([.. video.Edits, parsed], cancel);              // throws before the edits change
            video.Edits.Add(parsed);
        }
        return Answer(new { edits = video.Edits.Select(e => e.ToString()) });
    }

    [KernelFunction("use_curve"), Description("Takes over the curve edits of another video of the session, by its number.")]
    public async Task<string> UseCurveAsync(
        [Description("number of the video whose edits to use")] int video, CancellationToken cancel = default)
    {
        var (from, to) = (session.Video(video), session.Video());
        CurveEdit[] edits = [.. from.Edits];
        (await SeenAsync(to, cancel)).Energy.Apply(edits, cancel);
        to.Edits.Clear();
        to.Edits.AddRange(edits);
        return Answer(new { edits = edits.Select(edit => edit.ToString()) });
    }

    [KernelFunction("set_stereo"), Description("How the next sounds of the current video lie in stereo. 0 and an empty place: mono.")]
    public string SetStereo(
        [Description("width of sound in mono, 0 to 1")] double width = 0,
        [Description("'picture' for where the picture moves, or from -1 (left) to 1 (right); empty for the centre")] string pan = "")
    {
        var wish = new StereoWish(width, pan.Trim());
        OrderCheck.ThrowIfWrong(wish.ToMessage() ?? new());
        session.Video().Stereo = wish;
        return Answer(new { wish.Width, wish.Pan });
    }

    [KernelFunction("use_recordings"),
    Description(
        "Places the next sounds from the user's own recordings, or from the user's library if no recordings were sent. Or stops that.")]
    public string UseRecordings([Description("true to use them, false to generate without them")] bool use = true)
    {
        if (use && session.Recordings.All.Count == 0 && parts.Library is null)
            throw InputFault.Precondition("recordings", "none were sent, and there is no library");
        session.Recordings.AreUsed = use;
        return Answer(new { used = use, recordings = session.Recordings.All.Select(recording => recording.Name) });
    }

    [KernelFunction("ban_piece"),
    Description("Does not place the piece of a recording again that sounds at a time of the last sound of the current video.")]
    public string BanPiece([Description("seconds from the start of the video")] double seconds)
    {
        var last = session.Candidates.FindLast(candidate => candidate.Video == session.Video().Number);
        if (last is not { Pieces.Count: > 0 })
            throw InputFault.Precondition("piece", "the last sound was not placed from recordings");
        var piece = last.Pieces.Where(piece => seconds >= piece.At - 0.1 && seconds < piece.At + piece.Seconds)
            .MinBy(piece => Math.Abs(piece.At - seconds))
            ?? throw InputFault.NotFound("seconds", FormattableString.Invariant($"no piece sounds at {seconds:0.##} s"));
        session.Recordings.Ban(piece.Id);
        return Answer(new { piece = piece.Id, piece.Recording, at = Math.Round(piece.At, 2), prompt = last.Prompt, last.Seed });
    }

    [KernelFunction("generate_sound"),
    Description(
        "Makes sound for the current video. Refuses a prompt that check_conflict has not seen, and one that "
        + "conflicts unless the user has said to go on anyway.")]
    public async Task<string> GenerateSoundAsync(
        [Description("the prompt, exactly as it was checked")] string prompt,
        [Description("how many candidates, 1 to 4")] int count = 1,
        [Description("seed of the first, 0 to 4294967295; -1 for the next one")] long seed = -1,
        CancellationToken cancel = default)
    {
        var video = session.Video();
        var first = FirstSeed(video.Number, prompt, count, seed);
        if (!video.Reports.TryGetValue(prompt, out var known))
            throw InputFault.Precondition("prompt", "must be checked first, by check_conflict with exactly this prompt");
        var overridden = known.Report.Blocks && (known.Overridden || UserOverride.IsGiven(session, known));
        if (known.Report.Blocks && !overridden)
            throw InputFault.Precondition("prompt", "conflicts with the picture; the user must say to make it anyway, or choose another");
        video.Reports[prompt] = known with { Overridden = overridden };
        var made = new List<Candidate>();
        for (var i = 0; i < count; i++)
        {
            made.Add(await CandidateMaking.MakeAsync(
                parts, session, video, await SeenAsync(video, cancel), known.Report, overridden, (uint)(first + i), emit, cancel));
            session.Candidates.Add(made[^1]);
            emit(new AgentEvent.Made(made[^1]));
        }
        return Answer(new
        {
            overridden,
            candidates = made.Select(c => new { c.Number, c.File, c.Seed, c.Follows, score = c.Scores?.Total, c.Recordings }),
        });
    }

    [KernelFunction("generate_without_video"),
    Description("Makes sound without a picture, from a prompt and a length. There is no picture to check the prompt against.")]
    public async Task<string> GenerateWithoutVideoAsync(
        [Description("what to hear")] string prompt,
        [Description("length, s")] double seconds,
        [Description("how many candidates, 1 to 4")] int count = 1,
        [Description("seed of the first, 0 to 4294967295; -1 for the next one")] long seed = -1,
        CancellationToken cancel = default)
    {
        OrderCheck.ThrowIfWrong(prompt);
        var first = FirstSeed(SoundAlone.NoVideo, prompt, count, seed);
        var made = new List<Candidate>();
        for (var i = 0; i < count; i++)
        {
            made.Add(await SoundAlone.MakeAsync(parts, session, prompt, seconds, (uint)(first + i), emit, cancel));
            session.Candidates.Add(made[^1]);
            emit(new AgentEvent.Made(made[^1]));
        }
        return Answer(new { candidates = made.Select(c => new { c.Number, c.File, c.Seed, c.Recordings }) });
    }

    /// <summary>The seed of the first of some new candidates: the given one, or one after those that were used.</summary>
    /// <exception cref="InputFault">A number is out of range, or the session is full.</exception>
    long FirstSeed(int video, string prompt, int count, long seed)
    {
        InputFault.ThrowUnlessInRange("count", count, 1, MostAtOnce);
        InputFault.ThrowUnlessInRange("seed", seed, -1, OrderTable.Seed.Maximum!.Value - MostAtOnce);
        if (session.Candidates.Count + count > parts.Options.MaxCandidates)
            throw InputFault.Exhausted("count", $"at most {parts.Options.MaxCandidates} candidates are kept in a session (MaxCandidates)");
        return seed >= 0
            ? seed
            : session.Candidates.Where(c => c.Video == video && c.Prompt == prompt).Select(c => (long)c.Seed + 1).DefaultIfEmpty(0).Max();
    }

    [KernelFunction("rank_candidates"),
    Description(
        "The candidates of the current video, the best first: by score where sounds can be scored, else by how closely their energy "
        + "follows the curve. The answer says which.")]
    public string RankCandidates()
    {
        var candidates = session.Candidates.Where(c => c.Video == session.Video().Number);
        if (parts.Judge is null)
            return Answer(new
            {
                by = "follows",
                candidates = candidates.OrderByDescending(c => c.Follows)
                    .Select(c => new { c.Number, c.File, c.Prompt, c.Seed, c.Follows }),
            });
        return Answer(new
        {
            by = "score",
            candidates = candidates.OrderByDescending(c => c.Scores!.Total)
                .Select(c =>
                    new
                    {
                        c.Number,
                        c.File,
                        c.Prompt,
                        c.Seed,
                        c.Follows,
                        score = Math.Round(c.Scores!.Total, 3),
                        c.Scores.Similarity,
                        c.Scores.EnergyError,
                        c.Scores.OnsetAgreement,
                        c.Scores.Clipping,
                        c.Scores.Hum,
                    }),
        });
    }

    [KernelFunction("export"),
    Description("Hands a candidate to the user, by its number; their program fetches the file. Nothing is written anywhere else.")]
    public string Export([Description("number of the candidate, 0 for the last")] int candidate = 0)
    {
        var chosen = candidate == 0 ? session.Candidates.LastOrDefault() : session.Candidates.Find(c => c.Number == candidate);
        if (chosen is null)
            throw InputFault.NotFound("candidate", $"there is no number {candidate}; this session has made {session.Candidates.Count}");
        emit(new AgentEvent.Made(chosen));
        return Answer(new { chosen.Number, chosen.File });
    }

    /// <summary>Checks a prompt, remembers the report and sends it.</summary>
    public async Task<ConflictReport> CheckAsync(SessionVideo video, string prompt, CancellationToken cancel)
    {
        OrderCheck.ThrowIfWrong(prompt);
        var seen = await SeenAsync(video, cancel);
        var report = new ConflictCheck(parts.Statistics).Check(seen, prompt);
        if (await OpinionAsync(video, seen, report, cancel) is { } opinion)
            report = opinion.JoinTo(report, parts.Statistics);
        // A prompt that was checked before keeps its turn. Asking again must not undo an override.
        video.Keep(
            prompt, video.Reports.TryGetValue(prompt, out var before) ? before with { Report = report } : new(report, session.Turns));
        video.Prompt = prompt;
        emit(new AgentEvent.Checked(report));
        return report;
    }

    /// <summary>The first look runs the first two stages. Later looks cost nothing.</summary>
    public async Task<SeenVideo> SeenAsync(SessionVideo video, CancellationToken cancel)
    {
        if (video.Seen is { } seen)
            return seen;
        emit(new AgentEvent.Progress("looking", 0));
        var looking = new DirectProgress(p => emit(new AgentEvent.Progress("looking", p)));
        seen = await SeenVideo.LookAsync(parts.Client, VideoSource.FromFile(video.Path), video.Path, video.Facts, looking, cancel);
        if (parts.Clip is { } clip)
            seen = seen with { Clip = await clip.Value.LookAsync(video.Path, video.Facts, seen, cancel) };
        return video.Seen = seen;
    }

    async Task<ModelCaption?> ModelCaptionAsync(SessionVideo video, SeenVideo seen, CancellationToken cancel) =>
        video.ModelCaption ??= await parts.Model.CaptionAsync(video, seen, cancel);

    /// <summary>
    /// The language model's opinion of a prompt. It is compared with the model's own caption or, if it takes no pictures, with another
    /// caption that names something. Null without a model or a caption.
    /// </summary>
    async Task<SecondOpinion?> OpinionAsync(SessionVideo video, SeenVideo seen, ConflictReport report, CancellationToken cancel)
    {
        if (!parts.Model.IsConfigured)
            return null;
        var own = await ModelCaptionAsync(video, seen, cancel);
        if (own is null && report.Caption.Abstained)
            return null;
        var (caption, by, confidence) = own is not null
            ? (own.Text, own.By, own.Confidence)
            : (report.Caption.Text, report.Caption.By, report.Caption.Confidence);
        return await parts.Model.CompareAsync(report.Prompt, caption, cancel) is { } mentions
            ? new(parts.Model.Name, caption, by, confidence, mentions)
            : null;
    }

    static string Answer(object value) => JsonSerializer.Serialize(value, FunctionJson.Options);
}

/// <summary>Reports the stages' progress immediately and in order.</summary>
sealed class DirectProgress(Action<double> tell) : IProgress<GenerateProgress>
{
    public void Report(GenerateProgress value)
    {
        if (value is GenerateProgress.EnergyPredicted energy)
            tell((energy.Window + 1.0) / Math.Max(1, energy.Windows));
        else if (value is GenerateProgress.Sampled sampled)
            tell((sampled.Window + (double)sampled.Step / sampled.Steps) / Math.Max(1, sampled.Windows));
    }
}
