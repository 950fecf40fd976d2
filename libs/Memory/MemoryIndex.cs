namespace Rewas.Memory;

/// <summary>What memory.json of a bundle says: the recordings that it carries, and in which words they are found.</summary>
public sealed record MemoryIndex
{
    public const int CurrentFormatVersion = 1;

    /// <summary>Files of the bundle: this index, the recordings end to end, the embeddings of the captions [captions, channels], and who is to be credited.</summary>
    public const string IndexFile = "memory.json", RecordingsFile = "memory.bin", WordsFile = "memory.npy", CreditsFile = "MEMORY-CREDITS.md";

    public required int FormatVersion { get; init; }

    /// <summary>What reads the words: <see cref="SentenceWords"/>, or <see cref="BundleWords"/>, the bundle's own text encoder.</summary>
    public required string Encoder { get; init; }

    public const string SentenceWords = "minilm", BundleWords = "bundle";

    /// <summary>Cosine from which a prompt speaks of a label, 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>Label to captions that are true of it; their embeddings lie in this order.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Captions { get; init; }

    /// <summary>The best of each label first.</summary>
    public required IReadOnlyList<MemoryRecording> Recordings { get; init; }
}

/// <summary>A recording that a bundle carries.</summary>
/// <param name="Label">One of the captions' labels.</param>
/// <param name="Caption">What is heard.</param>
/// <param name="Author">Who recorded it.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Licence">"CC0" or "public domain".</param>
/// <param name="Offset">Of its first byte in the file of all.</param>
/// <param name="Bytes">Of its Ogg Opus file.</param>
/// <param name="Sha256">Of those, lower-case hexadecimal.</param>
/// <param name="Seconds">Length.</param>
public sealed record MemoryRecording(string Label, string Caption, string Author, string Source, string Licence, long Offset, int Bytes, string Sha256, double Seconds);
