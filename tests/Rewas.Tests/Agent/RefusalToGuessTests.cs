using System.Text.Json;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Agent.Chat;
using Rewas.Agent.Models;
using Rewas.Tests.Text.Words;

namespace Rewas.Tests.Agent;

/// <summary>What the embedded chat does with sentences, in a session with a film of 10 s, a prompt and one candidate.</summary>
public sealed class RefusalToGuessTests
{
    public static TheoryData<string> Unknowable => [.. Sentence.Unknowable];

    [Theory]
    [MemberData(nameof(Unknowable))]
    public async Task A_sentence_that_it_cannot_know_ends_in_a_question_or_a_plain_no(string sentence)
    {
        var session = new StubSession();
        var answer = await SayAsync(session, sentence);
        Assert.Empty(session.Actions);
        Assert.True(
            answer.Contains('?') || new[] { "cannot", "nothing", "fewer" }.Any(no => answer.Contains(no, StringComparison.Ordinal)),
            answer);
    }

    [Fact]
    public async Task A_time_behind_the_end_and_a_level_above_the_bound_are_both_said()
    {
        var session = new StubSession();
        var answer = await SayAsync(session, "make it 20 dB louder at 99s");
        Assert.Contains("99 s lies behind the film's end (10 s)", answer, StringComparison.Ordinal);
        Assert.Contains("20 dB louder is more than I may do, which is 12 dB at most", answer, StringComparison.Ordinal);
        Assert.Empty(session.Actions);
    }

    [Theory]
    [InlineData("make it 3 dB louder at 4 s", "edit_energy gain 3.75s..4.25s=+3dB")]
    [InlineData("make it quieter from 2 to 3.5 s", "edit_energy gain 2s..3.5s=-6dB")]
    [InlineData("a bit quieter please", "edit_energy gain -3dB")]
    [InlineData("it is too loud", "edit_energy gain -6dB")]
    [InlineData("小声一点", "edit_energy gain -3dB")]
    [InlineData("6 dB leiser bitte", "edit_energy gain -6dB")]
    [InlineData("撤销", "edit_energy undo")]
    [InlineData("no dog please", "generate_sound rain on a roof, no dog")]
    [InlineData("don't add birds", "generate_sound rain on a roof, no birds")]
    [InlineData("配上狗叫声", "generate_sound dog barking")]
    [InlineData("能不能加一点风声？", "generate_sound wind")]
    [InlineData("ein Hund bellt, ohne Musik", "generate_sound dog barking, no music")]
    [InlineData("¿puedes poner el ruido de un tren?", "generate_sound train")]
    [InlineData("Could you add the sound of a door creaking?", "generate_sound a door creaking")]
    [InlineData("add rain, no dog", "generate_sound rain, no dog")]
    [InlineData("rain, no dog", "generate_sound rain, no dog")]
    [InlineData("add quiet footsteps", "generate_sound quiet footsteps")]
    [InlineData("make it rain", "generate_sound rain")]
    [InlineData("pan it with the picture", "set_stereo 0.3 picture")]
    [InlineData("make it wide", "set_stereo 0.8 ")]
    [InlineData("export number 1", "export 1")]
    public async Task A_sentence_that_it_knows_is_done(string sentence, string first)
    {
        var session = new StubSession();
        var answer = await SayAsync(session, sentence);
        Assert.True(session.Actions.Count > 0, answer);
        Assert.Equal(first, session.Actions[0]);
    }

    [Fact]
    public async Task What_was_understood_is_told()
    {
        var answer = await SayAsync(new(), "配上狗叫声，不要音乐");
        Assert.Contains("not to hear: \"music\"", answer, StringComparison.Ordinal);
        answer = await SayAsync(new(), "add thunder and quiet rain");
        Assert.Contains("one curve has one level", answer, StringComparison.Ordinal);
    }

    static async Task<string> SayAsync(StubSession session, string sentence)
    {
        var kernel = new Kernel();
        kernel.Plugins.AddFromObject(session, LanguageModel.Plugin);
        var history = new ChatHistory();
        history.AddUserMessage(sentence);
        var answer = await new OfflineChatService().GetChatMessageContentsAsync(history, null, kernel);
        return Assert.Single(answer).Content!;
    }

    /// <summary>The functions of a session. It notes those that make, change or hand out something.</summary>
    sealed class StubSession
    {
        public List<string> Actions { get; } = [];

        [KernelFunction("session_state")]
        public string State() => JsonSerializer.Serialize(new
        {
            videos = new[] { new { number = 1, name = "film.mp4", seconds = 10.0 } },
            current = 1,
            prompt = "rain on a roof",
            edits = Array.Empty<string>(),
            stereo = new { width = 0.3, pan = "" },
            report = new { verdict = "consistent", suggestions = Array.Empty<string>(), blocks = false },
            candidates = new[] { new { number = 1, video = 1, prompt = "rain on a roof", seed = 0, file = "sound-1.mp4", follows = 0.5 } },
        });

        [KernelFunction("describe_video")]
        public string Describe() => """{ "text": "Something moves." }""";

        [KernelFunction("draft_prompt")]
        public string Draft(string words) => JsonSerializer.Serialize(new
        {
            prompt = Rewas.Agent.Tools.PromptDraft.Of(words, new("", "", 0, true, null, "single", [], null, [])),
        });

        [KernelFunction("check_conflict")]
        public string Check(string prompt) =>
            """{ "verdict": "consistent", "abstained": false, "why": "", "findings": [], "suggestions": [] }""";

        [KernelFunction("predict_energy")]
        public string Energy() => """{ "seconds": 10, "events": [1, 2, 3, 4, 5] }""";

        [KernelFunction("rank_candidates")]
        public string Rank() => """{ "by": "follows", "candidates": [] }""";

        [KernelFunction("edit_energy")]
        public string Edit(string edit) => Note("edit_energy", edit, """{ "edits": [] }""");

        [KernelFunction("use_curve")]
        public string UseCurve(int video) => Note("use_curve", $"{video}", """{ "edits": [] }""");

        [KernelFunction("set_stereo")]
        public string SetStereo(double width, string pan) => Note(
            "set_stereo", FormattableString.Invariant($"{width} {pan}"), JsonSerializer.Serialize(new { width, pan }));

        [KernelFunction("use_recordings")]
        public string UseRecordings(bool use) => Note("use_recordings", $"{use}", """{ "recordings": [] }""");

        [KernelFunction("ban_piece")]
        public string Ban(double seconds) => Note("ban_piece", $"{seconds}", """{ "recording": "a", "at": 1 }""");

        [KernelFunction("generate_sound")]
        public string Generate(string prompt, int count = 1, long seed = -1) => Note("generate_sound", prompt, """{ "candidates": [] }""");

        [KernelFunction("generate_without_video")]
        public string GenerateAlone(string prompt, double seconds, int count = 1) =>
            Note("generate_without_video", prompt, """{ "candidates": [] }""");

        [KernelFunction("export")]
        public string Export(int candidate = 0) => Note("export", $"{candidate}", """{ "number": 1, "file": "sound-1.mp4" }""");

        string Note(string function, string argument, string answer)
        {
            Actions.Add($"{function} {argument}");
            return answer;
        }
    }
}
