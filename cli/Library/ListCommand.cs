using System.CommandLine;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Clip.Output;
using Rewas.Library;
using Rewas.Library.Scanning;

namespace Rewas.Cli.Library;

/// <summary><c>rewas sounds list</c>: lists the index.</summary>
static class ListCommand
{
    const int Page = 1000;

    static readonly Option<bool> Folders = new("--folders") { Description = "list the indexed folders instead of the recordings" };
    static readonly Option<bool> Missing =
        new("--missing") { Description = "only recordings that the last run over their folder did not find" };
    static readonly Option<bool> Refused =
        new("--refused") { Description = "list the refused files, with the reasons, instead of the recordings" };

    public static Command Create()
    {
        var command = new Command(
            "list", "Lists the recordings of the index in the order of their paths. JSON has one recording on each line.")
        {
            Folders, Missing, Refused, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of((arguments, cancel) =>
        {
            using var library = OwnLibrary.Open();
            if (arguments.GetValue(Folders))
                Write(library.Folders, arguments, PlainText.Of, cancel);
            else if (arguments.GetValue(Refused))
                Write(library.Refused(), arguments, file => $"{PlainText.Of(file.Path)}: {PlainText.Of(file.Reason)}", cancel);
            else
                Write(
                    Sounds(library, arguments.GetValue(Missing)), arguments,
                    sound => $"{SoundText.Of(sound)}{(sound.IsMissing ? "  missing" : "")}", cancel);
            return Task.FromResult(0);
        }));
        return command;
    }

    static IEnumerable<IndexedSound> Sounds(LibraryIndex library, bool onlyMissing)
    {
        var after = "";
        while (library.List(after, Page) is { Count: > 0 } page)
        {
            foreach (var sound in page.Where(sound => sound.IsMissing || !onlyMissing))
                yield return sound;
            after = page[^1].Path;
        }
    }

    static void Write<T>(IEnumerable<T> rows, ParseResult arguments, Func<T, string> line, CancellationToken cancel)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            Console.WriteLine(json ? JsonSerializer.Serialize(row, JsonSerializerOptions.Web) : line(row));
        }
    }
}
