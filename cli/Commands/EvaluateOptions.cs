using System.CommandLine;
using Rewas.Checkpoints;
using Rewas.Cli.Output;
using Rewas.Evaluation;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.Cli.Commands;

/// <summary>What `rewas evaluate` commands share: the networks that measure, the folder of the report, progress.</summary>
static class EvaluateOptions
{
    public static readonly Option<string[]> Features = new("--features", "-f")
    {
        Description = "bundles whose networks measure sounds (CNN14, Melception, a classifier); every figure names its own [default: the default bundle's, if it has any]",
        HelpName = "NAME|DIR",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string> Output = new("--output", "-o") { Description = "folder of the report", HelpName = "DIR", DefaultValueFactory = _ => "evaluation" };

    public static LoadedNetworks LoadNetworks(ParseResult arguments)
    {
        var options = new OnnxOptions();
        return arguments.GetValue(Features) is { Length: > 0 } bundles
            ? new([.. bundles.SelectMany(bundle => FeatureNetworks.Require(Bundle.Find(bundle), options))])
            : new(FeatureNetworks.Load(Bundle.Find(BundleSetup.DefaultBundle), options));
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
    public static async Task WriteAsync(ParseResult arguments, EvaluationReport report, IReadOnlyList<Example> examples, CancellationToken cancel)
    {
        var folder = arguments.GetRequiredValue(Output);
        await report.WriteAsync(folder, examples, cancel);
        Console.WriteLine(await File.ReadAllTextAsync(Path.Combine(folder, arguments.GetValue(SharedOptions.Json) ? "report.json" : "report.md"), cancel));
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
sealed record LoadedNetworks(IReadOnlyList<IFeatureNetwork> All) : IDisposable
{
    public void Dispose()
    {
        foreach (var network in All)
            network.Dispose();
    }
}
