using System.Collections.Concurrent;
using System.Security.Cryptography;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound.Levels;
using Rewas.Sound.Placement;

namespace Rewas.Text.Memory;

/// <summary>
/// The recordings in a bundle, found by words. Everything is verified on first use, each recording by its hash. Thread-safe.
/// </summary>
public sealed class SoundMemory
{
    const string Field = "memory";

    /// <summary>Number of decoded recordings kept in memory, a third of a megabyte each.</summary>
    const int MostDecoded = 64;

    /// <summary>Takes that give a placement enough choice.</summary>
    const int Enough = 4;

    /// <summary>Largest distance in cosine between the nearest label and another that means the same sound.</summary>
    const double AlmostAsNear = 0.12;

    readonly MemoryIndex index;
    readonly string recordingsPath;
    readonly NearestByWords words;
    readonly ConcurrentDictionary<int, Recording> decoded = new();

    SoundMemory(MemoryIndex index, string recordingsPath, NearestByWords words) =>
        (this.index, this.recordingsPath, this.words) = (index, recordingsPath, words);

    /// <summary>The memory of a bundle; null if it has none.</summary>
    /// <param name="encode">The bundle's own text encoder, for a memory whose captions it has encoded.</param>
    /// <exception cref="InputFault">The memory is invalid.</exception>
    public static SoundMemory? Of(Bundle bundle, Func<string, float[]> encode)
    {
        if (!bundle.Manifest.Files.ContainsKey(MemoryIndex.IndexFile))
            return null;
        var recordings = bundle.Path(MemoryIndex.RecordingsFile);
        var index = MemoryIndexFile.Read(bundle.Path(MemoryIndex.IndexFile), new FileInfo(recordings).Length);
        var texts = index.Captions.Values.SelectMany(captions => captions).ToList();
        var table = NpyFile.Read(bundle.Path(MemoryIndex.WordsFile));
        if (table.Shape.Length != 2 || table.Shape[0] != texts.Count || table.Type != ElementType.Float32)
            throw InputFault.Precondition(
                Field,
                $"{MemoryIndex.WordsFile} must be float32 [{texts.Count}, channels], " +
                $"but is {table.Type} [{string.Join(", ", table.Shape)}]");
        var known = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var channels = (int)table.Shape[1];
        for (var i = 0; i < texts.Count; i++)
            known[texts[i]] = table.Floats.Slice(i * channels, channels).ToArray();
        var reads = index.Encoder == MemoryIndex.SentenceWords ? text => SentenceEncoder.Shared.Encode(text) : encode;
        return new(index, recordings, new NearestByWords(
            index.Captions, text => known.GetValueOrDefault(text) ?? Checked(reads(text), channels), index.Threshold));
    }

    /// <summary>
    /// Finds the recordings that match a prompt, best first, at most <paramref name="most"/>. Empty if none match. A label that has too few
    /// is filled up from labels that are almost as near and share a word with it: "rain light" has one recording, and "rain" has sixteen.
    /// </summary>
    /// <exception cref="InputFault">A recording is damaged.</exception>
    public IReadOnlyList<RememberedSound> Find(string prompt, int most)
    {
        var found = new List<RememberedSound>();
        string? nearest = null;
        foreach (var match in words.Matches(prompt, AlmostAsNear))
        {
            nearest ??= match.Label;
            if (!SharesWord(match.Label, nearest))
                continue;
            for (var i = 0; i < index.Recordings.Count && found.Count < most; i++)
                if (index.Recordings[i].Label == match.Label)
                    found.Add(new(index.Recordings[i], Decoded(i)));
            if (found.Count >= Enough)
                break;
        }
        return found;
    }

    static bool SharesWord(string label, string other) => label.Split(' ').Intersect(other.Split(' ')).Any();

    Recording Decoded(int i)
    {
        if (decoded.TryGetValue(i, out var known))
            return known;
        if (decoded.Count >= MostDecoded)
            decoded.Clear();
        return decoded[i] = Decode(index.Recordings[i]);
    }

    Recording Decode(MemoryRecording recording)
    {
        var bytes = new byte[recording.Bytes];
        using (var file = File.OpenHandle(recordingsPath))
            for (var read = 0; read < bytes.Length;)
                read += RandomAccess.Read(file, bytes.AsSpan(read), recording.Offset + read) is > 0 and var count
                    ? count
                    : throw InputFault.Precondition(Field, $"{MemoryIndex.RecordingsFile} is cut off");
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) is var found && found != recording.Sha256)
            throw InputFault.Precondition(Field, $"'{recording.Caption}' has SHA-256 {found}, but {recording.Sha256} is expected");
        var samples = OpusSound.Decode(bytes, Field, MemoryIndexFile.LongestSeconds);
        Loudness.NormaliseForTraining(samples);
        return new(recording.Caption, ClipTiming.SampleRate, samples);
    }

    static float[] Checked(float[] embedding, int channels) => embedding.Length == channels
        ? embedding
        : throw InputFault.Precondition(Field, $"its words have {channels} numbers, but the text encoder gives {embedding.Length}");
}

/// <summary>A recording that was found.</summary>
/// <param name="Sound">Its sound, scaled to peak 0.5.</param>
public sealed record RememberedSound(MemoryRecording Row, Recording Sound);
