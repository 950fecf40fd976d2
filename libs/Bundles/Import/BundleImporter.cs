using System.Globalization;
using System.Security.Cryptography;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Names;

namespace Rewas.Bundles.Import;

/// <summary>
/// Imports published checkpoints as a bundle: the weights of every network under their own names, the vocabulary, the licences, and
/// bundle.json with the SHA-256 of every source. Import is strict: all errors are reported before anything is written. The bundle appears
/// only when it is complete. An interrupted import resumes where it stopped.
/// </summary>
public sealed class BundleImporter
{
    /// <summary>
    /// Sampling settings of imported bundles. UniPC with 20 steps is as near to the solution as DDIM with 200 (bench/results/quality.md).
    /// The preset "paper" has the authors' own settings.
    /// </summary>
    public static readonly SamplerDefaults Sampler = new(Steps: 20, GuidanceScale: 3, Eta: 0)
    {
        Sampler = SamplerNames.OfFewSteps,
        Spacing = SamplerNames.LogSnr,
    };

    const string LicenceFile = "LICENCES.txt";
    const string PartialSuffix = ".partial";

    readonly ImportRequest request;
    readonly IProgress<ImportProgress> progress;
    readonly IReadOnlyList<PublishedNetwork> networks;

    public BundleImporter(ImportRequest request, IProgress<ImportProgress> progress) : this(request, progress, PublishedNetwork.All)
    {
    }

    internal BundleImporter(ImportRequest request, IProgress<ImportProgress> progress, IReadOnlyList<PublishedNetwork> networks) =>
        (this.request, this.progress, this.networks) = (request, progress, networks);

    /// <summary>The licence text to show before the import.</summary>
    public static string Licences(IEnumerable<string> sources) =>
        "The published weights are licensed by their authors, for non-commercial use where it says NC; "
        + $"this import changes nothing about that.{Environment.NewLine}"
        + string.Concat(PublishedSource.All
            .Where(s => sources.Contains(s.Name)).Select(s => $"  {s.Name}: {s.LicenceText}{Environment.NewLine}"));

    /// <exception cref="InputFault">Files, weights, disk space or output are unsuitable. The message names all errors at once.</exception>
    /// <exception cref="OperationCanceledException">The files written so far are kept for the next import.</exception>
    public Bundle Run(CancellationToken cancellation)
    {
        CheckRequest();
        var files = new List<SourceFile>();
        try
        {
            foreach (var source in PublishedSource.All)
                if (request.Files.TryGetValue(source.Name, out var path))
                    files.Add(new SourceFile(source, path, request.UseAverages));
            var plan = new ImportPlan(Configured(), files);
            var vocabularies = Vocabularies(plan).ToList();
            return Write(plan, files, vocabularies, cancellation);
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    string Partial => Path.TrimEndingDirectorySeparator(request.Output) + PartialSuffix;

    void CheckRequest()
    {
        var known = PublishedSource.All.Select(s => s.Name).ToList();
        if (request.Files.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException($"'{unknown}' is not one of {string.Join(", ", known)}");
        if (!Bundle.IsName(request.Name))
            throw InputFault.Invalid(
                "output",
                "its last part names the bundle, which must be lower-case letters, digits and hyphens, at most 64, " +
                $"but is '{request.Name}'");
        if (Directory.Exists(request.Output) || File.Exists(request.Output))
            throw InputFault.Invalid("output", $"'{request.Output}' exists already");
        if (request.Control is not ("energy" or "onset"))
            throw InputFault.Invalid("control", $"must be energy or onset, but is '{request.Control}'");
    }

    /// <summary>The networks. Melception gets the statistics that its own file lacks.</summary>
    IReadOnlyList<PublishedNetwork> Configured()
    {
        if (!request.Files.ContainsKey(PublishedSource.Melception.Name))
            return networks;
        var statistics = request.MelceptionStatistics
            ?? throw InputFault.Invalid(
                "melception-statistics", "must be given with melception: train_means_stds_melspec_10s_22050hz.txt of SpecVQGAN");
        return [.. networks.Select(n => n.Name == PublishedNetwork.Melception ? MelStatistics.Read(statistics).AppliedTo(n) : n)];
    }

    /// <summary>Vocabulary files that the networks need, with their names in the bundle. Each is readable.</summary>
    IEnumerable<(string Path, string Name)> Vocabularies(ImportPlan plan)
    {
        if (plan.MakesSound)
        {
            var (vocabulary, merges) = VocabularyPaths("tokenizer", request.Tokenizer);
            PromptTokenizer.Load(vocabulary, merges);
            yield return (vocabulary, PromptTokenizer.VocabularyFile);
            yield return (merges, PromptTokenizer.MergesFile);
        }
        if (request.Files.ContainsKey(PublishedSource.Clip.Name))
        {
            var (vocabulary, merges) = VocabularyPaths("clip-tokenizer", request.ClipTokenizer);
            ClipTokenizer.Load(vocabulary, merges);
            yield return (vocabulary, ClipTokenizer.VocabularyFile);
            yield return (merges, ClipTokenizer.MergesFile);
        }
    }

    /// <summary>Paths of a vocabulary and its merges. CLAP's and CLIP's are both published under RoBERTa's file names.</summary>
    static (string Vocabulary, string Merges) VocabularyPaths(string field, string? folder)
    {
        if (folder is null)
            throw InputFault.Invalid(field, $"must be given: --{field} DIR");
        return (Existing(PromptTokenizer.VocabularyFile), Existing(PromptTokenizer.MergesFile));

        string Existing(string file) => Path.Combine(folder, file) is var path && File.Exists(path)
            ? path
            : throw InputFault.NotFound(field, $"'{path}' does not exist");
    }

    Bundle Write(ImportPlan plan, List<SourceFile> files, List<(string Path, string Name)> vocabularies, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid("output", $"'{Partial}' cannot be made: {e.Message}", e);
        }
        var state = ImportState.Load(Partial, $"{request.Precision} {request.UseAverages} {string.Join(' ', files.Select(Stamp))}");
        CheckSpace(plan, state);

        // :: Step 1: hash the sources.
        foreach (var file in files)
            if (!state.Hashes.ContainsKey(Stamp(file)))
            {
                state.Hashes[Stamp(file)] = Hash(file, cancellation);
                state.Save(Partial);
            }

        // :: Step 2: write the weights, network by network, with one weight in memory at a time.
        foreach (var network in plan.Networks.Where(n => !state.Has(Partial, n.Network.File)))
            WriteWeights(network, state, cancellation);

        // :: Step 3: write the rest and rename the folder.
        foreach (var (path, name) in vocabularies)
            File.Copy(path, Path.Combine(Partial, name), overwrite: true);
        File.WriteAllText(Path.Combine(Partial, LicenceFile), Licences(files.Select(f => f.Source.Name)));
        progress.Report(new("hashing the bundle", 0, 1));
        PartialFile.DeleteLeftOvers(Partial);                                // left by an import that was killed while writing
        File.Delete(Path.Combine(Partial, ImportState.FileName));
        BundleWriter.Write(Partial, Manifest(plan, files, state));
        progress.Report(new("hashing the bundle", 1, 1));
        Directory.Move(Partial, request.Output);
        var bundle = Bundle.Open(request.Output, verify: false);
        bundle.MarkVerified();
        return bundle;
    }

    void WriteWeights(PlannedNetwork network, ImportState state, CancellationToken cancellation)
    {
        var (done, total) = (0L, Count(network.Network));
        var path = Path.Combine(Partial, network.Network.File);
        SafetensorsWriter.Write(path,
            [.. network.Weights().Select(weight => weight with { Values = () => Tell(weight) })], request.Precision);
        state.Written[network.Network.File] = new FileInfo(path).Length;
        state.Save(Partial);

        ReadOnlyMemory<float> Tell(WeightToStore weight)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = weight.Values();
            progress.Report(new($"writing {network.Network.Name}", done += values.Length, total));
            return values;
        }
    }

    BundleManifest Manifest(ImportPlan plan, List<SourceFile> files, ImportState state) => new()
    {
        FormatVersion = BundleManifest.CurrentFormatVersion,
        Name = request.Name,
        Control = request.Control,
        Licence = plan.MakesSound ? PublishedSource.CombinedLicence : string.Join(" AND ", files.Select(f => f.Source.Licence).Distinct()),
        TrainedOn = plan.MakesSound
            ? "VGGSound, and AudioCaps, AudioSet, FreeSound and BBC sound effects for AudioLDM, by the weights' authors; "
                + "imported from their published files."
            : "AudioSet (CNN14), VGGSound (Melception) and pictures with texts from the web (CLIP), by the weights' authors; "
                + "imported from their published files.",
        Timing = new ClipTiming(),
        Sampler = Sampler,
        LatentScale = plan.LatentScale,
        Networks = plan.Networks.ToDictionary(
            n => n.Network.Name,
            n => new BundleNetwork(n.Network.Description.Architecture, n.Network.Description.Configuration, n.Network.File)
            {
                Precision = n.Network.IsLarge ? request.Computation : PrecisionNames.Float32,
            }),
        Files = new Dictionary<string, BundleFile>(),
        Sources =
        [
            .. files.Select(f => new BundleSource(
                f.Source.Name, f.FileName, state.Hashes[Stamp(f)], new FileInfo(f.Path).Length, f.Source.Licence, f.IsAveraged)),
        ],
    };

    void CheckSpace(ImportPlan plan, ImportState state)
    {
        var missing = plan.Networks.Where(n => !state.Has(Partial, n.Network.File));
        var needed = missing.Sum(n => Count(n.Network)) * StoredTensor.SizeOf(request.Precision);
        var free = new DriveInfo(Path.GetFullPath(Partial)).AvailableFreeSpace;
        if (free < needed)
            throw InputFault.Exhausted("output", $"needs {needed} bytes of disk, but {free} are free where '{Partial}' is");
    }

    string Hash(SourceFile file, CancellationToken cancellation)
    {
        using var stream = new FileStream(
            file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 22];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
            progress.Report(new($"hashing {file.FileName}", stream.Position, stream.Length));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static long Count(PublishedNetwork network) => network.Weights.Values.Sum(shape => shape.Aggregate(1L, (count, size) => count * size));

    static string Stamp(SourceFile file)
    {
        var facts = new FileInfo(file.Path);
        return string.Create(CultureInfo.InvariantCulture, $"{file.Path}:{facts.Length}:{facts.LastWriteTimeUtc.Ticks}");
    }
}
