using System.Security.Cryptography;
using System.Text;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Text.Memory;
using Rewas.Video;

namespace Rewas.Cli.Memory;

/// <summary>Chooses recordings and writes them as the memory of a bundle.</summary>
/// <param name="captions">Phrases for each label.</param>
/// <param name="encoder">Name of the text encoder; see <see cref="MemoryIndex.Encoder"/>.</param>
/// <param name="threshold">Cosine similarity from which a prompt matches a label.</param>
/// <param name="encode">The text encoder.</param>
sealed class MemoryBuilder(IReadOnlyDictionary<string, string[]> captions, string encoder, double threshold, Func<string, float[]> encode)
{
    const int BitsPerSecond = 32_000;
    const double EnoughSeconds = 5;                                          // a longer recording is no better

    /// <param name="bundle">The bundle. Its existing memory is replaced.</param>
    /// <param name="sources">The recordings to choose from.</param>
    /// <param name="mostBytes">Limit for all recordings together.</param>
    /// <param name="mostOfLabel">Limit of recordings for each label.</param>
    /// <param name="cancel">Stops before anything is written.</param>
    public async Task<MemoryIndex> BuildAsync(
        Bundle bundle, IReadOnlyList<MemorySource> sources, long mostBytes, int mostOfLabel, CancellationToken cancel)
    {
        var candidates = new MemoryCandidate?[sources.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, sources.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel },
            async (i, stop) => candidates[i] = await MemoryCandidate.ReadAsync(sources[i], stop));
        using var sounds = new MemoryStream();
        var rows = new List<MemoryRecording>();
        foreach (var candidate in InTurns(candidates, mostOfLabel))
        {
            var file = await OpusExport.EncodeAsync(candidate.Samples, BitsPerSecond, cancel);
            if (sounds.Length + file.Length > mostBytes)
                break;
            var source = candidate.Source;
            rows.Add(new(
                source.Label, source.Caption ?? CaptionsOf(source.Label) switch { [_, var phrase, ..] => phrase, var label => label[0] },
                source.Author, source.Source, source.Licence,
                sounds.Length,
                file.Length,
                Convert.ToHexStringLower(SHA256.HashData(file)),
                (double)candidate.Samples.Length / ClipTiming.SampleRate));
            sounds.Write(file);
        }
        if (rows.Count == 0)
            throw InputFault.Invalid("recordings", "have none that may be kept");

        var words = rows.GroupBy(row => row.Label).OrderBy(label => label.Key, StringComparer.Ordinal)
            .ToDictionary(
                label => label.Key,
                label => (IReadOnlyList<string>)[.. CaptionsOf(label.Key).Concat(label.Select(row => row.Caption)).Distinct()]);
        var index = new MemoryIndex
        {
            FormatVersion = MemoryIndex.CurrentFormatVersion,
            Encoder = encoder,
            Threshold = threshold,
            Captions = words,
            Recordings = rows,
        };
        var embeddings = words.Values.SelectMany(texts => texts).Select(encode).ToList();
        NpyFile.Write(
            Path.Combine(bundle.Directory, MemoryIndex.WordsFile),
            HostTensor.Of(embeddings.SelectMany(row => row).ToArray(), embeddings.Count, embeddings[0].Length));
        await File.WriteAllBytesAsync(Path.Combine(bundle.Directory, MemoryIndex.RecordingsFile), sounds.ToArray(), cancel);
        await File.WriteAllTextAsync(Path.Combine(bundle.Directory, MemoryIndex.CreditsFile), Credits(rows), cancel);
        MemoryIndexFile.Write(Path.Combine(bundle.Directory, MemoryIndex.IndexFile), index);
        BundleWriter.Write(bundle.Directory, bundle.Manifest);
        return index;
    }

    /// <summary>
    /// The best recording of every label, then every second best, and so on. So no label is left out when space runs out. Within a label,
    /// every author comes once before any author comes twice: recordings of one author are often cuts of one take.
    /// </summary>
    static IEnumerable<MemoryCandidate> InTurns(IEnumerable<MemoryCandidate?> candidates, int mostOfLabel) => candidates
        .OfType<MemoryCandidate>()
        .GroupBy(candidate => candidate.Source.Label)
        .OrderBy(label => label.Key, StringComparer.Ordinal)
        .SelectMany(label =>
            label.GroupBy(candidate => candidate.Source.Author)
                .SelectMany(author => author
                    .OrderByDescending(candidate => Math.Min(candidate.LoudSeconds, EnoughSeconds))
                    .Select((candidate, turn) => (candidate, turn)))
                .OrderBy(ranked => ranked.turn)
                .ThenByDescending(ranked => Math.Min(ranked.candidate.LoudSeconds, EnoughSeconds))
                .Select(ranked => ranked.candidate)
                .Take(mostOfLabel)
                .Select((candidate, rank) => (candidate, rank)))
        .OrderBy(ranked => ranked.rank)
        .Select(ranked => ranked.candidate);

    IReadOnlyList<string> CaptionsOf(string label) => captions.TryGetValue(label, out var phrases) ? [label, .. phrases] : [label];

    static string Credits(IEnumerable<MemoryRecording> rows)
    {
        var text = new StringBuilder(
            "# Recordings of the memory\n\nThis bundle carries these recordings, which their authors gave to everybody. Thank you.\n");
        foreach (var licence in rows.GroupBy(row => row.Licence).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append($"\n## {licence.Key}\n\n");
            foreach (var author in licence.GroupBy(row => row.Author).OrderBy(group => group.Key, StringComparer.Ordinal))
                text.Append(
                    $"- {Plain(author.Key)}: {string.Join("; ", author.Select(row => $"{Plain(row.Label)}, {Plain(row.Source)}"))}\n");
        }
        return text.ToString();
    }

    /// <summary>Removes markup from names, which come from outside.</summary>
    static string Plain(string name) =>
        string.Concat(name.Select(c => char.IsControl(c) || c is '<' or '>' or '[' or ']' or '|' ? ' ' : c));
}
