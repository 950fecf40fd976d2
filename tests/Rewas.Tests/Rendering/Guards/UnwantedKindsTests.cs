using Rewas.Rendering.Guards;

namespace Rewas.Tests.Rendering.Guards;

public sealed class UnwantedKindsTests
{
    [Theory]
    [InlineData("footsteps on gravel", "speech, singing, music")]
    [InlineData("a man walking on gravel", "speech, singing, music")]
    [InlineData("typing on a keyboard", "speech, singing, music")]
    [InlineData("a fridge hums", "speech, singing, music")]
    [InlineData("a woman speaking in a church", "music")]
    [InlineData("Somebody TALKS, far away", "music")]
    [InlineData("a choir in a cathedral", "speech")]
    [InlineData("an old piano", "speech")]
    [InlineData("rain, no music", "speech, singing, music")]
    [InlineData("rain without any loud music", "speech, singing, music")]
    [InlineData("no rain in the garden, a piano", "speech")]
    [InlineData("a crying baby", "music")]
    [InlineData("只要钢琴声", "speech")]
    [InlineData("regen ohne musik", "speech, singing, music")]
    [InlineData("un bebé llorando", "music")]
    [InlineData("музыка", "")]
    public void A_prompt_allows_what_it_asks_for_and_nothing_else(string prompt, string unwanted) =>
        Assert.Equal(unwanted, string.Join(", ", UnwantedKinds.Of(new() { Prompt = prompt })));

    [Fact]
    public void An_order_may_refuse_what_its_prompt_asks_for()
    {
        const string prompt = "a talking radio with songs";
        Assert.Equal(["speech", "singing", "music"], UnwantedKinds.Of(new() { Prompt = prompt, NoSpeech = true, NoMusic = true }));
        Assert.Equal(["speech", "singing"], UnwantedKinds.Of(new() { Prompt = prompt, NoSpeech = true }));
        Assert.Equal(["singing", "music"], UnwantedKinds.Of(new() { Prompt = prompt, NoMusic = true }));
        Assert.Empty(UnwantedKinds.Of(new() { Prompt = prompt }));
    }
}
