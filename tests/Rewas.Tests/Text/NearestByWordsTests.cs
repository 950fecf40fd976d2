using System.Numerics.Tensors;
using System.Text.Json;
using Rewas.Text;

namespace Rewas.Tests.Text;

public sealed class NearestByWordsTests
{
    /// <summary>Phrases written before the captions were extended and the threshold was calibrated. Neither used them.</summary>
    static readonly IReadOnlyDictionary<string, string[]> Phrases = Read();

    [Fact]
    public void No_caption_has_the_phrases_that_it_is_measured_with()
    {
        var captions = LabelCaptions.Labels.SelectMany(LabelCaptions.Of).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(Phrases.SelectMany(label => label.Value), captions.Contains);
    }

    [Fact]
    public void Words_alone_find_the_label_of_nine_phrases_in_ten()
    {
        var nearest = Among(Phrases.Keys);
        var found = Phrases.SelectMany(label => label.Value.Select(phrase => nearest.Ranked(phrase)[0].Label == label.Key)).ToArray();
        Assert.InRange(found.Length, 100, int.MaxValue);
        Assert.InRange(found.Average(right => right ? 1.0 : 0), 0.90, 1);
    }

    [Fact]
    public void Few_of_the_labels_that_are_near_enough_are_wrong()
    {
        var nearest = Among(Phrases.Keys);
        var found = Phrases.SelectMany(label => label.Value.Select(phrase => (label.Key, nearest.Find(phrase)?.Label))).ToArray();
        Assert.InRange(found.Average(pair => pair.Label is null ? 0.0 : 1), 0.85, 1);
        Assert.InRange(found.Where(pair => pair.Label is not null).Average(pair => pair.Label == pair.Key ? 1.0 : 0), 0.95, 1);
    }

    [Theory]
    [InlineData("quantum field theory")]
    [InlineData("lorem ipsum dolor sit amet")]
    [InlineData("the stock exchange opens")]
    [InlineData("")]
    public void A_text_that_speaks_of_no_sound_finds_none(string text) => Assert.Null(Among(LabelCaptions.Labels).Find(text));

    /// <summary>If the captions were changed, run: rewas models embed-captions</summary>
    [Fact]
    public void Every_caption_is_embedded_beforehand_as_the_encoder_would()
    {
        string[] captions = [.. LabelCaptions.Labels.SelectMany(LabelCaptions.Of).Distinct()];
        Assert.DoesNotContain(captions, caption => CaptionEmbeddings.Of(caption) is null);
        Assert.All(captions.Where((_, i) => i % 100 == 0), caption =>
            Assert.Equal(
                1, TensorPrimitives.CosineSimilarity(CaptionEmbeddings.Of(caption)!, SentenceEncoder.Shared.Encode(caption)), 1e-4));
        Assert.Null(CaptionEmbeddings.Of("a text that is no caption"));
    }

    [Fact]
    public void A_match_says_which_caption_was_near_and_how_near()
    {
        var nearest = new NearestByWords([new("one", ["a", "b"]), new("other", ["c"])], text => text switch
        {
            "a" => [1, 0],
            "b" => [0.6f, 0.8f],
            "c" => [0, -1],
            _ => [0, 1],
        }, threshold: 0.8);
        Assert.Equal(["one", "other"], nearest.Ranked("text").Select(match => match.Label));
        Assert.Equal(new WordMatch("one", "b", 0.8f), nearest.Find("text"));
        Assert.Null(new NearestByWords([new("other", ["c"])], _ => [0, 1], threshold: 1.01).Find("text"));
        Assert.Null(new NearestByWords([]).Find("text"));
    }

    [Fact]
    public void Captions_that_could_not_be_encoded_are_encoded_for_the_next_text()
    {
        var encodes = false;
        var nearest = new NearestByWords(
            [new("one", ["a"])], text => encodes || text == "text" ? (float[])[1] : throw new IOException("not now"), threshold: 0.5);
        Assert.Throws<IOException>(() => nearest.Find("text"));
        encodes = true;
        Assert.Equal("one", nearest.Find("text")?.Label);
    }

    static NearestByWords Among(IEnumerable<string> labels) =>
        new(labels.Select(label => KeyValuePair.Create(label, LabelCaptions.Of(label))));

    static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(NearestByWordsTests).Assembly.GetManifestResourceStream("phrases-of-labels.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream)!;
    }
}
