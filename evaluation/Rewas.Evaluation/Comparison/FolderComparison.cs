using Rewas.Clip.Faults;
using Rewas.Evaluation.Features;
using Rewas.Evaluation.Figures;
using Rewas.Evaluation.Reports;

namespace Rewas.Evaluation.Comparison;

/// <summary>
/// Compares a folder of generated recordings with a folder of true ones. Recordings with the same name are pairs. Figures of sets (Frechet
/// distance, inception score) cover all recordings.
/// </summary>
/// <param name="networks">Networks whose features are compared; may be empty.</param>
public sealed class FolderComparison(IReadOnlyList<IFeatureNetwork> networks)
{
    /// <param name="players">Number of pairs that become examples.</param>
    /// <param name="progress">Recordings measured so far, and their total.</param>
    /// <exception cref="InputFault">A folder is missing or empty, or a recording cannot be read.</exception>
    public async Task<(EvaluationReport Report, IReadOnlyList<Example> Examples)> RunAsync(
        string real, string generated, int players, IProgress<(int Done, int Total)> progress, CancellationToken cancellation)
    {
        var trueFiles = SoundFolder.List(real, "a");
        var files = SoundFolder.List(generated, "b");
        var (meter, done, total) = (new ClipMeter(networks, []), 0, trueFiles.Count + files.Count);

        // :: Step 1: compute the features of the true recordings.
        var reference = new Dictionary<string, IReadOnlyDictionary<string, SoundFeatures>>(StringComparer.Ordinal);
        foreach (var file in trueFiles)
        {
            if (networks.Count > 0)
                reference[file.Name] = meter.Features(await file.ReadAsync(cancellation), cancellation);
            progress.Report((++done, total));
        }

        // :: Step 2: measure the generated ones, compared with their pair if there is one.
        var pairs = trueFiles.ToDictionary(file => file.Name, StringComparer.Ordinal);
        var (clips, examples) = (new List<ClipMeasures>(), new List<Example>());
        foreach (var file in files)
        {
            var samples = await file.ReadAsync(cancellation);
            var truth = pairs.TryGetValue(file.Name, out var pair) ? await pair.ReadAsync(cancellation) : null;
            clips.Add(meter.Measure(
                file.Name, truth, samples, truth is null ? null : reference.GetValueOrDefault(file.Name), cancellation: cancellation));
            if (examples.Count < players)
                examples.Add(new(file.Name, truth is null ? [("B", samples)] : [("A", truth), ("B", samples)]));
            progress.Report((++done, total));
        }

        // :: Step 3: compute the figures of the sets.
        var names = networks.Select(network => network.Name).ToList();
        var arePairs = files.Count == trueFiles.Count && files.All(file => pairs.ContainsKey(file.Name));
        var figures = SystemFigures.Of(clips, arePairs ? null : names.ToDictionary(
            name => name, name => (IReadOnlyList<SoundFeatures>)[.. trueFiles.Select(file => reference[file.Name][name])]));
        var notes = Notes(trueFiles, files, files.Count(file => pairs.ContainsKey(file.Name)), names);
        return (new("Two folders of recordings", notes, [new("B", figures, clips)]), examples);
    }

    static List<string> Notes(IReadOnlyList<SoundFile> real, IReadOnlyList<SoundFile> generated, int pairs, List<string> networks)
    {
        var notes = new List<string>
        {
            $"A, the true recordings: {real.Count}. B, the generated ones: {generated.Count}. Pairs of the same name: {pairs}.",
            networks.Count > 0
                ? $"Networks: {string.Join("; ", networks)}. Figures of different networks are not comparable with each other."
                : "No network was given (--features), so there is no Frechet distance, inception score or KL.",
        };
        if (pairs == 0)
            notes.Add("No recording of B has the name of one of A, so nothing is compared clip by clip.");
        return notes;
    }
}
