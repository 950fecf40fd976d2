using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.PromptCheck;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Evaluation.PromptChecks;

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
        var index = RecordingIndex.Read(folder, "file", "label");
        var known = Concepts.All.SelectMany(concept => concept.Labels).ToHashSet(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string>[] chosen =
        [
            .. index.Where(row => known.Contains(row["label"])).GroupBy(row => row["label"]).SelectMany(group => group.Take(perLabel)),
        ];
        var recordings = new (string, float[])[chosen.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel };
        await Parallel.ForAsync(0, chosen.Length, parallel, async (i, stop) =>
        {
            var samples = await SoundReader.ReadFloatsAsync(Path.Combine(folder, chosen[i]["file"]), Longest, stop);
            recordings[i] = (chosen[i]["label"], RecordingEnergy.Of(samples, timing).Values.ToArray());
        });
        return recordings;
    }
}
