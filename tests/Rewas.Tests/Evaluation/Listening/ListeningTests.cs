using Rewas.Clip.Faults;
using Rewas.Evaluation.Comparison;
using Rewas.Evaluation.Listening;

namespace Rewas.Tests.Evaluation.Listening;

public sealed class ListeningTests
{
    static readonly IReadOnlyList<SoundFile> Files = [new("a", "/r/a.wav"), new("b<script>", "/r/b.wav"), new("c", "/r/c.wav")];

    static ListeningPlan Plan(ListeningKind kind = ListeningKind.Mushra, ulong seed = 1, int systems = 2) => ListeningPlan.Of(
        kind, Files,
        [.. Enumerable.Range(1, systems).Select(i => (
            $"system {i}", (IReadOnlyList<SoundFile>)[.. Files.Select(file => file with { Path = $"/{i}{file.Path}" })]))],
        clips: 12, seed);

    [Fact]
    public void A_trial_hides_the_reference_and_an_anchor_among_the_systems()
    {
        var plan = Plan();
        Assert.Equal(3, plan.Trials.Count);
        Assert.All(plan.Trials, trial => Assert.Equal(
            [ListeningPlan.Anchor, ListeningPlan.Reference, "system 1", "system 2"],
            trial.Stimuli.Select(stimulus => stimulus.System).Order(StringComparer.Ordinal)));
        var ids = plan.Trials.SelectMany(trial => trial.Stimuli).Select(stimulus => stimulus.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}$", id));
        Assert.All(plan.Trials, trial => Assert.DoesNotContain(trial.Reference.Id, ids));
    }

    [Fact]
    public void The_order_is_by_the_seed()
    {
        static string Order(ListeningPlan plan) => string.Join(' ', plan.Trials.SelectMany(trial => trial.Stimuli).Select(stimulus => stimulus.Id));
        Assert.Equal(Order(Plan()), Order(Plan()));
        Assert.NotEqual(Order(Plan()), Order(Plan(seed: 2)));
    }

    [Fact]
    public void Means_are_those_of_listeners_who_find_the_reference()
    {
        var key = ListeningKey.Of(Plan());
        var careful = Answers(key, ("system 1", 70), ("system 2", 40), (ListeningPlan.Reference, 100), (ListeningPlan.Anchor, 20));
        var careless = Answers(key, ("system 1", 10), ("system 2", 90), (ListeningPlan.Reference, 50), (ListeningPlan.Anchor, 80));
        var figures = ListeningFigures.Of(key, [("one.json", careful), ("two.json", careless)]);
        Assert.Equal([ListeningPlan.Reference, "system 1", "system 2", ListeningPlan.Anchor], figures.Systems.Select(figure => figure.System));
        Assert.Equal((70, 3), (figures.Systems[1].Mean, figures.Systems[1].Answers));
        Assert.Equal((1, "two.json"), (figures.Listeners, Assert.Single(figures.Excluded)));
        Assert.Throws<InputFault>(() => ListeningFigures.Of(key, [("two.json", careless)]));
    }

    [Fact]
    public void An_interval_holds_the_mean_and_grows_with_the_spread()
    {
        var key = ListeningKey.Of(Plan());
        ListeningFigure Of(params double[] ratings) => ListeningFigures.Of(
            key,
            [.. ratings.Select((rating, i) => ($"{i}", Answers(key, ("system 1", rating), ("system 2", 1), (ListeningPlan.Reference, 100), (ListeningPlan.Anchor, 0))))])
            .Systems.Single(figure => figure.System == "system 1");
        var (narrow, wide) = (Of(58, 60, 62), Of(20, 60, 100));
        Assert.InRange(narrow.Mean, narrow.Interval.Low, narrow.Interval.High);
        Assert.True(wide.Interval.High - wide.Interval.Low > 5 * (narrow.Interval.High - narrow.Interval.Low));
    }

    [Fact]
    public void Right_answers_of_abx_are_compared_with_chance()
    {
        var key = ListeningKey.Of(Plan(ListeningKind.Abx, systems: 1));
        var right = new ListeningAnswers(key.Test, key.Kind, null, [.. key.Trials.Select(trial => new ListeningAnswer(trial.Id, null, trial.X))]);
        var figures = ListeningFigures.Of(key, [("a", right), ("b", right)]);
        Assert.Equal((1, 6), (figures.Systems[0].Mean, figures.Systems[0].Answers));
        Assert.Equal(1.0 / 64, figures.Chance!.Value, 12);
    }

    [Theory]
    [InlineData("""{ "test": "other", "kind": "mushra", "answers": [] }""")]
    [InlineData("""{ "test": "TEST", "kind": "mushra", "answers": [{ "trial": "none", "ratings": {} }] }""")]
    [InlineData("""{ "test": "TEST", "kind": "mushra", "answers": [{ "trial": "TRIAL", "ratings": { "x": 5 } }] }""")]
    [InlineData("""{ "test": "TEST", "kind": "mushra" }""")]
    [InlineData("[]")]
    public void Answers_of_another_test_or_kind_are_refused(string json)
    {
        using var folder = new TemporaryFolder();
        var key = ListeningKey.Of(Plan());
        File.WriteAllText(
            folder.File("a.json"),
            json.Replace("TEST", key.Test, StringComparison.Ordinal).Replace("TRIAL", key.Trials[0].Id, StringComparison.Ordinal));
        Assert.Contains("answers", Assert.Throws<InputFault>(() => ListeningAnswers.Read(folder.File("a.json"), key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Abx_takes_two_folders() => Assert.Throws<InputFault>(() => Plan(ListeningKind.Abx, systems: 2));

    static ListeningAnswers Answers(ListeningKey key, params (string System, double Rating)[] ratings) => new(
        key.Test, key.Kind, "someone",
        [
            .. key.Trials.Select(trial => new ListeningAnswer(
                trial.Id, trial.Sounds.ToDictionary(sound => sound.Key, sound => ratings.Single(one => one.System == sound.Value).Rating), null)),
        ]);
}
