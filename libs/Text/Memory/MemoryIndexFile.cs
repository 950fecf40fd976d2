using System.Text.Json;
using System.Text.RegularExpressions;
using Rewas.Clip.Faults;

namespace Rewas.Text.Memory;

/// <summary>Reads and writes memory.json. Its content is not trusted.</summary>
public static partial class MemoryIndexFile
{
    public const int MostRecordings = 5000, MostRecordingBytes = 1 << 20, MostCaptions = 20_000, MostTextCharacters = 2000;
    public const double LongestSeconds = 30;
    const long MostIndexBytes = 16 << 20;
    const string Field = "memory";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 8,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <param name="path">Path of memory.json.</param>
    /// <param name="recordingsBytes">Length of the file of all recordings.</param>
    /// <exception cref="InputFault">The file cannot be read or is invalid. The message names all errors at once.</exception>
    public static MemoryIndex Read(string path, long recordingsBytes)
    {
        try
        {
            if (new FileInfo(path).Length > MostIndexBytes)
                throw InputFault.Exhausted(Field, $"'{path}' may have at most {MostIndexBytes} bytes");
            var index = JsonSerializer.Deserialize<MemoryIndex>(File.ReadAllBytes(path), Json)
                ?? throw InputFault.Precondition(Field, $"'{path}' is empty");
            var faults = Faults(index, recordingsBytes).Take(10).ToList();
            return faults.Count == 0 ? index : throw InputFault.Precondition(Field, $"'{path}': {string.Join("; ", faults)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw InputFault.Precondition(Field, $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    public static void Write(string path, MemoryIndex index) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(index, Json));

    static IEnumerable<string> Faults(MemoryIndex index, long recordingsBytes)
    {
        if (index.FormatVersion != MemoryIndex.CurrentFormatVersion)
        {
            yield return $"formatVersion must be {MemoryIndex.CurrentFormatVersion}, but is {index.FormatVersion}";
            yield break;
        }
        if (index.Encoder is not (MemoryIndex.SentenceWords or MemoryIndex.BundleWords))
            yield return $"encoder must be {MemoryIndex.SentenceWords} or {MemoryIndex.BundleWords}, but is '{index.Encoder}'";
        if (NumberRange.Fault(index.Threshold, 0, 1) is { } threshold)
            yield return $"threshold {threshold}";
        if (index.Recordings.Count is 0 or > MostRecordings)
            yield return $"recordings must be 1 to {MostRecordings}, but are {index.Recordings.Count}";
        if (index.Captions.Values.Sum(captions => captions?.Count ?? 0) is 0 or > MostCaptions)
            yield return $"captions must be 1 to {MostCaptions}";
        foreach (var (label, captions) in index.Captions)
            if (!IsText(label) || captions is not { Count: > 0 } || captions.Any(caption => !IsText(caption)))
            {
                var shown = label.Length <= 40 ? label : label[..40];
                yield return $"label '{shown}': must have captions of 1 to {MostTextCharacters} characters";
            }
        for (var i = 0; i < index.Recordings.Count; i++)
            foreach (var fault in Faults(index.Recordings[i], index, recordingsBytes))
                yield return $"recording {i}: {fault}";
    }

    static IEnumerable<string> Faults(MemoryRecording? recording, MemoryIndex index, long recordingsBytes)
    {
        if (recording is null)
        {
            yield return "is null";
            yield break;
        }
        if (!index.Captions.ContainsKey(recording.Label))
            yield return "its label has no captions";
        if (!IsText(recording.Caption) || !IsText(recording.Author) || !IsText(recording.Source) || !IsText(recording.Licence))
            yield return $"caption, author, source and licence must have 1 to {MostTextCharacters} characters";
        if (!HashPattern().IsMatch(recording.Sha256))
            yield return "sha256 must be 64 lower-case hexadecimal digits";
        if (recording.Bytes is < 1 or > MostRecordingBytes)
            yield return $"bytes must be from 1 to {MostRecordingBytes}, but is {recording.Bytes}";
        if (recording.Offset < 0 || recording.Offset > recordingsBytes - recording.Bytes)
            yield return $"must lie within the {recordingsBytes} bytes of {MemoryIndex.RecordingsFile}, but begins at {recording.Offset}";
        if (!(recording.Seconds > 0 && recording.Seconds <= LongestSeconds))
            yield return FormattableString.Invariant($"seconds must be above 0 and at most {LongestSeconds}, but is {recording.Seconds}");
    }

    static bool IsText(string? text) => text is { Length: > 0 and <= MostTextCharacters };

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex HashPattern();
}
