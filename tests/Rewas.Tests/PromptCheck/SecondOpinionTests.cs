using Rewas.PromptCheck;

namespace Rewas.Tests.PromptCheck;

public sealed class SecondOpinionTests
{
    static readonly ConflictStatistics Statistics = ConflictStatistics.Embedded;
    static readonly SeenVideo Hammer = ConflictCheckTests.Typical("hammer", ConflictCheckTests.Energy(0.5, 1.5, 2.4, 3.4, 4.3));

    static SecondOpinion Opinion(double captionConfidence, params Mention[] mentions) =>
        new("model", "a smith at work", "model", captionConfidence, mentions);

    static ConflictReport Check(string prompt, SeenVideo? video = null) => new ConflictCheck(Statistics).Check(video ?? Hammer, prompt);

    [Theory]
    [InlineData("hammering, in complete silence", "hammering")]
    [InlineData("heavy rain on a roof", "heavy rain")]
    public void It_lowers_no_finding_of_the_embedded_check(string prompt, string words)
    {
        var before = Check(prompt);
        Assert.Equal(Verdict.Conflict, before.Verdict);

        var after = Opinion(1, new Mention(words, Judgement.Shown, OffScreen: true, 1)).JoinTo(before, Statistics);

        Assert.Equal(before.Findings, after.Findings);
        Assert.Equal((before.Score, before.Verdict), (after.Score, after.Verdict));
    }

    [Fact]
    public void What_it_is_not_sure_of_is_asked_about_and_does_not_block()
    {
        var after = Opinion(0.8, new Mention("a theremin", Judgement.Contradicted, false, 0.8))
            .JoinTo(Check("a hammer striking metal and a theremin"), Statistics);
        Assert.Equal(Verdict.Uncertain, after.Verdict);
        Assert.Equal(0.64, after.Findings.Single(f => f.Text == "a theremin").Severity, 6);
    }

    [Fact]
    public void It_judges_prompts_that_the_embedded_check_abstains_from_if_it_compared_anything()
    {
        var before = Check("a theremin");
        Assert.True(before.Abstained);

        var shown = Opinion(1, new Mention("theremin", Judgement.Shown, false, 1)).JoinTo(before, Statistics);
        Assert.Equal((Verdict.Consistent, false, ""), (shown.Verdict, shown.Abstained, shown.Why));
        var unknown = Opinion(1, new Mention("theremin", Judgement.Unknown, false, 1)).JoinTo(before, Statistics);
        Assert.Equal((Verdict.Uncertain, true), (unknown.Verdict, unknown.Abstained));
        var contradicted = Opinion(1, new Mention("theremin", Judgement.Contradicted, false, 1)).JoinTo(before, Statistics);
        Assert.Equal((Verdict.Conflict, "a theremin off-screen"), (contradicted.Verdict, Assert.Single(contradicted.Suggestions)));
    }

    [Fact]
    public void A_dynamic_guess_on_an_unfamiliar_picture_does_not_block_because_a_model_agrees_with_the_rest()
    {
        var strange = Hammer with { Features = [.. Hammer.Features.Select((f, i) => f + 40 * Statistics.Head.Scale[i])] };
        var before = Check("a theremin, in complete silence", strange);
        Assert.True(before.Score >= Statistics.ConflictFrom && before.Verdict == Verdict.Uncertain);

        Assert.Equal(
            Verdict.Uncertain, Opinion(1, new Mention("a theremin", Judgement.Shown, false, 1)).JoinTo(before, Statistics).Verdict);
    }
}
