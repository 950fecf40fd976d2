using Rewas.Agent.Tools;

namespace Rewas.Tests.Agent;

public sealed class OverrideWordsTests
{
    [Theory]
    [InlineData("make it anyway")]
    [InlineData("Make it ANYWAY!")]
    [InlineData("yes, go on regardless")]
    [InlineData("no, make it anyway")]
    [InlineData("I don't care, make it anyway")]
    [InlineData("I don\u2019t mind, override it")]
    [InlineData("I do not like it but make it anyway")]
    [InlineData("this is not a dog. make it anyway")]
    [InlineData("why not make it anyway")]
    [InlineData("ignore the warning")]
    public void An_override_is_given(string words) => Assert.Equal(OverrideMention.Given, OverrideWords.In(words));

    [Theory]
    [InlineData("don't make it anyway")]
    [InlineData("DONT make it anyway")]
    [InlineData("don\u2019t make it anyway")]
    [InlineData("please do not override this")]
    [InlineData("never do it regardless")]
    [InlineData("I would rather not have it anyway")]
    [InlineData("I wouldn't make it anyway")]
    [InlineData("no need to make it anyway")]
    [InlineData("do not, whatever I said, make it anyway")]
    [InlineData("make it anyway? no, do not make it anyway")]
    [InlineData("you must not ignore the conflict")]
    [InlineData("should I make it anyway?")]
    [InlineData("what happens if I say anyway")]
    public void An_override_is_refused_or_only_mentioned(string words) => Assert.Equal(OverrideMention.Refused, OverrideWords.In(words));

    [Theory]
    [InlineData("add the sound of rain")]
    [InlineData("don't make it")]
    [InlineData("a voice that says \"do it anyway\"")]
    public void Other_words_say_nothing_about_it(string words) => Assert.Equal(OverrideMention.None, OverrideWords.In(words));
}
