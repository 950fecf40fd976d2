using System.CommandLine;
using System.Text.Json;
using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Import;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Names;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas models import</c> and <c>rewas models pull</c>: make a bundle from published checkpoints.</summary>
static class ImportCommand
{
    static readonly Dictionary<PublishedSource, Option<string?>> Sources =
        PublishedSource.All.ToDictionary(
            source => source, source => new Option<string?>($"--{source.Name}") { Description = source.Description, HelpName = "FILE" });
    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        Description = "folder with RoBERTa's vocab.json and merges.txt",
        HelpName = "DIR",
    };
    static readonly Option<string?> ClipTokenizer = new("--clip-tokenizer")
    {
        Description = "folder with CLIP's vocab.json and merges.txt, needed with --clip",
        HelpName = "DIR",
    };
    static readonly Option<string?> Statistics = new("--melception-statistics")
    {
        Description = "train_means_stds_melspec_10s_22050hz.txt of SpecVQGAN, needed with --melception",
        HelpName = "FILE",
    };
    static readonly Option<string> Control = new("--control")
    {
        Description = "what the adapter was trained on: energy or onset",
        HelpName = "KIND",
        DefaultValueFactory = _ => "energy",
    };
    static readonly Option<string> Precision = new("--precision")
    {
        Description = "f32; f16: half the disk, the same speed; int8: encoder and denoiser compute in 8-bit integers, two to three times "
            + "as fast, and their weights are made now",
        HelpName = "TYPE",
        DefaultValueFactory = _ => "f32",
    };
    static readonly Option<bool> NoAverages = new("--no-ema")
    {
        Description = "use the raw weights if the file also has their exponential moving averages",
    };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "folder of the new bundle; its last part is the bundle's name",
        HelpName = "DIR",
    };
    static readonly Argument<string> Published = new("name")
    {
        Description = "rewas-vggsound, or clip: CLIP alone, for captions and checks of filmed pictures",
    };
    static readonly Option<string?> Locations = new("--locations")
    {
        Description = "a file with other download addresses, such as a mirror",
        HelpName = "FILE.json",
    };
    static readonly Option<string?> Downloads = new("--downloads")
    {
        Description = "folder for the downloaded files, which are kept",
        HelpName = "DIR",
    };

    static readonly Option<string[]> Hashes = new("--sha256")
    {
        Description = "the SHA-256 that a file must have; may be repeated",
        HelpName = "FILE=HASH",
    };
    static readonly Option<bool> TrustFirst = new("--trust-first-download")
    {
        Description = "accepts files whose SHA-256 nobody has published, and notes it: they must be the same from then on",
    };

    public static Command Import()
    {
        var command = new Command("import", """
            Makes a bundle from the published checkpoints, without Python. A file whose weights are also in another file may be left
            out: the ReWaS checkpoint holds VAE, CLAP and vocoder. --panns and --melception, which `rewas evaluate` uses, and
            --clip, which captions, may be given alone. Download addresses are in docs/published-weights.md; `rewas models pull`
            downloads for you.

            Example:
              rewas models import --rewas audioldm_m_rewas_vggsound.ckpt --phi phi_vggsound.ckpt \
                --synchformer 24-01-04T16-39-21.pt --tokenizer roberta-base -o models/rewas-vggsound
            """)
        {
            Tokenizer, Statistics, ClipTokenizer, Control, Precision, NoAverages, Output, SharedOptions.Json,
        };
        foreach (var option in Sources.Values)
            command.Add(option);
        command.SetAction(CommandAction.Of((arguments, cancel) =>
        {
            var files = Sources.Where(s => arguments.GetValue(s.Value) is not null)
                .ToDictionary(s => s.Key.Name, s => arguments.GetValue(s.Value)!);
            return RunAsync(arguments, files, arguments.GetValue(Tokenizer),
                arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o DIR"), cancel);
        }));
        return command;
    }

    public static Command Pull()
    {
        var command = new Command("pull", """
            Downloads the published checkpoints and makes a bundle from them. Partial downloads are continued. HTTPS_PROXY is used.
            Every file must have the SHA-256 that was given, published, or noted when it first came (SHA256SUMS in the folder of the
            downloads).

            `clip` is one step: its files are tensors and text, which hold no code, so the first download is trusted, and its hashes
            are noted and told. Captions, checks and the agent then use it.

            Examples:
              rewas models pull clip
              rewas models pull rewas-vggsound --trust-first-download
              rewas models pull rewas-vggsound --sha256 phi_vggsound.ckpt=0123...
            """)
        {
            Published, Locations, Downloads, Hashes, TrustFirst, Control, Precision, NoAverages, Output, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var name = arguments.GetRequiredValue(Published);
            var locations = arguments.GetValue(Locations) is { } file ? PublishedFiles.Load(file) : PublishedFiles.BuiltIn(name);
            if (name != locations.Name)
                throw InputFault.NotFound(
                    "name", $"'{name}' has no known download address; {locations.Name} and {PublishedFiles.Clip} have");
            var isClip = name == PublishedFiles.Clip;
            if (isClip && !locations.AreData)
                throw InputFault.Invalid("locations", "must name .safetensors, .json and .txt files only for clip: others may hold code");
            var output = arguments.GetValue(Output) ?? Path.Combine(Bundle.UserFolder, name);
            if (Directory.Exists(output))
                throw InputFault.Invalid("output", $"'{output}' exists already");
            var downloads = arguments.GetValue(Downloads) ?? Path.Combine(Bundle.UserFolder, name + ".downloads");
            var noted = new NotedHashes(downloads);
            var wanted = WithHashes(locations, arguments.GetValue(Hashes) ?? [], noted);
            if (!isClip && !arguments.GetValue(TrustFirst)
                && wanted.Where(file => file.Sha256 is null).Select(file => file.File).ToList() is { Count: > 0 } unknown)
                throw InputFault.Precondition(
                    "sha256",
                    $"is not known of {string.Join(", ", unknown)}: give --sha256 FILE=HASH for each, or --trust-first-download to accept "
                    + "what comes and note its hash");
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            await ActivityBars.ShowAsync(arguments.GetValue(SharedOptions.Json), async progress =>
            {
                var downloader = new Downloader(http, progress);
                foreach (var published in wanted)
                {
                    var path = await downloader.DownloadAsync(published, downloads, cancel);
                    if (isClip)
                        SafeFormat.ThrowUnless(path);
                    noted.Note(published.File, published.Sha256 ?? await FileHash.OfAsync(path, cancel));
                }
                return 0;
            });
            foreach (var first in wanted.Where(file => file.Sha256 is null))
                await Console.Error.WriteLineAsync(
                    $"first download of {first.File}: SHA-256 {noted[first.File]}, noted in {downloads}; it must be the same from now on");
            var files = locations.Files.Where(f => f.Name is not (PublishedFiles.Tokenizer or PublishedFiles.ClipTokenizer))
                .ToDictionary(f => f.Name, f => Path.Combine(downloads, f.File));
            return await RunAsync(arguments, files, downloads, output, cancel, isClip ? downloads : null);
        }));
        return command;
    }

    /// <summary>The files with the hashes that the user gave, that are published, or that were noted when they first came.</summary>
    static List<PublishedFile> WithHashes(PublishedFiles locations, string[] given, NotedHashes noted)
    {
        var hashes = given.Select(Part).ToDictionary(part => part.File, part => part.Hash, StringComparer.Ordinal);
        if (hashes.Keys.Except(locations.Files.Select(file => file.File)).FirstOrDefault() is { } other)
            throw InputFault.Invalid("sha256", $"'{other}' is no file of {locations.Name}");
        return [.. locations.Files.Select(
            file => file with { Sha256 = hashes.GetValueOrDefault(file.File) ?? file.Sha256 ?? noted[file.File] })];

        static (string File, string Hash) Part(string text) =>
            text.LastIndexOf('=') is > 0 and var at && NotedHashes.IsHash(text[(at + 1)..])
                ? (text[..at], text[(at + 1)..])
                : throw InputFault.Invalid("sha256", $"must be FILE=HASH with 64 lower-case hexadecimal digits, but is '{text}'");
    }

    static async Task<int> RunAsync(
        ParseResult arguments, Dictionary<string, string> files, string? tokenizer, string output, CancellationToken cancel,
        string? clipTokenizer = null)
    {
        output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        var (stored, computed) = arguments.GetRequiredValue(Precision) switch
        {
            PrecisionNames.Float32 => (StoredType.Float32, PrecisionNames.Float32),
            "f16" => (StoredType.Float16, PrecisionNames.Float32),
            PrecisionNames.Int8 => (StoredType.Float32, PrecisionNames.Int8),
            var other => throw InputFault.Invalid("precision", $"must be f32, f16 or int8, but is '{other}'"),
        };
        var request = new ImportRequest
        {
            Files = files,
            Tokenizer = tokenizer,
            ClipTokenizer = clipTokenizer
                ?? (arguments.CommandResult.Command.Options.Contains(ClipTokenizer) ? arguments.GetValue(ClipTokenizer) : null),
            MelceptionStatistics = arguments.CommandResult.Command.Options.Contains(Statistics) ? arguments.GetValue(Statistics) : null,
            Output = output,
            Name = Path.GetFileName(output),
            Control = arguments.GetRequiredValue(Control),
            Precision = stored,
            Computation = computed,
            UseAverages = !arguments.GetValue(NoAverages),
        };
        await Console.Error.WriteAsync(BundleImporter.Licences(files.Keys));
        var json = arguments.GetValue(SharedOptions.Json);
        var bundle =
            await ActivityBars.ShowAsync(json, progress => Task.Run(() => Made(request, progress, cancel), cancel));
        Console.WriteLine(json
            ? JsonSerializer.Serialize(
                new { bundle.Manifest.Name, bundle.Directory, bundle.Sha256, bundle.Manifest.Sources }, JsonSerializerOptions.Web)
            : $"{bundle.Directory}: {bundle.Manifest.Networks.Count} networks; use it with --bundle {bundle.Directory}");
        return 0;
    }

    static Bundle Made(ImportRequest request, IProgress<ImportProgress> progress, CancellationToken cancel)
    {
        var bundle = new BundleImporter(request, progress).Run(cancel);
        if (request.Computation == PrecisionNames.Float32 || !bundle.Manifest.Networks.ContainsKey(Denoiser.Network))
            return bundle;
        progress.Report(new("rounding weights to 8 bits", 0, 1));
        AllInOne.Prepare(bundle);
        progress.Report(new("rounding weights to 8 bits", 1, 1));
        return bundle;
    }
}
