using System.Numerics.Tensors;
using Rewas.Bundles;

namespace Rewas.Text;

/// <summary>
/// Finds the label that a text refers to. Each label has captions, and the label with the nearest caption is chosen if it is near enough.
/// Captions are encoded on first use, except those in <see cref="CaptionEmbeddings"/>. Thread-safe.
/// </summary>
public sealed class NearestByWords
{
    /// <summary>
    /// Least cosine at which a text matches a label, for embeddings of <see cref="SentenceEncoder"/>. Calibrated on
    /// <see cref="LabelCaptions"/> by comparing each caption with all others: 98.5% of those that find their label are above it. Of 40
    /// texts about other sounds, 10 are above it.
    /// </summary>
    public const double SentenceThreshold = 0.55;

    readonly Func<string, float[]> encode;
    readonly double threshold;
    readonly LoadedOnce<Entry[]> entries;

    /// <param name="captions">Captions of each label, at least one each.</param>
    /// <param name="encode">Gives a text's embedding, of unit length or all zeros. Null: the sentence encoder.</param>
    /// <param name="threshold">Least cosine of a match, specific to the encoder.</param>
    public NearestByWords(
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> captions, Func<string, float[]>? encode = null,
        double threshold = SentenceThreshold)
    {
        this.encode = encode ?? (text => SentenceEncoder.Shared.Encode(text));
        this.threshold = threshold;
        KeyValuePair<string, IReadOnlyList<string>>[] given = [.. captions];
        var encodeCaption = encode ?? (caption => CaptionEmbeddings.Of(caption) ?? SentenceEncoder.Shared.Encode(caption));
        entries = new(() =>
            [.. from label in given from caption in label.Value select new Entry(label.Key, caption, encodeCaption(caption))]);
    }

    /// <summary>The label that a text refers to; null if none is near enough.</summary>
    public WordMatch? Find(string text) => Ranked(text) is [var nearest, ..] && nearest.Similarity >= threshold ? nearest : null;

    /// <summary>The labels that a text may refer to, nearest first. Empty if none is near enough.</summary>
    /// <param name="margin">Largest distance in cosine from the nearest.</param>
    public IEnumerable<WordMatch> Matches(string text, double margin)
    {
        var ranked = Ranked(text);
        return ranked.TakeWhile(match => match.Similarity >= Math.Max(threshold, ranked[0].Similarity - margin));
    }

    /// <summary>All labels, nearest first.</summary>
    public IReadOnlyList<WordMatch> Ranked(string text)
    {
        var embedding = encode(text);
        return
        [
            .. entries.Value.Select(entry => new WordMatch(entry.Label, entry.Caption, TensorPrimitives.Dot(embedding, entry.Embedding)))
                .GroupBy(match => match.Label, (_, matches) => matches.MaxBy(match => match.Similarity))
                .OrderByDescending(match => match.Similarity),
        ];
    }

    sealed record Entry(string Label, string Caption, float[] Embedding);
}

/// <summary>A label that a text may refer to.</summary>
/// <param name="Caption">Its caption nearest to the text.</param>
/// <param name="Similarity">Cosine of caption and text, -1 to 1.</param>
public readonly record struct WordMatch(string Label, string Caption, double Similarity);
