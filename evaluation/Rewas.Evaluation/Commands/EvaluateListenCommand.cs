using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Evaluation.Comparison;
using Rewas.Evaluation.Listening;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate listen</c>: a listening test as one page, and the figures of its answers.</summary>
static class EvaluateListenCommand
{
    static readonly Argument<string[]> Folders = new("folders")
    {
        Description = "folders of recordings, or videos with sound, of the same names: first the true ones, then one for each system",
        Arity = ArgumentArity.ZeroOrMore,
    };
    static readonly Option<bool> Abx = new("--abx") { Description = "A/B/X of two folders in place of MUSHRA" };
    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", $"clips, 1 to {ListeningPlan.MostClips} [default: 12]");
    static readonly Option<string?> Seconds = NumberOption.Create("--seconds", "S", "length of each clip, 1 to 60 s [default: 12]");
    static readonly Option<string?> Seed = NumberOption.Create("--seed", "N", "seed of the order [default: 0]");
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the page to write", HelpName = "FILE.html" };
    static readonly Option<string[]> Answers = new("--answers")
    {
        Description = "files that listeners saved: prints the means, and needs --key",
        HelpName = "FILE.json",
        AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<string?> Key = new("--key")
    {
        Description = $"the file PAGE{ListeningKey.Ending} that was written beside the page",
        HelpName = "FILE.json",
    };

    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var command = new Command("listen", """
            Writes a listening test as one page that needs no server and asks no other host for anything. MUSHRA: each system is rated
            beside the reference, with the reference and a low-pass of 3.5 kHz hidden among them. All sounds are equally loud, and their
            order is by the seed. Listeners save their answers as files; --answers computes means with intervals.

            Examples:
              rewas evaluate listen true/ ours/ theirs/ -o listen.html
              rewas evaluate listen ours/ theirs/ --abx -o abx.html
              rewas evaluate listen --answers answers-*.json --key listen.key.json
            """)
        {
            Folders, Abx, Clips, Seconds, Seed, Output, Answers, Key, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var (folders, answers) = (arguments.GetValue(Folders) ?? [], arguments.GetValue(Answers) ?? []);
        if (answers.Length > 0 && folders.Length > 0)
            throw InputFault.Invalid("answers", "must not be given together with folders");
        if (answers.Length > 0)
        {
            var key = arguments.GetValue(Key)
                ?? throw InputFault.Invalid("key", $"must be given with answers: --key PAGE{ListeningKey.Ending}");
            Tell(Figures(answers, key), arguments.GetValue(SharedOptions.Json));
            return 0;
        }
        if (folders.Length < 2)
            throw InputFault.Invalid("folders", $"must be at least two, the true recordings and a system, but are {folders.Length}");
        var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o FILE.html");
        OutputName.ThrowUnless(output, "output", ".html");
        await WriteAsync(arguments, folders, output, cancel);
        return 0;
    }

    static async Task WriteAsync(ParseResult arguments, string[] folders, string output, CancellationToken cancel)
    {
        var kind = arguments.GetValue(Abx) ? ListeningKind.Abx : ListeningKind.Mushra;
        var lists = folders.Select(folder => (Name: Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Files: SoundFolder.List(folder, "folders"))).ToList();
        if (lists.Skip(1).GroupBy(list => list.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw InputFault.Invalid("folders", $"must have names of their own, but two are '{twice.Key}'");
        var plan = ListeningPlan.Of(
            kind, lists[0].Files, [.. lists.Skip(1)], (int)(arguments.WholeNumber(Clips, 1, ListeningPlan.MostClips) ?? 12),
            (ulong)(arguments.WholeNumber(Seed, 0, uint.MaxValue) ?? 0));
        var longest = TimeSpan.FromSeconds(arguments.WholeNumber(Seconds, 1, 60) ?? 12);
        var key = Path.ChangeExtension(output, null) + ListeningKey.Ending;
        using var page = PartialFile.Create(output, "output");
        using var keyFile = PartialFile.Create(key, "output");
        await ErrorProgress.StartAsync(async context =>
        {
            var bar = context.AddTask("preparing sounds", maxValue: 1);
            await ListeningPage.WriteAsync(plan, longest, page.Path, new Bar(share => bar.Value = share), cancel);
            return 0;
        });
        await File.WriteAllTextAsync(keyFile.Path, ListeningKey.Of(plan).ToJson(), cancel);
        page.Complete();
        keyFile.Complete();
        Console.WriteLine(
            $"{output}: {plan.Trials.Count} clips with {plan.Trials[0].Stimuli.Count} sounds each; keep {key} to yourself, "
            + $"and compute with: rewas evaluate listen --answers FILES --key {key}");
    }

    static ListeningFigures Figures(string[] files, string keyPath)
    {
        var key = ListeningKey.Read(keyPath);
        return ListeningFigures.Of(key, [.. files.Select(file => (file, ListeningAnswers.Read(file, key)))]);
    }

    static void Tell(ListeningFigures figures, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures, Indented));
            return;
        }
        var table = new Table().AddColumns("system", "mean", "95% interval", "answers").Border(TableBorder.Minimal);
        foreach (var figure in figures.Systems)
            table.AddRow(
                Terminal.Escape(figure.System), Figure(figure.Mean), $"{Figure(figure.Interval.Low)} to {Figure(figure.Interval.High)}",
                $"{figure.Answers}");
        Terminal.Tables.Write(table);
        Console.WriteLine($"{figures.Listeners} listeners");
        foreach (var file in figures.Excluded)
            Console.WriteLine($"not counted: {file} (the hidden reference was rated below 90 in more than 15% of the trials)");
        if (figures.Chance is { } chance)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"by chance with a probability of {chance:G3}"));
    }

    static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    sealed class Bar(Action<double> show) : IProgress<double>
    {
        public void Report(double share) => show(share);
    }
}
