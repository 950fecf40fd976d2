using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Memory;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;
using Rewas.Text;
using Rewas.Text.Memory;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas models memory</c>: adds a memory to a bundle: recordings that sampling can start from.</summary>
static class MemoryCommand
{
    const double UsualMegabytes = 14, UsualThresholdOfBundle = 0.3;

    static readonly Argument<string> BundleName = new("bundle") { Description = "name or folder of the bundle; its memory is replaced" };

    static readonly Option<string[]> Recordings = new("--recordings")
    {
        Description = "folders with an index.csv (file, label, licence, author, url or source; optional: caption, ship)",
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string> Captions = new("--captions")
    {
        Description = "phrases for the labels",
        HelpName = "FILE.json",
        DefaultValueFactory = _ => "training/configs/captions.json",
    };
    static readonly Option<string?> WithoutFold =
        NumberOption.Create("--without-fold", "N", "also leaves out this fold of ESC-10, so that its curves can be used for measuring");
    static readonly Option<string?> Megabytes =
        NumberOption.Create("--megabytes", "N", "most megabytes of all recordings, 0.1 to 100 [default: 14]");
    static readonly Option<string?> PerLabel =
        NumberOption.Create("--per-label", "N", "most recordings of one label, 1 to 100 [default: 16]");

    public static Command Create()
    {
        var command = new Command("memory", """
            Gives a bundle a memory: recordings free of rights. Sampling starts from them if they match the prompt. The fold that the
            judges are trained on is always left out.

            Example:
              rewas models memory models/rewas-mini --recordings ../shared/data/foley-cc0 ../shared/data/sounds
            """)
        {
            BundleName, Recordings, Captions, WithoutFold, Megabytes, PerLabel,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var folders = arguments.GetValue(Recordings) is { Length: > 0 } given
            ? given
            : throw InputFault.Invalid("recordings", "must be given: --recordings DIR");
        var bundle = Bundle.Find(arguments.GetRequiredValue(BundleName));
        var sources = MemorySource.Read(folders, (int?)arguments.WholeNumber(WithoutFold, 1, 5));
        var megabytes = arguments.Number(Megabytes) ?? UsualMegabytes;
        InputFault.ThrowUnlessInRange("megabytes", megabytes, 0.1, 100);

        // Published text encoders were trained on sounds.
        var isBundles = bundle.Network(TextEncoder.Network).Architecture == "clap_text" && bundle.Manifest.Sources.Count > 0;
        using var text = isBundles ? TextEncoder.Load(bundle, new OnnxOptions()) : null;
        var builder = new MemoryBuilder(
            Phrases(arguments.GetRequiredValue(Captions)),
            isBundles ? MemoryIndex.BundleWords : MemoryIndex.SentenceWords,
            isBundles ? UsualThresholdOfBundle : NearestByWords.SentenceThreshold,
            isBundles ? words => text!.Encode(words, cancel) : words => SentenceEncoder.Shared.Encode(words));
        var index =
            await builder.BuildAsync(bundle, sources, (long)(megabytes * 1e6), (int)(arguments.WholeNumber(PerLabel, 1, 100) ?? 16), cancel);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{index.Recordings.Count} recordings of {index.Captions.Count} labels, {index.Recordings.Sum(row => row.Seconds):0} s, "
            + $"{index.Recordings.Sum(row => (long)row.Bytes) / 1e6:0.0} MB, of {sources.Count} that may be kept"));
        return 0;
    }

    static Dictionary<string, string[]> Phrases(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(path)) ?? [];
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw InputFault.Invalid("captions", $"'{path}': {e.Message}", e);
        }
    }
}
