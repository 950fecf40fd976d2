using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Agent.Models;
using Rewas.Clip.Names;
using Rewas.PromptCheck;
using Rewas.Text.Words;

namespace Rewas.Agent.Chat;

/// <summary>
/// A chat service without a language model. It understands <see cref="PlainRequest"/> and calls the same functions as a model. The same
/// words in the same session give the same answer.
/// </summary>
public sealed partial class OfflineChatService : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

    public async Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default)
    {
        var text = new System.Text.StringBuilder();
        await foreach (var words in GetStreamingChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken))
            text.Append(words.Content);
        return [new(AuthorRole.Assistant, text.ToString())];
    }

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var words = chatHistory.LastOrDefault(message => message.Role == AuthorRole.User)?.Content ?? "";
        await foreach (var text in AnswerAsync(words, new(kernel ?? throw new ArgumentNullException(nameof(kernel)), cancellationToken)))
            yield return new(AuthorRole.Assistant, text);
    }

    static async IAsyncEnumerable<string> AnswerAsync(string words, Functions call)
    {
        var state = await call.Async("session_state");
        var request = PlainRequest.Of(words);
        if ((int)state["current"]! == 0 && request is not (PlainRequest.SoundAlone or PlainRequest.More or PlainRequest.Export))
        {
            yield return "Send me a video first; then tell me what to hear. Or say \"make 6 seconds of rain\" for sound without a picture.";
            yield break;
        }
        var answer = request switch
        {
            PlainRequest.SoundAlone alone => AloneAsync(alone, call),
            PlainRequest.AddSound add => AddAsync(add.Words, call),
            PlainRequest.TakeSuggestion take => SuggestedAsync(take.Number, state, call),
            PlainRequest.GoOn => AgainAsync("I will make it.", state, call),
            PlainRequest.ChangeHit hit => HitAsync(hit, state, call),
            PlainRequest.ChangeCurve curve => EditAsync(curve.Edit, state, call),
            PlainRequest.ChangeLevel level => LevelAsync(level, state, call),
            PlainRequest.LeaveOut unwanted => LeaveOutAsync(unwanted.What, state, call),
            PlainRequest.InPart part => TellAsync(
                (part.Understood.Length > 0 ? $"I understand \"{part.Understood}\", but not \"{part.NotUnderstood}\"" :
                    $"I do not understand \"{part.NotUnderstood}\"")
                + ", so I have changed nothing. Shall I do only what I understand? Then say only that; or put the rest in other words."),
            PlainRequest.Unreadable unreadable => TellAsync(
                $"{unreadable.Why}. So I have made nothing. Can you say it in other words, or in English?"),
            PlainRequest.Question => TellAsync(
                "I cannot answer that. I can add sound, change it and compare it. Do you want me to add something? Then say, for instance, "
                + "\"add the sound of rain\"."),
            PlainRequest.AddWhat => TellAsync("What do you want to hear? Say, for instance: add the sound of a ball bouncing."),
            PlainRequest.Reword reword => RewordAsync(reword, state, call),
            PlainRequest.More more => MoreAsync(more, state, call),
            PlainRequest.UseLastCurve => LastCurveAsync(state, call),
            PlainRequest.UseRecordings recordings => RecordingsAsync(recordings.What, state, call),
            PlainRequest.Stereo stereo => StereoAsync(stereo, state, call),
            PlainRequest.NotThatOne unwanted => NotThatOneAsync(unwanted.Seconds, state, call),
            PlainRequest.TalkAbout video =>
                SayAsync(call.Async("describe_video", ("video", video.Video)), d => $"Now about video {video.Video}. {d["text"]}"),
            PlainRequest.Describe => SayAsync(call.Async("describe_video"), d => $"{d["text"]}"),
            PlainRequest.Rank => SayAsync(call.Async("rank_candidates"), r => r["candidates"]!.AsArray().Count == 0
                ? "There is nothing to rank yet."
                : $"Best first, by "
                    + ((string?)r["by"] == "score"
                        ? "score (likeness to the text, energy, onsets, clipping, hum): "
                        : "how closely the sound follows the picture: ")
                    + string.Join("; ", r["candidates"]!.AsArray().Select(c => $"number {c!["number"]} ({Figure(c[(string)r["by"]!])})"))),
            PlainRequest.Export export =>
                SayAsync(call.Async("export", ("candidate", export.Candidate)), e => $"Number {e["number"]} is yours: {e["file"]}."),
            PlainRequest.LeaveIt => SayAsync(Task.FromResult<JsonNode>(new JsonObject()), _ =>
                "Then I make nothing. Say \"make it anyway\" if you want it, or tell me what else to hear."),
            _ => SayAsync(Task.FromResult<JsonNode>(new JsonObject()), _ =>
                "I cannot do that. I can describe the video, add sound (\"add the sound of rain\"), check your words against the "
                + "picture, change the loudness (\"make the second hit louder\", \"mute 1 to 2 s\"), make it stereo (\"pan it with the "
                + "picture\"), reword (\"less crowd, more rain\"), make more (\"two more like the first\"), rank and export."),
        };
        await foreach (var text in answer)
            yield return text;
    }

    static async IAsyncEnumerable<string> TellAsync(string text)
    {
        yield return text;
        await Task.CompletedTask;
    }

    /// <summary>Makes sound without a picture.</summary>
    static async IAsyncEnumerable<string> AloneAsync(PlainRequest.SoundAlone alone, Functions call)
    {
        if (Unclear(alone.What, out var understood) is { } question)
        {
            yield return question;
            yield break;
        }
        yield return understood;
        yield return string.Create(CultureInfo.InvariantCulture, $"I make {alone.Seconds:0.##} s of \"{alone.What}\", without a picture. ");
        await foreach (var text in MadeAloneAsync(call, ("prompt", alone.What), ("seconds", alone.Seconds)))
            yield return text;
    }

    static async IAsyncEnumerable<string> MadeAloneAsync(Functions call, params (string, object)[] arguments)
    {
        var made = await call.Async("generate_without_video", arguments);
        if (Refused(made) is { } refused)
        {
            yield return refused;
            yield break;
        }
        foreach (var candidate in made["candidates"]!.AsArray())
            yield return $"Number {candidate!["number"]}: {candidate["file"]} (seed {candidate["seed"]}). ";
    }

    /// <summary>Looks at the video, drafts and checks a prompt, and only then generates.</summary>
    static async IAsyncEnumerable<string> AddAsync(string words, Functions call)
    {
        yield return "I look at the video. ";
        var seen = await call.Async("describe_video");
        if (Refused(seen) is { } blind)
        {
            yield return blind;
            yield break;
        }
        yield return $"{seen["text"]} ";
        var prompt = (string?)(await call.Async("draft_prompt", ("words", words)))["prompt"] ?? "";
        if (prompt.Length == 0)
        {
            yield return "Tell me what to hear, for instance: add the sound of a ball bouncing.";
            yield break;
        }
        if (Unclear(prompt, out var understood) is { } question)
        {
            yield return question;
            yield break;
        }
        yield return understood;
        await foreach (var text in CheckAndMakeAsync(prompt, call))
            yield return text;
    }

    /// <summary>A question to the user if a prompt names no sound that is known; null if it does.</summary>
    /// <param name="understood">What is told of its words; empty if they are taken as they are.</param>
    static string? Unclear(string prompt, out string understood)
    {
        var words = PromptWords.Read(prompt);
        understood = words.Summary() is { Length: > 0 } summary ? $"I understand: {summary}. " : "";
        if (words.Faults("prompt").FirstOrDefault() is { } fault)
            return $"{understood}But I cannot do that: {fault.Message}. What do you want to hear?";
        return KnownSounds.Know(words.Prompt) ? null
            : $"I do not know what \"{words.Prompt}\" sounds like, so I have made nothing. Can you say it in other words? "
                + "Or say \"make it anyway\".";
    }

    /// <summary>Changes the loudness, if all of the request can be done.</summary>
    static async IAsyncEnumerable<string> LevelAsync(PlainRequest.ChangeLevel level, JsonNode state, Functions call)
    {
        var seconds = SecondsOf(state);
        var wrong = new List<string>();
        foreach (var time in new[] { level.At, level.To }.OfType<double>().Where(time => time > seconds))
            wrong.Add($"{Number(time)} s lies behind the film's end ({Number(seconds)} s)");
        if (level.Decibels > PlainRequest.MostDecibels)
            wrong.Add($"{Number(level.Decibels)} dB louder is more than I may do, which is {Number(PlainRequest.MostDecibels)} dB at most");
        if (level.Decibels < -PromptWords.MostQuieter)
            wrong.Add($"{Number(-level.Decibels)} dB quieter is more than I may do, which is {Number(PromptWords.MostQuieter)} dB at most");
        if (level is { At: { } from, To: { } to } && to <= from)
            wrong.Add($"{Number(from)} s to {Number(to)} s is no range");
        if (wrong.Count > 0)
        {
            yield return $"I have changed nothing, because {string.Join(", and ", wrong)}.";
            yield break;
        }
        var (first, last) = (Math.Max(0, level.To is null ? level.At!.Value - PlainRequest.HalfRange : level.At!.Value),
            Math.Min(seconds, level.To ?? level.At!.Value + PlainRequest.HalfRange));
        await foreach (var text in EditAsync(
            string.Create(CultureInfo.InvariantCulture, $"gain {first:0.##}s..{last:0.##}s={level.Decibels:+0.##;-0.##}dB"), state, call))
            yield return text;
    }

    /// <summary>Makes the current prompt again without something.</summary>
    static async IAsyncEnumerable<string> LeaveOutAsync(string what, JsonNode state, Functions call)
    {
        if ((string?)state["prompt"] is not { } prompt)
        {
            yield return $"I understand that \"{what}\" is not to be heard. But there is nothing yet to leave it out of: "
                + "tell me what to hear.";
            yield break;
        }
        yield return $"I leave out: {what}. ";
        var without = string.Concat(what.Split(", ").Select(one => $", no {one}"));
        await foreach (var text in CheckAndMakeAsync(prompt + without, call))
            yield return text;
    }

    /// <summary>The length of the current video, s.</summary>
    static double SecondsOf(JsonNode state) => state["videos"]!.AsArray()
        .Where(video => (int)video!["number"]! == (int)state["current"]!).Select(video => (double)video!["seconds"]!).FirstOrDefault();

    static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    static async IAsyncEnumerable<string> CheckAndMakeAsync(string prompt, Functions call)
    {
        var report = await call.Async("check_conflict", ("prompt", prompt));
        if (Refused(report) is { } refused)
        {
            yield return refused;
            yield break;
        }
        foreach (var finding in report["findings"]!.AsArray())
            yield return $"\"{finding!["text"]}\": {finding["evidence"]}. ";
        string[] suggestions = [.. report["suggestions"]!.AsArray().Select(s => (string)s!)];
        if ((string?)report["verdict"] == "conflict")
        {
            yield return $"\"{prompt}\" does not go with this picture, so I have made nothing. "
                + (suggestions.Length == 0 ? "" : $"I suggest: {string.Join("; or ", suggestions.Select((s, i) => $"({i + 1}) {s}"))}. ")
                + "Say \"use suggestion 1\", or \"make it anyway\".";
            yield break;
        }
        if ((string?)report["verdict"] == "uncertain")
            yield return (bool)report["abstained"]!
                ? $"I cannot judge whether it fits, because {report["why"]}; I trust you. "
                    + ((string?)report["wouldHelp"] is { Length: > 0 } help ? $"What would help: {help}. " : "")
                : "It may not fit the picture, but I will try. ";
        yield return $"I make \"{prompt}\". ";
        await foreach (var text in MakeAsync(call, ("prompt", prompt)))
            yield return text;
    }

    static async IAsyncEnumerable<string> MakeAsync(Functions call, params (string, object)[] arguments)
    {
        var made = await call.Async("generate_sound", arguments);
        if (Refused(made) is { } refused)
        {
            yield return refused;
            yield break;
        }
        foreach (var candidate in made["candidates"]!.AsArray())
        {
            yield return $"Number {candidate!["number"]}: {candidate["file"]} (seed {candidate["seed"]}; follows the picture's energy "
                + $"at {Figure(candidate["follows"])}). ";
            if (candidate["recordings"]?.AsArray() is { Count: > 0 } recordings)
                yield return $"It starts from recordings: {string.Join("; ", recordings.Select(recording => (string)recording!))}. ";
        }
    }

    static async IAsyncEnumerable<string> AgainAsync(string first, JsonNode state, Functions call)
    {
        if ((string?)state["prompt"] is not { } prompt)
        {
            yield return "There is nothing to make yet: tell me what to hear.";
            yield break;
        }
        yield return first + " ";
        if (state["report"] is null)
        {
            await foreach (var text in CheckAndMakeAsync(prompt, call))
                yield return text;
            yield break;
        }
        await foreach (var text in MakeAsync(call, ("prompt", prompt), ("seed", LastSeed(state))))
            yield return text;
    }

    static async IAsyncEnumerable<string> SuggestedAsync(int number, JsonNode state, Functions call)
    {
        var suggestions = state["report"]?["suggestions"]?.AsArray();
        if (suggestions is null || number > suggestions.Count)
        {
            yield return $"There is no suggestion {number}.";
            yield break;
        }
        await foreach (var text in CheckAndMakeAsync((string)suggestions[number - 1]!, call))
            yield return text;
    }

    /// <summary>Changes a hit. It reaches half a second around the event, or halfway to the neighbouring event if that is nearer.</summary>
    static async IAsyncEnumerable<string> HitAsync(PlainRequest.ChangeHit hit, JsonNode state, Functions call)
    {
        if (hit.Decibels > PlainRequest.MostDecibels)
        {
            yield return $"I have changed nothing, because {Number(hit.Decibels.Value)} dB louder is more than I may do, which is "
                + $"{Number(PlainRequest.MostDecibels)} dB at most.";
            yield break;
        }
        var energy = await call.Async("predict_energy");
        double[] times = [.. energy["events"]!.AsArray().Select(e => (double)e!)];
        var index = hit.Hit < 0 ? times.Length - 1 : hit.Hit - 1;
        if (index < 0 || index >= times.Length)
        {
            yield return $"I see {times.Length} events in this video, fewer than that.";
            yield break;
        }
        var from = Math.Max(0, Math.Max(times[index] - 0.2, index > 0 ? (times[index - 1] + times[index]) / 2 : 0));
        var to = Math.Min(
            (double)energy["seconds"]!,
            Math.Min(times[index] + 0.5, index + 1 < times.Length ? (times[index] + times[index + 1]) / 2 : double.MaxValue));
        var edit = hit.Decibels is { } decibels
            ? string.Create(CultureInfo.InvariantCulture, $"gain {from:0.00}s..{to:0.00}s={decibels:+0.##;-0.##}dB")
            : string.Create(CultureInfo.InvariantCulture, $"remove-event {times[index]:0.00}s");
        await foreach (var text in EditAsync(edit, state, call))
            yield return text;
    }

    /// <summary>Changes the curve alone. The prompt and the seed stay, and the picture is not encoded again.</summary>
    static async IAsyncEnumerable<string> EditAsync(string edit, JsonNode state, Functions call)
    {
        var seconds = SecondsOf(state);
        if (TimesIn(edit).FirstOrDefault(time => time > seconds || (edit[0] == 's' && time >= seconds)) is > 0 and var late && seconds > 0)
        {
            yield return $"I have changed nothing, because {Number(late)} s lies behind the film's end ({Number(seconds)} s).";
            yield break;
        }
        var edited = await call.Async("edit_energy", ("edit", edit));
        if (Refused(edited) is { } refused)
        {
            yield return refused;
            yield break;
        }
        yield return $"The curve is changed: {edit}. ";
        if (state["candidates"]!.AsArray().Count == 0)
            yield break;
        await foreach (var text in AgainAsync("I render it again, with the same prompt and seed.", state, call))
            yield return text;
    }

    /// <summary>The times that an edit names, s: of "mute 1s..2s" and "shift +80ms".</summary>
    static IEnumerable<double> TimesIn(string edit) => TimePattern().Matches(edit).Select(match =>
        double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / (match.Groups[2].Value == "ms" ? 1000 : 1));

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(ms|s)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TimePattern();

    static async IAsyncEnumerable<string> RewordAsync(PlainRequest.Reword reword, JsonNode state, Functions call)
    {
        var kept = ((string?)state["prompt"] ?? "").Split([" and ", ", ", " with "], StringSplitOptions.RemoveEmptyEntries)
            .Where(part =>
                !reword.Without.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Any(word => word.Length > 3 && part.Contains(word, StringComparison.OrdinalIgnoreCase)));
        await foreach (var text in CheckAndMakeAsync(string.Join(" and ", kept.Append(reword.With).Distinct()), call))
            yield return text;
    }

    static async IAsyncEnumerable<string> MoreAsync(PlainRequest.More more, JsonNode state, Functions call)
    {
        var candidates = state["candidates"]!.AsArray();
        var like = more.Like == 0 ? candidates.LastOrDefault() : candidates.FirstOrDefault(c => (int)c!["number"]! == more.Like);
        if (like is null)
        {
            yield return "I have made no sound yet that these could imitate.";
            yield break;
        }
        yield return $"{more.Count} more of \"{like["prompt"]}\", each with a seed of its own. ";
        var making = (int)like["video"]! == 0
            ? MadeAloneAsync(
                call, ("prompt", (string)like["prompt"]!), ("seconds", (double)like["seconds"]!), ("count", more.Count))
            : MakeAsync(call, ("prompt", (string)like["prompt"]!), ("count", more.Count));
        await foreach (var text in making)
            yield return text;
    }

    /// <summary>Places the next sounds from the user's recordings. What they are is the prompt, if the user says it.</summary>
    static async IAsyncEnumerable<string> RecordingsAsync(string what, JsonNode state, Functions call)
    {
        var used = await call.Async("use_recordings", ("use", true));
        if (Refused(used) is { } refused)
        {
            yield return refused;
            yield break;
        }
        yield return used["recordings"]!.AsArray() is { Count: > 0 } sent
            ? $"I place your recordings: {string.Join(", ", sent.Select(name => (string)name!))}. "
            : "I place recordings of your library. ";
        var next = what.Length > 0 ? CheckAndMakeAsync(what, call) : AgainAsync("", state, call);
        await foreach (var text in next)
            yield return text;
    }

    /// <summary>Changes width or place and leaves the other, then renders again with the same prompt and seed.</summary>
    static async IAsyncEnumerable<string> StereoAsync(PlainRequest.Stereo wish, JsonNode state, Functions call)
    {
        var set = await call.Async(
            "set_stereo",
            ("width", wish.Width ?? (double)state["stereo"]!["width"]!),
            ("pan", wish.Pan ?? (string)state["stereo"]!["pan"]!));
        if (Refused(set) is { } refused)
        {
            yield return refused;
            yield break;
        }
        var (width, pan) = ((double)set["width"]!, (string)set["pan"]!);
        yield return width == 0 && pan.Length == 0 ? "The sound is in mono. "
            : string.Create(CultureInfo.InvariantCulture, $"The sound has a width of {width:0.##} and lies ")
                + pan switch
                {
                    "" => "in the centre. ",
                    PanNames.Picture => "where the picture moves. ",
                    _ => $"at {pan} (-1 is left, 1 right). ",
                };
        if (state["candidates"]!.AsArray().Count == 0)
            yield break;
        await foreach (var text in AgainAsync("I render it again, with the same prompt and seed.", state, call))
            yield return text;
    }

    /// <summary>Bans a piece, and renders again with the same prompt and seed. All other pieces stay.</summary>
    static async IAsyncEnumerable<string> NotThatOneAsync(double? seconds, JsonNode state, Functions call)
    {
        if (seconds is not { } at)
        {
            yield return "Which one? Say when it sounds: \"not the one at 2.4 s\".";
            yield break;
        }
        var banned = await call.Async("ban_piece", ("seconds", at));
        if (Refused(banned) is { } refused)
        {
            yield return refused;
            yield break;
        }
        yield return $"{banned["recording"]} at {Figure(banned["at"])} s is not used there again. ";
        await foreach (var text in AgainAsync("I place the rest as before.", state, call))
            yield return text;
    }

    static async IAsyncEnumerable<string> LastCurveAsync(JsonNode state, Functions call)
    {
        if (state["videos"]!.AsArray().LastOrDefault(v => (int)v!["number"]! != (int)state["current"]!) is not { } other)
        {
            yield return $"The curve of this video is in use already: "
                + $"{string.Join(", ", state["edits"]!.AsArray().Select(e => (string)e!))}.";
            yield break;
        }
        var used = await call.Async("use_curve", ("video", (int)other["number"]!));
        yield return Refused(used) ?? $"The changes of video {other["number"]}'s curve now hold here too: "
            + $"{string.Join(", ", used["edits"]!.AsArray().Select(e => (string)e!))}.";
    }

    static async IAsyncEnumerable<string> SayAsync(Task<JsonNode> result, Func<JsonNode, string> say)
    {
        var answer = await result;
        yield return Refused(answer) ?? say(answer);
    }

    /// <summary>The seed of the last candidate with the current prompt; 0 for none.</summary>
    static long LastSeed(JsonNode state) =>
        (long?)state["candidates"]!
            .AsArray()
            .LastOrDefault(
                c => (string?)c!["prompt"] == (string?)state["prompt"] && (int)c["video"]! == (int)state["current"]!)?["seed"] ?? 0;

    static string? Refused(JsonNode answer) => (string?)answer["refused"] is { } why ? $"That was refused: {why}." : null;

    static string Figure(JsonNode? number) => ((double)number!).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Calls the kernel's functions as a model would.</summary>
    sealed class Functions(Kernel kernel, CancellationToken cancel)
    {
        int calls;

        public async Task<JsonNode> Async(string name, params (string Name, object Value)[] arguments)
        {
            var content = new FunctionCallContent(
                name,
                LanguageModel.Plugin,
                $"call{++calls}",
                new KernelArguments(arguments.ToDictionary(a => a.Name, a => (object?)a.Value)));
            var result = await content.InvokeAsync(kernel, cancel);
            return JsonNode.Parse(result.Result?.ToString() ?? "{}")!;
        }
    }
}
