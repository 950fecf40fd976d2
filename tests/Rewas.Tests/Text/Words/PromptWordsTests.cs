using Rewas.Text.Words;

namespace Rewas.Tests.Text.Words;

public sealed class PromptWordsTests
{
    [Fact]
    public void Understands_95_of_100_English_sentences_with_negations_and_loudness()
    {
        var wrong = Wrong(Sentence.English, isExact: true);
        Assert.True(wrong.Count <= 0.05 * Sentence.English.Count, string.Join('\n', wrong));
    }

    [Fact]
    public void Understands_90_of_100_sentences_in_six_languages()
    {
        var wrong = Wrong(Sentence.OfLanguages, isExact: false);
        Assert.True(wrong.Count <= 0.1 * Sentence.OfLanguages.Count, string.Join('\n', wrong));
    }

    static List<string> Wrong(IReadOnlyList<Sentence> sentences, bool isExact)
    {
        var wrong = new List<string>();
        foreach (var sentence in sentences)
        {
            var words = PromptWords.Read(sentence.Asked);
            if (sentence.Difference(words.Prompt, words.Negative, words.Decibels, isExact) is { Length: > 0 } why)
                wrong.Add($"{sentence.Language} {sentence.Asked}: {why} | {words.Language} {words.Prompt} | {words.Negative} | "
                    + $"{words.Decibels} | {words.Summary()}");
        }
        return wrong;
    }
}
