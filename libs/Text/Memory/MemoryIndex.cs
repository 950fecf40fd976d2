namespace Rewas.Text.Memory;

/// <summary>Content of a bundle's memory.json: the recordings in the bundle, and the captions by which they are found.</summary>
public sealed record MemoryIndex
{
    public const int CurrentFormatVersion = 1;

    /// <summary>
    /// Files in the bundle: this index, the concatenated recordings, the embeddings of the captions [captions, channels], and the
    /// credits.
    /// </summary>
    public const string IndexFile = "memory.json", RecordingsFile = "memory.bin", WordsFile = "memory.npy";
    public const string CreditsFile = "MEMORY-CREDITS.md";

    public required int FormatVersion { get; init; }

    /// <summary>
    /// Encoder of the captions: <see cref="SentenceWords"/>, or <see cref="BundleWords"/>, the bundle's own text encoder.
    /// </summary>
    public required string Encoder { get; init; }

    public const string SentenceWords = "minilm", BundleWords = "bundle";

    /// <summary>Least cosine at which a prompt matches a label, 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>Captions of each label, in the order of their embeddings.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Captions { get; init; }

    /// <summary>Sorted by quality within each label, best first.</summary>
    public required IReadOnlyList<MemoryRecording> Recordings { get; init; }
}

/// <summary>A recording in a bundle.</summary>
/// <param name="Label">One of the captions' labels.</param>
/// <param name="Caption">What is heard.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Licence">"CC0" or "public domain".</param>
/// <param name="Offset">First byte in the file of all recordings.</param>
/// <param name="Bytes">Size of its Ogg Opus file.</param>
/// <param name="Sha256">Hash of that file, lower-case hexadecimal.</param>
public sealed record MemoryRecording(
    string Label, string Caption, string Author, string Source, string Licence, long Offset, int Bytes, string Sha256, double Seconds);
