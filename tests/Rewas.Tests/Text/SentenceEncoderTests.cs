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
        var alone = Encode("an old grandfather clock");
        Assert.All(
            Enumerable.Range(0, 64).AsParallel().Select(_ => Encode("an old grandfather clock")).ToArray(),
            embedding => Assert.Equal(alone, embedding));
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

    static float[] Encode(string text) => SentenceEncoder.Shared.Encode(text);
}
