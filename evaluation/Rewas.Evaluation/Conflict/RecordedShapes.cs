using Rewas.Conflict;
using Rewas.Curves;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Video;

namespace Rewas.Evaluation;

/// <summary>Energies of labelled recordings, from a folder with an index.csv of columns file and label.</summary>
public static class RecordedShapes
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="folder">The recordings.</param>
    /// <param name="perLabel">Of the labels that a concept names, at most so many of a label, the first in the index.</param>
    /// <param name="timing">How the bundle cuts time: the energy is smoothed as a prediction is.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="InputFault">No index, or not such columns.</exception>
    public static async Task<IReadOnlyList<(string Label, float[] Energy)>> ReadAsync(string folder, int perLabel, ClipTiming timing, CancellationToken cancel)
    {
        var index = RecordingIndex.Read(folder, "file", "label");
        var known = Concepts.All.SelectMany(concept => concept.Labels).ToHashSet(StringComparer.Ordinal);
        var chosen = index.Where(row => known.Contains(row["label"])).GroupBy(row => row["label"]).SelectMany(group => group.Take(perLabel)).ToArray();
        var recordings = new (string, float[])[chosen.Length];
        await Parallel.ForAsync(0, chosen.Length, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel }, async (i, stop) =>
        {
            var samples = await SoundReader.ReadFloatsAsync(Path.Combine(folder, chosen[i]["file"]), Longest, stop);
            recordings[i] = (chosen[i]["label"], RecordingEnergy.Of(samples, timing).Values.ToArray());
        });
        return recordings;
    }
}
