using Rewas.PromptCheck;
using Rewas.Sound.Curves;

namespace Rewas.Tests.PromptCheck;

public sealed class ConflictCheckTests
{
    static readonly ConflictStatistics Statistics = ConflictStatistics.Embedded;

    /// <summary>A picture in the middle of what the head knows for a kind.</summary>
    internal static SeenVideo Typical(string kind, float[] energy)
    {
        var head = Statistics.Head;
        var mean = head.Means[head.Kinds.ToList().IndexOf(kind)];
        return new(EnergyCurve.Of(energy), [.. mean.Select((m, i) => head.Centre[i] + m * head.Scale[i])], Statistics.BundleSha256);
    }

    /// <summary>Blows at given times that decay, or a steady level.</summary>
    internal static float[] Energy(params double[] blows) =>
        [
            .. Enumerable.Range(0, 512).Select(i =>
                blows.Length == 0
                    ? -5f
                    : Math.Max(-10f, -3f - 12f * (float)blows.Select(b => i / 100.0 - b).Where(d => d >= 0).DefaultIfEmpty(9).Min())),
        ];

    static readonly SeenVideo Hammer = Typical("hammer", Energy(0.5, 1.5, 2.4, 3.4, 4.3));

    [Fact]
    public void Agrees_with_what_is_seen() =>
        Assert.Equal(Verdict.Consistent, new ConflictCheck(Statistics).Check(Hammer, "a hammer striking metal").Verdict);

    [Fact]
    public void Names_the_words_that_contradict_and_suggests_what_is_kept()
    {
        var report = new ConflictCheck(Statistics).Check(Hammer, "hammer blows and heavy rain on a roof");

        Assert.Equal(Verdict.Conflict, report.Verdict);
        var finding = report.Findings.First(f => f.Detector == "semantic");
        Assert.Equal("heavy rain on a roof", finding.Text);
        Assert.Equal(finding.Text, finding.Span.In(report.Prompt));
        Assert.Equal("hammer blows", report.Suggestions[0]);
        Assert.Contains("off-screen", report.Suggestions[1], StringComparison.Ordinal);
        Assert.NotEqual(Verdict.Conflict, new ConflictCheck(Statistics).Check(Hammer, report.Suggestions[1]).Verdict);
    }

    [Theory]
    [InlineData("hammer blows, with heavy rain off-screen")]
    [InlineData("a hammer striking wood and background music")]
    [InlineData("hammering, no rain")]
    public void Off_screen_sound_is_legitimate(string prompt) =>
        Assert.NotEqual(Verdict.Conflict, new ConflictCheck(Statistics).Check(Hammer, prompt).Verdict);

    [Fact]
    public void Distinguishes_one_blow_from_several()
    {
        var single = new ConflictCheck(Statistics).Check(Hammer, "a hammer striking metal, just once").Score;
        var repeated = new ConflictCheck(Statistics).Check(Hammer, "a hammer striking metal, again and again").Score;
        Assert.True(single > repeated, $"{single} {repeated}");
    }

    [Fact]
    public void Abstains_on_an_unfamiliar_picture_and_never_blocks_it()
    {
        var strange = Hammer with { Features = [.. Hammer.Features.Select((f, i) => f + 40 * Statistics.Head.Scale[i])] };
        var report = new ConflictCheck(Statistics).Check(strange, "heavy rain on a roof");
        Assert.True(report.Abstained);
        Assert.Equal(Verdict.Uncertain, report.Verdict);
        Assert.Contains("do not know what it is", report.Caption.Text, StringComparison.Ordinal);
        Assert.Null(report.Caption.Concept);
    }

    [Fact]
    public void Statistics_of_another_bundle_say_nothing_of_a_picture()
    {
        var report = new ConflictCheck(Statistics).Check(Hammer with { BundleSha256 = "other" }, "rain");
        Assert.True(report.Abstained);
        Assert.Contains("another bundle", report.Why, StringComparison.Ordinal);
    }

    /// <summary>
    /// Fails if the bundle's networks were replaced. Then run: rewas models fit-conflict --recordings DIR -o
    /// libs/PromptCheck/Statistics/rewas-mini.json
    /// </summary>
    [Fact]
    public void The_statistics_are_those_of_the_embedded_bundle() =>
        Assert.Equal(Rewas.Bundles.Bundle.Find("rewas-mini").Sha256, Statistics.BundleSha256);

    [Fact]
    public void Finds_events_cuts_and_stillness_without_a_network()
    {
        Assert.Equal(5, EnergyEvents.Find(Hammer.Energy.Values).Count);
        var motion = PictureMotion.Of([0, .. Enumerable.Repeat(0.1, 40), 60, .. Enumerable.Repeat(3.0, 20)], cuts: [41]);
        Assert.Equal([41 / 25.0], motion.Cuts);
        Assert.InRange(motion.StillPart, 0.6, 0.7);
    }
}
