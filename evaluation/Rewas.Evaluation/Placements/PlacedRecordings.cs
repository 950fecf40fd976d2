using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Statistics;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Sound.Levels;
using Rewas.Sound.Placement;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Evaluation.Placements;

/// <summary>
/// Do placed recordings follow the curves of other recordings, and do they stay what they are? Writes the placed sounds and the recordings
/// themselves, each with a list (label, file) for a judge that names sounds.
/// </summary>
/// <param name="folder">Has an index.csv with file, label, set and fold.</param>
/// <param name="takes">Recordings of a label that are placed, at most.</param>
sealed class PlacedRecordings(string folder, string fold, int takes)
{
    public const string PlacedList = "LIST.tsv", OwnList = "RECORDINGS.tsv";
    const string Set = "ESC-10", JudgesFold = "4";
    const int CurvesOfLabel = 4, OtherLabel = 3;                             // curves of the label that comes so many later
    const double CorrelationLeast = 0.95;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="otherLabel">Curves of recordings of another label.</param>
    /// <param name="tell">Receives a line of progress.</param>
    public async Task<IReadOnlyList<PlacementFigure>> MeasureAsync(
        bool otherLabel, string? output, Action<string> tell, CancellationToken cancel)
    {
        var rows = RecordingIndex.Read(folder, "file", "label", "set", "fold").Where(row => row["set"] == Set).ToList();
        string[] labels = [.. rows.Select(row => row["label"]).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length <= OtherLabel)
            throw InputFault.Invalid("recordings", $"the index of '{folder}' must have more than {OtherLabel} labels in the set {Set}");
        var (placed, own, correlations) = (new List<string>(), new List<string>(), new List<double>());
        for (var i = 0; i < labels.Length; i++)
        {
            var (label, curveLabel) = (labels[i], labels[otherLabel ? (i + OtherLabel) % labels.Length : i]);
            var recordings = new List<Recording>();
            foreach (var file in Files(rows, label, row => row["fold"] != fold && row["fold"] != JudgesFold).Take(takes))
                recordings.Add(new(file, ClipTiming.SampleRate, await ReadAsync(file, cancel)));
            foreach (var (number, recording) in recordings.Index())
                await WriteAsync($"recording-{Name(label, number)}", recording.Channels[0], label, own);
            foreach (var (number, file) in Files(rows, curveLabel, row => row["fold"] == fold).Take(CurvesOfLabel).Index())
            {
                var curve = RecordingEnergy.Of(await ReadAsync(file, cancel), new());
                var pieces = SoundPlacement.Place(recordings, curve.Values, new() { Seed = (uint)number });
                var wave = new PieceRenderer(pieces, recordings).RenderMono(curve.Count * ClipTiming.HopSamples);
                correlations.Add(Rewas.Sound.Correlation.Pearson(RecordingEnergy.Of([.. wave], new()).Values, curve.Values));
                await WriteAsync(Name(label, number), wave, label, placed);
            }
            tell(FormattableString.Invariant($"{label} under {curveLabel}: correlation so far {correlations.Average():0.000}"));
        }
        if (output is not null)
        {
            await File.WriteAllLinesAsync(Path.Combine(output, PlacedList), placed, cancel);
            await File.WriteAllLinesAsync(Path.Combine(output, OwnList), own, cancel);
        }
        return
        [
            PlacementFigure.AtLeast(
                $"energy correlation, curves of {(otherLabel ? "another label" : "the same label")}", $"{correlations.Count} curves",
                correlations.Average(), Bootstrap.OfMean(correlations), CorrelationLeast),
        ];

        async Task WriteAsync(string name, float[] wave, string label, List<string> list)
        {
            if (output is null)
                return;
            var path = Path.Combine(Directory.CreateDirectory(output).FullName, $"{name}.wav");
            await WavFile.WriteAsync(path, new(wave, ClipTiming.SampleRate), cancellationToken: cancel);
            list.Add($"{label}\t{path}");
        }
    }

    List<string> Files(
        List<IReadOnlyDictionary<string, string>> rows, string label, Func<IReadOnlyDictionary<string, string>, bool> where)
    {
        List<string> files = [.. rows.Where(row => row["label"] == label && where(row)).Select(row => row["file"])];
        return files.Count > 0
            ? files
            : throw InputFault.Invalid(
                "recordings", $"the index of '{folder}' must have '{label}' in fold {fold} of {Set} and in another, but has not");
    }

    async Task<float[]> ReadAsync(string file, CancellationToken cancel)
    {
        var wave = await SoundReader.ReadFloatsAsync(Path.Combine(folder, file), Longest, cancel);
        Loudness.NormaliseForTraining(wave);
        return wave;
    }

    static string Name(string label, int number) => FormattableString.Invariant($"{label.Replace(' ', '-')}-{number}");
}
