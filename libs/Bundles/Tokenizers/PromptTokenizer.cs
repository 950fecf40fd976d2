using Microsoft.ML.Tokenizers;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Tokenizers;

/// <summary>
/// RoBERTa's byte-level BPE (Liu et al., 2019): turns text into ids for the text encoder, with the bundle's vocabulary (<c>vocab.json</c>,
/// <c>merges.txt</c>). Any text can be encoded, because unknown parts are split into bytes.
/// </summary>
public sealed class PromptTokenizer
{
    public const string VocabularyFile = "vocab.json", MergesFile = "merges.txt";

    /// <summary>First ids of every vocabulary of this kind.</summary>
    public const int Begin = 0, Padding = 1, End = 2, Unknown = 3;

    public static readonly IReadOnlyList<string> SpecialTokens = ["<s>", "<pad>", "</s>", "<unk>"];

    readonly BpeTokenizer bpe;
    readonly int maximumTokens;

    PromptTokenizer(BpeTokenizer bpe, int maximumTokens) => (this.bpe, this.maximumTokens) = (bpe, maximumTokens);

    /// <param name="maximumTokens">Longer texts are truncated to this many ids, as in the published pipeline (512).</param>
    /// <exception cref="InputFault">The vocabulary is missing or unusable.</exception>
    public static PromptTokenizer Load(Bundle bundle, int maximumTokens = 512) =>
        Load(bundle.Path(VocabularyFile), bundle.Path(MergesFile), maximumTokens);

    /// <inheritdoc cref="Load(Bundle, int)"/>
    public static PromptTokenizer Load(string vocabularyPath, string mergesPath, int maximumTokens = 512)
    {
        try
        {
            return new(BpeTokenizer.Create(new BpeOptions(vocabularyPath, mergesPath)
            {
                ByteLevel = true,
                PreTokenizer = RobertaPreTokenizer.Instance,
                UnknownToken = SpecialTokens[Unknown],
            }), maximumTokens);
        }
        catch (Exception e) when (e
            is ArgumentException or System.Text.Json.JsonException or InvalidOperationException or FormatException or IOException)
        {
            throw InputFault.Precondition("vocabulary", e.Message, e);
        }
    }

    /// <summary>Encodes a text: <c>&lt;s&gt; ... &lt;/s&gt;</c>. The empty text gives <c>&lt;s&gt; &lt;/s&gt;</c>.</summary>
    public long[] Encode(string text)
    {
        // The pre-tokenizer splits special tokens that are spelled out in a prompt, so they are plain text.
        var inner = bpe.EncodeToIds(text);
        return [Begin, .. inner.Take(maximumTokens - 2).Select(id => (long)id), End];
    }
}
