using Rewas.Clip.Faults;
using Rewas.Evaluation.Reports;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Evaluation.Tables;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Evaluation;

public sealed class TableEvaluationTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_interrupted_evaluation_goes_on_and_gives_the_same_report()
    {
        var whole = await ReportAsync("whole", new Tones());
        var broken = new Tones { BreaksAfter = 4 };
        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync("resumed", Shard.Whole, broken));
        var rest = new Tones();
        Assert.Equal(whole, await ReportAsync("resumed", rest));
        Assert.Equal(6 - 4, rest.Made);
    }

    [Fact]
    public async Task Shards_in_one_folder_give_the_report_of_the_whole()
    {
        var whole = await ReportAsync("whole", new Tones());
        Assert.Null(await RunAsync("parts", new(1, 2), new Tones()));
        Assert.NotNull(await RunAsync("parts", new(2, 2), new Tones()));
        var nothingLeft = new Tones();
        Assert.Equal(whole, await ReportAsync("parts", nothingLeft));
        Assert.Equal(0, nothingLeft.Made);
    }

    [Fact]
    public async Task Clips_worked_on_at_once_give_the_same_report()
    {
        var whole = await ReportAsync("whole", new Tones());
        await RunAsync("parallel", Shard.Whole, new Tones(), parallel: 4);
        Assert.Equal(whole, await ReportAsync("parallel", new Tones()));
    }

    [Fact]
    public async Task A_folder_of_another_evaluation_is_refused()
    {
        await RunAsync("used", Shard.Whole, new Tones());
        Assert.Contains(
            "other clips, seed, models or networks",
            (await Assert.ThrowsAsync<InputFault>(() => RunAsync("used", Shard.Whole, new Tones { Identity = "another" }))).Message);
    }

    [Fact]
    public async Task A_model_that_gives_the_true_sound_beats_one_that_gives_noise()
    {
        var evaluation = new TableEvaluation(
            Set, [("true", new Tones()), ("noise", new Noise())], [new MeanMelNetwork()], [], folder.File("two"), seed: 0, Still);
        var (report, examples) = (
            await evaluation.RunAsync(Shard.Whole, players: 1, parallel: 1, new Progress<(int, int)>(), default))!.Value;
        double Value(int system, string figure) => report.Systems[system].Figures.Single(f => f.Name == figure).Value;
        Assert.True(Value(0, "energy MAE") < Value(1, "energy MAE"));
        Assert.True(Value(0, "Frechet distance") < 1e-6 && Value(1, "Frechet distance") > 50);
        Assert.Equal(["true sound", "true", "noise"], examples.Single().Sounds.Select(s => s.System));
    }

    [Fact]
    public async Task A_check_that_replaces_prompts_is_counted_also_after_a_resume()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => RunAsync("checked", Shard.Whole, new Tones { Followed = false, BreaksAfter = 3 }));
        var (report, _) = (await RunAsync("checked", Shard.Whole, new Tones { Followed = true }))!.Value;
        Assert.Equal(0.5, report.Systems[0].Figures.Single(f => f.Name == "replaced prompts").Value);
        Assert.DoesNotContain(
            (await RunAsync("unchecked", Shard.Whole, new Tones()))!.Value.Report.Systems[0].Figures, f => f.Name == "replaced prompts");
    }

    [Fact]
    public void With_mismatch_every_third_clip_has_another_prompt_and_keeps_its_description()
    {
        var set = new EvaluationSet(
            "six", [.. Set.Clips.Select((clip, i) => clip with { Prompt = $"prompt {i}", Description = $"prompt {i}" })], []);
        var mismatched = set.Mismatched();
        Assert.Equal(
            ["prompt 0", "prompt 1", "prompt 5", "prompt 3", "prompt 4", "prompt 2"], mismatched.Clips.Select(clip => clip.Prompt));
        Assert.Equal(set.Clips.Select(clip => clip.Prompt), mismatched.Clips.Select(clip => clip.Description));
        Assert.Equal("six, mismatched", mismatched.Name);
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("a/b")]
    public void A_shard_must_be_one_of_its_parts(string text) =>
        Assert.Contains("must be I/N", Assert.Throws<InputFault>(() => Shard.Parse(text)).Message);

    [Fact]
    public void Models_are_named_by_kind_bundle_and_name()
    {
        var models = EvaluatedModel.Parse("energy, ours:onset=models/onset,text-only", "rewas-mini");
        Assert.Equal(
            [new("energy", "energy", "rewas-mini"), new("ours", "onset", "models/onset"), new("text-only", "text-only", "rewas-mini")],
            models);
        Assert.Equal(
            [new("energy-check", "energy", "b", IsChecked: true), new("safe", "onset", "c", IsChecked: true)],
            EvaluatedModel.Parse("energy+check,safe:onset+check=c", "b"));
        Assert.Contains("but one is 'loud'", Assert.Throws<InputFault>(() => EvaluatedModel.Parse("loud", "b")).Message);
        Assert.Contains("the same name", Assert.Throws<InputFault>(() => EvaluatedModel.Parse("energy,energy=other", "b")).Message);
        Assert.Contains("a name must be", Assert.Throws<InputFault>(() => EvaluatedModel.Parse("../x:energy", "b")).Message);
    }

    static EvaluationSet Set { get; } = new("tones", [.. Enumerable.Range(0, 6).Select(i => new EvaluationClip(
        $"tone{i}", "a tone", (_, _) => Task.FromResult($"{i}"), _ => Task.FromResult<float[]?>(Tone(i))))], ["Six tones."]);

    static Task<IReadOnlyList<double>> Still(string video, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<double>>(new double[25]);

    static float[] Tone(int number) => Sounds.Sine(200 * (number + 1), 16_000, 16_000);

    async Task<string> ReportAsync(string output, ISoundMaker maker)
    {
        var (report, examples) = (await RunAsync(output, Shard.Whole, maker))!.Value;
        await report.WriteAsync(folder.File(output), examples, default);
        return string.Concat(Directory.GetFiles(folder.File(output), "report.*").Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    Task<(EvaluationReport Report, IReadOnlyList<Example> Examples)?> RunAsync(
        string output, Shard shard, ISoundMaker maker, int parallel = 1) =>
        new TableEvaluation(Set, [("model", maker)], [new MeanMelNetwork()], [], folder.File(output), seed: 0, Still)
            .RunAsync(shard, players: 2, parallel, new Progress<(int, int)>(), default);

    sealed class Tones : ISoundMaker
    {
        public string Identity { get; init; } = "tones";

        public bool? Followed { get; init; }

        public int BreaksAfter { get; init; } = int.MaxValue;

        public int Made { get; private set; }

        public Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation) =>
            Made++ < BreaksAfter
                ? Task.FromResult<ClipSound>(new(Tone((int)seed), Followed))
                : Task.FromException<ClipSound>(new OperationCanceledException());
    }

    sealed class Noise : ISoundMaker
    {
        public string Identity => "noise";

        public Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation) =>
            Task.FromResult<ClipSound>(new(Sounds.Noise(16_000, 0.3, (int)seed)));
    }
}
