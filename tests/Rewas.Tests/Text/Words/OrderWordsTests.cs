using Rewas.Clip.Faults;
using Rewas.Text.Words;
using Rewas.V1;

namespace Rewas.Tests.Text.Words;

public sealed class OrderWordsTests
{
    [Fact]
    public void Words_of_negation_and_loudness_become_options_and_an_edit()
    {
        var (order, words) = OrderWords.Understood(Order("rain, no dog, quietly", options => options.NegativePrompt = "hum"));
        Assert.Equal(("rain", "hum, dog", "literal"), (order.Options.Prompt, order.Options.NegativePrompt, order.Options.Words));
        Assert.Equal(-6, Assert.Single(order.Edits).Gain.Decibels);
        Assert.Equal("to hear: \"rain\"; not to hear: \"dog\"; level: -6 dB", words.Summary());
    }

    [Fact]
    public void What_was_understood_is_not_understood_again()
    {
        var (once, _) = OrderWords.Understood(Order("rain, no dog, quietly"));
        var (twice, words) = OrderWords.Understood(once);
        Assert.Equal(once, twice);
        Assert.True(words.IsAsWritten);
    }

    [Theory]
    [InlineData("rain on a roof, with thunder")]
    [InlineData("  A Train; (old) & wind!  ")]
    [InlineData("very heavy rain")]
    [InlineData("an engine that does not start")]
    [InlineData("\"No Woman No Cry\" on a guitar")]
    public void A_prompt_without_such_words_is_passed_on_byte_for_byte(string prompt)
    {
        var (order, words) = OrderWords.Understood(Order(prompt));
        Assert.Equal((prompt, "", 0), (order.Options.Prompt, order.Options.NegativePrompt, order.Edits.Count));
        Assert.True(words.IsAsWritten);
        Assert.Equal("", words.Summary());
    }

    [Fact]
    public void Literal_words_are_left_alone()
    {
        var (order, words) = OrderWords.Understood(Order("rain, no dog, quietly", options => options.Words = "literal"));
        Assert.Equal(("rain, no dog, quietly", "", 0), (order.Options.Prompt, order.Options.NegativePrompt, order.Edits.Count));
        Assert.True(words.IsAsWritten);
    }

    [Theory]
    [InlineData("no dog", "prompt: must say what to hear, but says only what not to hear: \"dog\"")]
    [InlineData("a bit quieter", "prompt: must say what to hear, but says only how loud")]
    [InlineData("rain, 40 dB louder", "prompt: must ask for a change from -60 to +12 dB, but asks for +40 dB")]
    public void Words_that_cannot_be_done_are_refused(string prompt, string said) =>
        Assert.StartsWith(said, Assert.Throws<InputFault>(() => OrderWords.Understood(Order(prompt))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sound_that_follows_no_curve_has_the_level_itself()
    {
        var (order, _) = OrderWords.Understood(Order("quiet rain", options => options.Control = "text-only"));
        Assert.Equal((-6, 0), (order.Options.Level, order.Edits.Count));
    }

    [Fact]
    public void An_environment_has_words_of_its_own()
    {
        var asked = Order("a hammer, no wind");
        asked.Environment = new() { Prompt = "quiet wind without birds", Decibels = -12 };
        var (order, _) = OrderWords.Understood(asked);
        Assert.Equal(("a hammer", "wind"), (order.Options.Prompt, order.Options.NegativePrompt));
        Assert.Equal(("wind", "birds", -18), (order.Environment.Prompt, order.Environment.NegativePrompt, order.Environment.Decibels));
        Assert.Empty(order.Edits);
    }

    [Fact]
    public void A_level_of_one_of_several_sounds_is_said_and_not_done()
    {
        var words = PromptWords.Read("thunder and quiet rain");
        Assert.Equal(("thunder, rain", 0), (words.Prompt, words.Decibels));
        Assert.Contains("one curve has one level", Assert.Single(words.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("собака лает")]
    [InlineData("ein Zerhacker rattert")]
    [InlineData("配上龘龘声")]
    public void A_sentence_that_cannot_be_read_says_so_and_is_passed_on(string prompt)
    {
        var words = PromptWords.Read(prompt);
        Assert.Equal((prompt, false), (words.Prompt, words.IsRead));
        Assert.Contains("cannot read", words.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Places_are_those_of_the_prompt_as_it_was_written()
    {
        var words = PromptWords.Read("没有音乐，大雨");
        Assert.Equal((5, 2), words.AskedPlace(0, words.Prompt.Length));
        words = PromptWords.Read("no dog, heavy rain");
        var (start, length) = words.AskedPlace(6, 4);
        Assert.Equal("rain", words.Asked.Substring(start, length));
    }

    [Fact]
    public void Any_text_is_read_without_a_fault_and_always_alike()
    {
        var random = new Random(5);
        string[] pieces =
        [
            "no", "not", "without", "quiet", "too", "very", "6 dB", "%", "-", "\"", "不要", "狗", "だけ", "ein", "pas", "'", ",", "、", " ", "🐕",
            "\ud800", "\u0301", "rain", "and", "or", "that", "-free", "w/o", "don't", "(", "12", "音", "只", "ß", "\0", "\n",
        ];
        for (var round = 0; round < 5000; round++)
        {
            var chosen = Enumerable.Range(0, 1 + random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]);
            var text = string.Join(round % 2 == 0 ? " " : "", chosen);
            var (first, second) = (PromptWords.Read(text), PromptWords.Read(text));
            Assert.Equal((first.Prompt, first.Negative, first.Decibels), (second.Prompt, second.Negative, second.Decibels));
            Assert.True(double.IsFinite(first.Decibels));
            foreach (var (start, length) in new[] { first.AskedPlace(0, 1), first.AskedPlace(0, first.Prompt.Length) })
                Assert.InRange(start + length, 0, text.Length);
        }
    }

    static SoundOrder Order(string prompt, Action<GenerateOptions>? more = null)
    {
        var order = new SoundOrder { Options = new() { Prompt = prompt } };
        more?.Invoke(order.Options);
        return order;
    }
}
