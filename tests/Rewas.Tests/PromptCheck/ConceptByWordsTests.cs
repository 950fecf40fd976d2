using Rewas.PromptCheck;
using Rewas.Text;

namespace Rewas.Tests.PromptCheck;

public sealed class ConceptByWordsTests
{
    [Theory]
    [InlineData("a wailing infant", "voice")]
    [InlineData("a round of applause from the audience", "clapping")]
    [InlineData("a yapping terrier", "dog")]
    [InlineData("gulls at the harbour, somewhere outside", "bird")]
    public void A_source_is_known_by_what_its_words_mean(string prompt, string concept) =>
        Assert.Contains(
            concept,
            PromptReading.Of(prompt, ConceptByWords.Find).Sources.SelectMany(source => source.Concepts).Select(named => named.Name));

    [Fact]
    public void Listed_words_come_first_and_other_clauses_are_read_by_their_meaning()
    {
        var reading = PromptReading.Of("a hammer on metal and a wailing infant outside", ConceptByWords.Find);
        Assert.Equal(["hammer", "voice"], reading.Sources.Select(source => source.Concepts.Single().Name));
        Assert.Equal([false, true], reading.Sources.Select(source => source.OffScreen));
    }

    /// <summary>If concepts were changed, run: rewas models embed-captions</summary>
    [Fact]
    public void What_concepts_are_compared_by_is_embedded_beforehand() =>
        Assert.DoesNotContain(Concepts.All.SelectMany(ConceptByWords.Captions), caption => CaptionEmbeddings.Of(caption) is null);

    [Theory]
    [InlineData("slowly getting louder")]
    [InlineData("very loud, again and again, in the background")]
    [InlineData("the stock exchange opens")]
    [InlineData("no wailing infant")]
    [InlineData("")]
    public void What_names_no_source_means_none(string prompt) => Assert.Empty(PromptReading.Of(prompt, ConceptByWords.Find).Sources);
}
