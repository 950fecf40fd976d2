using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Trainer.Data;

/// <summary>A labelled recording and its credit.</summary>
/// <param name="File">Path below the folder of the index.</param>
/// <param name="Label">What is heard, e.g. "crying baby".</param>
/// <param name="Licence">As the index gives it.</param>
/// <param name="Author">As the index gives it.</param>
/// <param name="Url">Where it was published. Recordings of one page may be parts of one take.</param>
/// <param name="Samples">16-bit, 16,000 per second.</param>
sealed record Recording(string File, string Label, string Licence, string Author, string Url, short[] Samples);

/// <summary>A folder of recordings with an <c>index.csv</c> (columns file, label, licence, author, and url or source).</summary>
static class RecordingFolder
{
    /// <summary>One take of each label in this many is held out.</summary>
    const int HeldOutEvery = 5;

    static readonly TimeSpan LongestRecording = TimeSpan.FromSeconds(30);

    /// <summary>Reads the recordings of a folder, in the order of its index.</summary>
    /// <param name="folder">A folder with an index.</param>
    /// <param name="leftOut">Rows that match all values of one of these, by column, are skipped. A judge's recordings must not be trained
    /// on.</param>
    /// <exception cref="InputFault">The index or a file cannot be read.</exception>
    public static async Task<IReadOnlyList<Recording>> ReadAsync(
        string folder, IReadOnlyList<IReadOnlyDictionary<string, string>> leftOut, CancellationToken cancellation)
    {
        var rows = ReadIndex(folder, leftOut);
        var recordings = new Recording[rows.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, rows.Count), cancellation, async (i, stop) =>
        {
            var path = Path.GetFullPath(Path.Combine(folder, rows[i].File));
            if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw InputFault.Invalid("recordings", $"'{rows[i].File}' lies outside the folder");
            recordings[i] = rows[i] with { Samples = await ReadSoundAsync(path, stop) };
        });
        return recordings;
    }

    /// <summary>
    /// Splits recordings into those for training and those held out. Whole takes are held out, so no two recordings of one take are on
    /// different sides. Labels with fewer than <see cref="HeldOutEvery"/> takes are used for training only.
    /// </summary>
    public static (IReadOnlyList<Recording> Training, IReadOnlyList<Recording> HeldOut) Split(IEnumerable<Recording> recordings)
    {
        var (training, heldOut) = (new List<Recording>(), new List<Recording>());
        foreach (var label in recordings.GroupBy(r => r.Label))
        {
            var takes = label.GroupBy(r => r.Url).OrderBy(take => take.Key, StringComparer.Ordinal).ToList();
            for (var i = 0; i < takes.Count; i++)
                (i % HeldOutEvery == HeldOutEvery - 1 ? heldOut : training).AddRange(takes[i]);
        }
        return (training, heldOut);
    }

    // WAV files are read without ffmpeg, whose start takes longer than decoding. A folder of them is ready in a second instead of minutes.
    static async Task<short[]> ReadSoundAsync(string path, CancellationToken cancellation)
    {
        if (!path.EndsWith(".wav", StringComparison.OrdinalIgnoreCase))
            return await SoundReader.ReadAsync(path, LongestRecording, cancellation);
        await using var file = File.Exists(path) ? File.OpenRead(path) : throw InputFault.NotFound("recording", $"'{path}' does not exist");
        var reader = await WavReader.OpenAsync(file, new WavLimits { MaxDuration = TimeSpan.FromDays(1) }, "recording", cancellation);
        var samples = new float[(int)(LongestRecording.TotalSeconds * reader.SampleRate)];
        var (count, read) = (0, 0);
        while ((read = await reader.ReadAsync(samples.AsMemory(count), cancellation)) > 0)
            count += read;
        var wave = count == 0
            ? throw InputFault.Invalid("recording", $"'{path}' has no sound")
            : new Waveform(samples[..count], reader.SampleRate).At(ClipTiming.SampleRate);
        return [.. wave.Samples.Select(s => (short)Math.Clamp(MathF.Round(s * -short.MinValue), short.MinValue, short.MaxValue))];
    }

    static List<Recording> ReadIndex(string folder, IReadOnlyList<IReadOnlyDictionary<string, string>> leftOut) =>
    [
        .. RecordingIndex.Read(folder, "file", "label", "licence", "author", "url or source")
            .Where(row => !leftOut.Any(values => values.All(value => row.TryGetValue(value.Key, out var field) && field == value.Value)))
            .Select(row => new Recording(
                row["file"], row["label"], row["licence"], row["author"], row.TryGetValue("url", out var url) ? url : row["source"], [])),
    ];
}
