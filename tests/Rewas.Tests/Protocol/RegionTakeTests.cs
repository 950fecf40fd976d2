using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Tests.Protocol;

public sealed class RegionTakeTests
{
    [Fact]
    public void A_take_changes_what_it_names_and_nothing_else()
    {
        var whole = new GenerateOptions { Prompt = "a hammer", Seed = 7, Steps = 20, Takes = { "0s..1s seed=1" } };
        var take = RegionTake.Parse("1.25s..2s seed=9 prompt=\"glass, breaking; loud\" guidance=3.5", "take");
        Assert.Equal((1.25, 2.0), (take.From, take.To));
        var options = take.Apply(whole);
        Assert.Equal(
            ("glass, breaking; loud", 9UL, 20, 3.5, 0),
            (options.Prompt, options.Seed, options.Steps, options.GuidanceScale, options.Takes.Count));
        Assert.Equal(("a hammer", 1), (whole.Prompt, whole.Takes.Count));
    }

    [Theory]
    [InlineData("", "must be a part and its options, such as 1.2s..2s seed=7, but is ''")]
    [InlineData("1s..2s", "must be a part and its options, such as 1.2s..2s seed=7, but is '1s..2s'")]
    [InlineData("1..2 seed=7", "must be a part and its options, such as 1.2s..2s seed=7, but is '1..2 seed=7'")]
    [InlineData("-1s..2s seed=7", "must be a part and its options, such as 1.2s..2s seed=7, but is '-1s..2s seed=7'")]
    [InlineData("1s..2s seed=7\n", "must be a part and its options, such as 1.2s..2s seed=7, but is '1s..2s seed=7?'")]
    [InlineData("2s..1s seed=7", "must last at least 0.05 s, but is 2s..1s")]
    [InlineData("1s..1.04s seed=7", "must last at least 0.05 s, but is 1s..1.04s")]
    [InlineData("1s..2s candidates=2", "may set prompt, seed, preset, steps, guidance, eta, sampler, spacing, memory, start-level, "
        + "negative, energy-guidance, guidance-rescale, guidance-from, guidance-to, but sets candidates")]
    [InlineData("1s..2s seed=-1", "seed: must be from 0 to 4294967295, but is -1")]
    [InlineData("1s..2s prompt=\"\"", "prompt: must have 1 to 2000 characters, but is empty")]
    public void A_text_that_is_no_take_is_refused(string text, string why)
    {
        var fault = Assert.Throws<InputFault>(() => RegionTake.Parse(text, "take"));
        Assert.Equal("take: " + why, fault.Message);
    }
}
