using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Tokenizers;

/// <summary>
/// CLIP's byte-level BPE (Radford et al., 2021). Text is lower-cased and split into words, digits, and runs of punctuation; the last symbol
/// of each is marked with <c>&lt;/w&gt;</c>. Matches `simple_tokenizer.py` of openai/CLIP, except for its repair of garbled Unicode.
/// </summary>
public sealed partial class ClipTokenizer
{
    /// <summary>File names in a bundle. RoBERTa's vocabulary has the plain names.</summary>
    public const string VocabularyFile = "clip-vocab.json", MergesFile = "clip-merges.txt";

    /// <summary>First and last token of every text. Zeros follow the last one.</summary>
    public const string BeginToken = "<|startoftext|>", EndToken = "<|endoftext|>";

    const string EndOfWord = "</w>";

    readonly BpeTokenizer bpe;
    readonly long begin, end;

    ClipTokenizer(BpeTokenizer bpe, long begin, long end) => (this.bpe, this.begin, this.end) = (bpe, begin, end);

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", RegexOptions.CultureInvariant, 1000)]
    static partial Regex Words { get; }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    static partial Regex Spaces { get; }

    /// <exception cref="InputFault">The vocabulary is missing or unusable.</exception>
    public static ClipTokenizer Load(Bundle bundle) => Load(bundle.Path(VocabularyFile), bundle.Path(MergesFile));

    /// <param name="vocabularyPath">A JSON object from token to id.</param>
    /// <param name="mergesPath">Two symbols per line, the more frequent pair first.</param>
    /// <exception cref="InputFault">The vocabulary is missing or unusable.</exception>
    public static ClipTokenizer Load(string vocabularyPath, string mergesPath)
    {
        try
        {
            var bpe = BpeTokenizer.Create(new BpeOptions(vocabularyPath, mergesPath)
            {
                ByteLevel = true,
                EndOfWordSuffix = EndOfWord,
                PreTokenizer = new RegexPreTokenizer(Words, specialTokens: null),
            });
            return new(bpe, Id(bpe, BeginToken), Id(bpe, EndToken));
        }
        catch (Exception e) when (e
            is ArgumentException or System.Text.Json.JsonException or InvalidOperationException or FormatException or IOException)
        {
            throw InputFault.Precondition("clip vocabulary", e.Message, e);
        }
    }

    /// <summary>Encodes a text: start token, text, end token, then zeros.</summary>
    /// <param name="text">A text that is too long is truncated. Special tokens in it are treated as plain text.</param>
    /// <param name="length">Number of ids.</param>
    public long[] Encode(string text, int length)
    {
        var ids = new long[length];
        long[] inner = [.. bpe.EncodeToIds(Spaces.Replace(text, " ").Trim().ToLowerInvariant()).Take(length - 2)];
        ids[0] = begin;
        inner.CopyTo(ids, 1);
        ids[inner.Length + 1] = end;
        return ids;
    }

    static long Id(BpeTokenizer bpe, string token) =>
        bpe.Vocabulary.TryGetValue(token, out var id) ? id : throw new FormatException($"'{token}' is not in it");
}
