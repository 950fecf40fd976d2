using System.CommandLine;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Library.Indexing;

namespace Rewas.Cli.Library;

/// <summary><c>rewas sounds index</c>: adds new and changed recordings to the index.</summary>
static class IndexCommand
{
    static readonly Argument<string[]> Folders = new("folders")
    {
        Description = "folders with recordings; everything below them is indexed [default: the folders indexed before]",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command("index", """
            Indexes new and changed recordings below folders, and marks missing ones. Unchanged files are not read again.
            Moved files are recognised by their content. A refused file is reported in one line, and skipped until it changes.
            Ctrl-C keeps what was indexed so far.

            Examples:
              rewas sounds index ~/Sounds /mnt/effects
              rewas sounds index
            """)
        {
            Folders, SharedOptions.Bundle, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        using var library = OwnLibrary.Open(arguments);
        var report = await IndexProgressLines.ShowAsync(json, progress =>
            library.IndexAsync(arguments.GetValue(Folders) ?? [], progress, cancel));
        Console.WriteLine(json ? JsonSerializer.Serialize(report, JsonSerializerOptions.Web) : Summary(report));
        return 0;
    }

    static string Summary(IndexReport report)
    {
        string[] counts =
        [
            .. Count(report.Indexed, "new or changed"), .. Count(report.Moved, "moved"), .. Count(report.Unchanged, "unchanged"),
            .. Count(report.Missing, "missing"),
            .. Count(report.Refused.Count, "refused"), .. Count(report.RefusedBefore, "refused before (rewas sounds list --refused)"),
            .. Count(report.WithoutFfmpeg, "not read: ffmpeg is not installed"),
        ];
        var nothing = report.Indexed + report.Moved + report.Missing + report.Refused.Count == 0 ? "nothing to do; " : "";
        var all = counts.Length > 0 ? $": {string.Join(", ", counts)}" : "";
        return FormattableString.Invariant($"{nothing}{report.Recordings} recordings{all}; {report.Elapsed.TotalSeconds:0.0} s");
    }

    static IEnumerable<string> Count(int count, string what) => count > 0 ? [FormattableString.Invariant($"{count} {what}")] : [];
}
