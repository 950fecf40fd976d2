using System.Numerics.Tensors;

namespace Rewas.Text;

/// <summary>
/// Which of several labels a text speaks of: each label has captions, and the label whose caption lies nearest to the text is meant, if it
/// is near enough. The captions are encoded when they are first needed, but for those of <see cref="CaptionEmbeddings"/>. All members may
/// be used by several threads at once.
/// </summary>
public sealed class NearestByWords
{
    /// <summary>
    /// The cosine from which a text is taken to speak of a label, for embeddings of <see cref="SentenceEncoder"/>. Calibrated on <see
    /// cref="LabelCaptions"/>: each caption is looked up among all the others, and of those that find their label 98.5% lie above this. Of
    /// 40 texts that speak of none of the sounds, 10 do.
    /// </summary>
    public const double SentenceThreshold = 0.55;

    readonly Func<string, float[]> encode;
    readonly double threshold;
    readonly Lazy<Entry[]> entries;

    /// <param name="captions">Label to captions that are true of it, at least one each.</param>
    /// <param name="encode">Text to its embedding, of unit length or all zeros; null: the sentence encoder.</param>
    /// <param name="threshold">Cosine from which a label is found; each encoder has its own.</param>
    public NearestByWords(
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> captions, Func<string, float[]>? encode = null, double threshold = SentenceThreshold)
    {
        this.encode = encode ?? (text => SentenceEncoder.Shared.Encode(text));
        this.threshold = threshold;
        KeyValuePair<string, IReadOnlyList<string>>[] given = [.. captions];
        var encodeCaption = encode ?? (caption => CaptionEmbeddings.Of(caption) ?? SentenceEncoder.Shared.Encode(caption));
        entries = new(() =>
            [.. from label in given from caption in label.Value select new Entry(label.Key, caption, encodeCaption(caption))]);
    }

    /// <summary>The label that a text speaks of; null where none is near enough.</summary>
    public WordMatch? Find(string text) => Ranked(text) is [var nearest, ..] && nearest.Similarity >= threshold ? nearest : null;

    /// <summary>All labels, the nearest first.</summary>
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

/// <summary>A label that a text may speak of.</summary>
/// <param name="Label">The label.</param>
/// <param name="Caption">Its caption that lies nearest to the text.</param>
/// <param name="Similarity">Cosine of the two, -1 to 1.</param>
public readonly record struct WordMatch(string Label, string Caption, double Similarity);
