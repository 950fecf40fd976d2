using System.Globalization;
using System.Numerics.Tensors;
using Rewas.Clip.Faults;
using Rewas.Text;

namespace Rewas.Tests.Text;

public sealed class SentenceEncoderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Cosines from the example that the model's authors publish.</summary>
    [Theory]
    [InlineData("That is a happy dog", 0.695)]
    [InlineData("That is a very happy person", 0.943)]
    [InlineData("Today is a sunny day", 0.257)]
    public void Sentences_lie_as_far_apart_as_the_published_model_says(string other, double cosine) =>
        Assert.Equal(cosine, TensorPrimitives.Dot(Encode("That is a happy person"), Encode(other)), 0.001);

    [Theory]
    [InlineData("a dog barking")]
    [InlineData("犬が吠える")]
    [InlineData("[SEP] [CLS] ~!@#")]
    public void An_embedding_has_unit_length(string text)
    {
        var embedding = Encode(text);
        Assert.Equal(SentenceEncoder.Channels, embedding.Length);
        Assert.Equal(1, TensorPrimitives.Norm(embedding), 1e-5);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("\u0001\u200b")]
    public void A_text_without_a_word_is_all_zeros(string text) => Assert.All(Encode(text), value => Assert.Equal(0, value));

    [Theory]
    [InlineData("Crème brûlée in a café", "creme brulee in a cafe")]
    [InlineData("ÀÿŽőĄ", "ayzoa")]
    public void Accents_and_capitals_change_nothing(string text, string plain) => Assert.Equal(Encode(plain), Encode(text));

    [Fact]
    public void What_does_not_fit_is_cut_off()
    {
        var fits = string.Concat(Enumerable.Repeat("dog ", SentenceEncoder.MaximumTokens - 2));
        Assert.NotEqual(Encode(fits), Encode(fits[4..]));
        Assert.Equal(Encode(fits), Encode(fits + string.Concat(Enumerable.Repeat("rain ", 100_000))));
    }

    [Fact]
    public void A_word_without_end_is_one_unknown_word() =>
        Assert.Equal(Encode(new string('x', 1000)), Encode(new string('x', 10_000_000)));

    [Fact]
    public void Many_threads_at_once_get_the_same_numbers()
    {
        string[] texts = [.. Enumerable.Range(1, 64).Select(i => $"{i} old grandfather clocks")];
        using var one = SentenceEncoder.Load(AppContext.BaseDirectory);
        using var many = SentenceEncoder.Load(AppContext.BaseDirectory);
        var expected = texts.Select(text => one.Encode(text)).ToArray();
        Assert.Equal(expected, texts.AsParallel().AsOrdered().Select(text => many.Encode(text)).ToArray());
    }

    [Fact]
    public void What_a_caller_does_with_an_embedding_does_not_reach_the_next_one()
    {
        var first = Encode("a wooden spoon");
        var expected = first.ToArray();
        Array.Clear(first);
        Assert.Equal(expected, Encode("a wooden spoon"));
    }

    [Fact]
    public async Task Between_texts_the_weights_are_not_in_memory_and_then_they_are_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pages are given back on Linux alone");
        using var rested = SentenceEncoder.Load(AppContext.BaseDirectory);
        rested.Encode("a silver spoon");
        await Wait.UntilAsync(() => ResidentKibibytes() < 1024, "the weights are given back");
        using var other = SentenceEncoder.Load(AppContext.BaseDirectory);
        Assert.Equal(other.Encode("a plastic spoon"), rested.Encode("a plastic spoon"));
        Assert.NotEqual(0, ResidentKibibytes());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var fault = Assert.Throws<InputFault>(() => SentenceEncoder.Load(folder.Path));
        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Contains(folder.File(SentenceEncoder.PackageFile), fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Cuts the file in the headers, in the middle of the weights, and in the names.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(5000)]
    [InlineData(60_000_000)]
    public void A_file_that_is_cut_off_is_refused(int length)
    {
        using (var whole = File.OpenRead(Path.Combine(AppContext.BaseDirectory, SentenceEncoder.PackageFile)))
        using (var cut = File.Create(folder.File(SentenceEncoder.PackageFile)))
        {
            whole.CopyTo(cut);
            cut.SetLength(length);
        }
        Assert.Equal(FaultKind.Precondition, Assert.Throws<InputFault>(() => SentenceEncoder.Load(folder.Path)).Kind);
    }

    /// <summary>How much of the package's file is in this process's memory.</summary>
    static long ResidentKibibytes()
    {
        var (sum, isIt) = (0L, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
            if (!char.IsAsciiLetterUpper(line[0]))                           // an address; the values below it have names
                isIt = line.EndsWith(SentenceEncoder.PackageFile, StringComparison.Ordinal);
            else if (isIt && line.StartsWith("Rss:", StringComparison.Ordinal))
                sum += long.Parse(line.AsSpan("Rss:".Length, line.Length - "Rss: kB".Length), CultureInfo.InvariantCulture);
        return sum;
    }

    static float[] Encode(string text) => SentenceEncoder.Shared.Encode(text);
}
