using System.CommandLine;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Evaluation.Features;
using Rewas.Evaluation.Reports;
using Rewas.Evaluation.Synchrony;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Rendering;

namespace Rewas.Evaluation.Commands;

/// <summary>What `rewas evaluate` commands share: the networks that measure, the folder of the report, progress.</summary>
static class EvaluateOptions
{
    public static readonly Option<string[]> Features = new("--features", "-f")
    {
        Description =
            "bundles whose networks measure sounds (CNN14, Melception, a classifier, CLAP); every figure names its own [default: the "
            + "default bundle's, if it has any]",
        HelpName = "NAME|DIR",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder of the report",
        HelpName = "DIR",
        DefaultValueFactory = _ => "evaluation",
    };

    public static LoadedNetworks LoadNetworks(ParseResult arguments)
    {
        var options = new OnnxOptions();
        var named = arguments.GetValue(Features) is { Length: > 0 } bundles ? bundles : null;
        var (networks, similarities) = (new List<IFeatureNetwork>(), new List<TextSimilarity>());
        foreach (var bundle in (named ?? [BundleSetup.DefaultBundle]).Select(name => Bundle.Find(name)))
        {
            var similarity = TextSimilarity.Load(bundle, options);
            if (similarity is not null)
                similarities.Add(similarity);
            // One that was named must have something that listens.
            networks.AddRange(
                named is null || similarity is not null || SyncMeter.IsIn(bundle)
                    ? FeatureNetworks.Load(bundle, options)
                    : FeatureNetworks.Require(bundle, options));
        }
        return new(networks, similarities);
    }

    /// <summary>A bar on standard error while the work goes on, unless JSON is wanted.</summary>
    public static Task<T> ShowAsync<T>(ParseResult arguments, Func<IProgress<(int Done, int Total)>, Task<T>> work) =>
        arguments.GetValue(SharedOptions.Json)
            ? work(new Silent())
            : ErrorProgress.StartAsync(context =>
            {
                var bar = context.AddTask("measuring", maxValue: 1);
                return work(new Bar(p => bar.Value = (double)p.Done / p.Total));
            });

    /// <summary>Writes the report and prints its table, or its JSON.</summary>
    public static async Task WriteAsync(
        ParseResult arguments, EvaluationReport report, IReadOnlyList<Example> examples, CancellationToken cancel)
    {
        var folder = arguments.GetRequiredValue(Output);
        await report.WriteAsync(folder, examples, cancel);
        Console.WriteLine(
            await File.ReadAllTextAsync(
                Path.Combine(folder, arguments.GetValue(SharedOptions.Json) ? "report.json" : "report.md"), cancel));
        await Console.Error.WriteLineAsync($"written: {Path.Combine(folder, "report.html")}, .md, .json, .csv");
    }

    sealed class Silent : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
        }
    }

    sealed class Bar(Action<(int Done, int Total)> show) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => show(value);
    }
}

/// <summary>Networks that are in use until this is disposed of.</summary>
sealed record LoadedNetworks(IReadOnlyList<IFeatureNetwork> All, IReadOnlyList<TextSimilarity> Similarities) : IDisposable
{
    public void Dispose()
    {
        foreach (var network in All.Cast<IDisposable>().Concat(Similarities))
            network.Dispose();
    }
}
