using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Video;

namespace Rewas.Evaluation.Galleries;

/// <summary>Real recordings to compare sounds with, from folders with an index.csv. Only recordings free of rights are used.</summary>
/// <param name="folders">Each has an index.csv with file, label, licence, author, and url or source.</param>
sealed class RealRecordings(IReadOnlyList<string> folders)
{
    const string FreeOfRights = "CC0";

    readonly List<(string Folder, IReadOnlyDictionary<string, string> Row)> rows =
        [.. folders.SelectMany(folder => RecordingIndex.Read(folder, "file", "label", "licence", "author", "url or source")
            .Where(row => row["licence"] == FreeOfRights).Select(row => (folder, row)))];

    /// <exception cref="InputFault">No folder has a recording of one of the labels.</exception>
    public void Require(IEnumerable<string> labels) => InputFault.ThrowIfAny(
    [
        .. labels.Where(label => !rows.Exists(row => row.Row["label"] == label)).Select(label =>
            InputFault.Invalid("recordings", $"must have a {FreeOfRights} recording of '{label}', but have none")),
    ]);

    /// <summary>The first recording of a label, at peak 0.5, cut or followed by silence to a length; and whom to credit.</summary>
    /// <param name="samples">At 16 kHz.</param>
    public async Task<(float[] Wave, string Credit)> ReadAsync(string label, int samples, CancellationToken cancel)
    {
        var (folder, row) = rows.Find(row => row.Row["label"] == label);
        var sound = await SoundReader.ReadFloatsAsync(
            Path.Combine(folder, row["file"]), TimeSpan.FromSeconds((double)samples / ClipTiming.SampleRate), cancel);
        Loudness.NormaliseForTraining(sound);
        var wave = new float[samples];
        sound.AsSpan(0, Math.Min(sound.Length, samples)).CopyTo(wave);
        return (wave, $"{row["author"]}, {row.GetValueOrDefault("url") ?? row["source"]} ({FreeOfRights})");
    }
}
