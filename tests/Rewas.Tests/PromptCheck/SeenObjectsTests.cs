using Rewas.Clip.Faults;
using Rewas.PromptCheck;

namespace Rewas.Tests.PromptCheck;

public sealed class SeenObjectsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Objects_of_a_filmed_picture_agree_and_contradict()
    {
        var seen = Strange() with { Objects = Read("dogs.json", """[{ "label": "dog", "score": 0.94, "from": 0, "to": 4 }, { "label": "sofa" }]""") };
        var check = new ConflictCheck(ConflictStatistics.Embedded);
        var right = check.Check(seen, "a dog barking");
        Assert.Equal((false, ""), (right.Abstained, right.WouldHelp));
        Assert.NotEqual(Verdict.Conflict, right.Verdict);
        var wrong = check.Check(seen, "a train passing");
        Assert.True(wrong.Score > right.Score);
        Assert.Contains("dogs.json names", wrong.Findings[0].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_objects_and_clip_the_check_says_what_would_help()
    {
        var report = new ConflictCheck(ConflictStatistics.Embedded).Check(Strange(), "a dog barking");
        Assert.True(report.Abstained);
        Assert.Contains("rewas models pull clip", report.WouldHelp, StringComparison.Ordinal);
        Assert.Contains("--objects", report.WouldHelp, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_without_a_source_of_sound_say_nothing()
    {
        var report = new ConflictCheck(ConflictStatistics.Embedded)
            .Check(Strange() with { Objects = Read("a.csv", "label,score\nsofa,0.9\n") }, "a dog barking");
        Assert.True(report.Abstained);
    }

    [Fact]
    public void Csv_and_json_are_read_alike()
    {
        var csv = Read("a.csv", "score,label,from,to\n0.5,dog,1,2\n,\"cat\",,\n");
        var json = Read("a.json", """[{ "label": "dog", "score": 0.5, "from": 1, "to": 2 }, { "label": "cat" }]""");
        Assert.Equal(csv.All.Select(one => (one.Label, one.Score, one.From, one.To)), json.All.Select(one => (one.Label, one.Score, one.From, one.To)));
    }

    [Theory]
    [InlineData("a.json", "{}")]
    [InlineData("a.json", "[{\"score\": 1}]")]
    [InlineData("a.json", "[{\"label\": \"dog\", \"score\": 2}]")]
    [InlineData("a.json", "[{\"label\": \"dog\", \"from\": 3, \"to\": 1}]")]
    [InlineData("a.json", "[{\"label\": \"dog\", \"score\": \"high\"}]")]
    [InlineData("a.json", "not json")]
    [InlineData("a.csv", "name,score\ndog,1")]
    [InlineData("a.csv", "label,score\ndog,high")]
    [InlineData("a.csv", "label\n,")]
    public void Anything_else_is_refused(string name, string content) =>
        Assert.Contains("objects", Assert.Throws<InputFault>(() => Read(name, content)).Message, StringComparison.Ordinal);

    [Fact]
    public void Too_many_entries_are_refused() => Assert.Contains(
        "at most 20000",
        Assert.Throws<InputFault>(() => Read("a.csv", "label\n" + string.Concat(Enumerable.Repeat("dog\n", 20_001)))).Message,
        StringComparison.Ordinal);

    SeenObjects Read(string name, string content)
    {
        File.WriteAllText(folder.File(name), content);
        return SeenObjects.Read(folder.File(name));
    }

    /// <summary>A picture unlike all training pictures.</summary>
    static SeenVideo Strange()
    {
        var hammer = ConflictCheckTests.Typical("hammer", ConflictCheckTests.Energy(0.5, 1.5));
        return hammer with { Features = [.. hammer.Features.Select(value => value + 100)] };
    }
}
