using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Text;
using Rewas.Video;
using Spectre.Console;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas models</c>: lists bundles, shows one, and runs a single network.</summary>
static class ModelsCommand
{
    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    static readonly Argument<string> BundleName = new("bundle") { Description = "name or folder of the bundle" };
    static readonly Argument<string> Network = new("network")
    {
        Description = "text_encoder, denoiser, mel_encoder, mel_decoder, vocoder, video_encoder or energy_predictor",
    };
    static readonly Option<string[]> Inputs = new("--input", "-i")
    {
        Description = "an input of the network as .npy; may be repeated",
        HelpName = "NAME=FILE.npy",
        AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder for the outputs, one NAME.npy for each",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    public static Command Create()
    {
        var command = new Command("models", "Lists, describes and runs model bundles.")
        {
            List(), Describe(), Run(), ImportCommand.Import(), ImportCommand.Pull(), FetchCommand.Create(), EmbedCaptionsCommand.Create(),
            MemoryCommand.Create(),
        };
        foreach (var elsewhere in CheckoutCommands.Below("models"))
            command.Add(elsewhere);
        return command;
    }

    static Command List()
    {
        var command = new Command("list", "Lists the bundles that can be used by name.") { SharedOptions.Json };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            var bundles = Bundle.All().Select(directory => Bundle.Open(directory, verify: false)).ToList();
            if (arguments.GetValue(SharedOptions.Json))
                Console.WriteLine(JsonSerializer.Serialize(
                    bundles.Select(b => new { b.Manifest.Name, b.Directory, b.Manifest.Control, b.Manifest.Licence }),
                    JsonSerializerOptions.Web));
            else
                Write(
                    new Table().AddColumns("name", "control", "licence", "folder"),
                    bundles.Select(b => new[] { b.Manifest.Name, b.Manifest.Control, b.Manifest.Licence, b.Directory }));
            return Task.FromResult(0);
        }));
        return command;
    }

    static Command Describe()
    {
        var command = new Command("describe", "Checks the hash of every file of a bundle and lists its content.")
        {
            BundleName,
            SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            var bundle = Bundle.Find(arguments.GetRequiredValue(BundleName));
            var networks = bundle.Manifest.Networks.Keys.Order(StringComparer.Ordinal).Select(name => Describe(bundle, name)).ToList();
            if (arguments.GetValue(SharedOptions.Json))
                Console.WriteLine(JsonSerializer.Serialize(new { bundle.Directory, bundle.Sha256, bundle.Manifest, networks }, Indented));
            else
                Tell(bundle, networks);
            return Task.FromResult(0);
        }));
        return command;
    }

    static void Tell(Bundle bundle, List<NetworkFacts> networks)
    {
        var manifest = bundle.Manifest;
        Console.WriteLine($"{manifest.Name}  {bundle.Directory}");
        Console.WriteLine($"control: {manifest.Control}; licence of the weights: {manifest.Licence}; bundle.json sha256 {bundle.Sha256}");
        Console.WriteLine($"trained on: {manifest.TrainedOn}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"sampling by default: {manifest.Sampler.Sampler}, {manifest.Sampler.Steps} steps, spacing {manifest.Sampler.Spacing}, "
            + $"guidance {manifest.Sampler.GuidanceScale}, eta {manifest.Sampler.Eta}"));
        Write(new Table().AddColumns("network", "architecture", "parameters", "bytes", "inputs", "outputs"),
            networks.Select(n =>
                new[]
                {
                    n.Name,
                    n.Architecture,
                    $"{n.Parameters:N0}",
                    $"{n.Bytes:N0}",
                    string.Join("\n", n.Inputs),
                    string.Join("\n", n.Outputs),
                }));
        foreach (var source in manifest.Sources)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"made from: {source.Name} = {source.File}, {source.Bytes:N0} bytes, "
                + $"{source.Licence}{(source.Averaged ? ", averaged weights" : "")}, sha256 {source.Sha256}"));
        foreach (var (name, figure) in manifest.Metrics)
            Console.WriteLine(FormattableString.Invariant($"measured: {name} = {figure:G4}"));
    }

    static NetworkFacts Describe(Bundle bundle, string name)
    {
        if (bundle.Network(name).Architecture == TextEncoderNames.Sentences)
            return new(
                name,
                TextEncoderNames.Sentences,
                Parameters: 0,
                Bytes: 0,
                ["text"],
                [$"embedding float32 [{SentenceEncoder.Channels}], from the sentence encoder of this program"]);
        using var weights = bundle.Weights(name);
        var network = bundle.Network(name);
        var definition = NetworkCatalog.Create(network.Architecture, network.Configuration);
        return new(
            name,
            network.Architecture,
            weights.Tensors.Values.Sum(t => (long)t.Count),
            bundle.Manifest.Files[network.File].Bytes,
            [.. definition.Inputs.Select(Signature)],
            [.. definition.Outputs.Select(Signature)]);
    }

    static string Signature(Port port) =>
        $"{port.Name} {port.Type.ToString().ToLowerInvariant()} "
        + $"[{string.Join(", ", port.Shape.Select(d => d < 0 ? "*" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";

    static Command Run()
    {
        var command = new Command("run", """
            Runs one network of a bundle on .npy tensors: for parity checks and debugging.

            Example:
              rewas models run rewas-mini vocoder --input mel=mel.npy -o out
            """)
        {
            BundleName, Network, Inputs, Output,
        };
        command.SetAction(CommandAction.Of((arguments, cancel) =>
        {
            var bundle = Bundle.Find(arguments.GetRequiredValue(BundleName));
            var output = arguments.GetRequiredValue(Output);
            var files = (arguments.GetValue(Inputs) ?? []).Select(Part).ToDictionary(p => p.Name, p => p.File);
            using var network = OnnxNetwork.Load(bundle, arguments.GetRequiredValue(Network), new OnnxOptions());
            InputFault.ThrowIfAny(
            [
                .. network.Definition.Inputs.Where(i => !files.ContainsKey(i.Name))
                    .Select(i => InputFault.Invalid("input", $"{Signature(i)} is missing")),
                .. files.Keys.Except(network.Definition.Inputs.Select(i => i.Name))
                    .Select(n => InputFault.Invalid("input", $"the network has no input '{n}'")),
            ]);
            var roles = new FileRoles();
            foreach (var (name, file) in files)
                roles.Reads(file, name);
            Directory.CreateDirectory(output);
            foreach (var port in network.Definition.Outputs)
                roles.Writes(Path.Combine(output, port.Name + ".npy"), "output");
            var values = network.Definition.Inputs.Select(i => As(i, NpyFile.Read(files[i.Name]))).ToArray();
            var results = network.Run(values, cancel);
            foreach (var (port, result) in network.Definition.Outputs.Zip(results))
            {
                NpyFile.Write(Path.Combine(output, port.Name + ".npy"), result);
                Console.WriteLine(
                    $"{Path.Combine(output, port.Name + ".npy")}: {result.Type.ToString().ToLowerInvariant()} "
                    + $"[{string.Join(", ", result.Shape)}]");
            }
            return Task.FromResult(0);
        }));
        return command;
    }

    /// <summary>Converts integers if the network takes floats, because time steps are often saved as int64.</summary>
    static HostTensor As(Port port, HostTensor value) => port.Type == ElementType.Float32 && value.Type == ElementType.Int64
        ? HostTensor.Of(Array.ConvertAll(value.Integers.ToArray(), v => (float)v), value.Shape)
        : value;

    static (string Name, string File) Part(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? (text[..at], text[(at + 1)..])
        : throw InputFault.Invalid("input", $"must be NAME=FILE.npy, but is '{text}'");

    static void Write(Table table, IEnumerable<string[]> rows)
    {
        foreach (var row in rows)
            table.AddRow(row.Select(Terminal.Escape).ToArray());
        Terminal.Tables.Write(table.Border(TableBorder.Minimal));
    }

    sealed record NetworkFacts(string Name, string Architecture, long Parameters, long Bytes, string[] Inputs, string[] Outputs);
}
