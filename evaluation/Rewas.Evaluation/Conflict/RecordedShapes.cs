using Rewas.Conflict;
using Rewas.Curves;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Video;

namespace Rewas.Evaluation;

/// <summary>Energies of labelled recordings, from a folder with an index.csv with the columns file and label.</summary>
public static class RecordedShapes
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="perLabel">Most recordings per label of a concept, the first in the index.</param>
    /// <param name="timing">Its smoothing is applied to the energy, as to a prediction.</param>
    /// <exception cref="InputFault">The index or a column is missing.</exception>
    public static async Task<IReadOnlyList<(string Label, float[] Energy)>> ReadAsync(
        string folder, int perLabel, ClipTiming timing, CancellationToken cancel)
    {
        var index = Path.Combine(folder, "index.csv");
        if (!File.Exists(index))
            throw InputFault.NotFound("recordings", $"'{index}' does not exist");
        var lines = await File.ReadAllLinesAsync(index, cancel);
        var header = CsvLine.Fields(lines[0]).ToList();
        var (file, label) = (header.IndexOf("file"), header.IndexOf("label"));
        if (file < 0 || label < 0)
            throw InputFault.Invalid("recordings", $"'{index}' must have columns file and label");
        var known = Concepts.All.SelectMany(concept => concept.Labels).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<string>[] chosen =
        [
            .. lines.Skip(1).Select(CsvLine.Fields)
                .Where(row => row.Count > Math.Max(file, label) && known.Contains(row[label]))
                .GroupBy(row => row[label]).SelectMany(group => group.Take(perLabel)),
        ];
        var recordings = new (string, float[])[chosen.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel };
        await Parallel.ForAsync(0, chosen.Length, parallel, async (i, stop) =>
        {
            var samples = await SoundReader.ReadAsync(Path.Combine(folder, chosen[i][file]), Longest, stop);
            recordings[i] = (chosen[i][label], RecordingEnergy.Of([.. samples.Select(sample => sample / 32768f)], timing).Values.ToArray());
        });
        return recordings;
    }
}
