using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Output;
using Rewas.Library.Searching;
using Rewas.Sound.Curves;

namespace Rewas.Cli.Library;

/// <summary><c>rewas sounds search</c>: finds recordings by words and by a picture.</summary>
static class SearchCommand
{
    static readonly Argument<string[]> Words = new("words") { Description = "the wanted sound in words", Arity = ArgumentArity.ZeroOrMore };
    static readonly Option<string?> Video =
        new("--video") { Description = "also ranks recordings by how their onsets and energy fit this video's picture", HelpName = "CLIP" };
    static readonly Option<string?> Limit = NumberOption.Create("--limit", "N", "most results, 1 to 1000 [default: 20]");

    public static Command Create()
    {
        var command = new Command("search", """
            Finds recordings by the words of their names, folders and tags, by the meaning of these words, and by their sound. Says
            why each recording was found.

            Examples:
              rewas sounds search "wooden door knock"
              rewas sounds search footsteps on gravel --video clip.mp4 --limit 5
            """)
        {
            Words, Video, Limit, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        foreach (var option in VideoInput.Options)
            command.Add(option);
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        var clip = arguments.GetValue(Video);
        if (clip is not null)
            InputFile.Find(clip, "video");
        var words = new SearchQuery
        {
            Words = string.Join(' ', arguments.GetValue(Words) ?? []),
            Limit = (int)(arguments.WholeNumber(Limit, 1, SearchQuery.MostResults) ?? new SearchQuery().Limit),
        };
        if (clip is null)
            words.ThrowIfInvalid();
        var query = clip is null ? words : words with { Curve = await CurveOfAsync(clip, arguments, json, cancel) };
        var (found, elapsed) = arguments.GetValue(SharedOptions.Gateway) is null
            ? SearchOwn(arguments, query, cancel)
            : await SearchServedAsync(arguments, query, cancel);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new { ElapsedMilliseconds = elapsed.TotalMilliseconds, Sounds = found },
                JsonSerializerOptions.Web));
        else
            foreach (var sound in found)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{sound.Score:0.00}  {SoundText.Of(sound.Sound)}\n      {PlainText.Of(sound.Why.ToString())}"));
        if (!json)
            await Console.Error.WriteLineAsync(FormattableString.Invariant($"{found.Count} found in {elapsed.TotalMilliseconds:0} ms"));
        return 0;
    }

    /// <summary>Loading is not part of the measured time, because a long-running program loads once.</summary>
    static (IReadOnlyList<FoundSound> Found, TimeSpan Elapsed) SearchOwn(ParseResult arguments, SearchQuery query, CancellationToken cancel)
    {
        using var library = OwnLibrary.Open(arguments);
        if (library.Folders.Count == 0)
            throw InputFault.Precondition("library", "has no recordings: index a folder first with `rewas sounds index DIR`");
        library.Warm();
        var started = Stopwatch.GetTimestamp();
        return (library.Search(query, cancel), Stopwatch.GetElapsedTime(started));
    }

    static async Task<(IReadOnlyList<FoundSound> Found, TimeSpan Elapsed)> SearchServedAsync(
        ParseResult arguments, SearchQuery query, CancellationToken cancel)
    {
        await using var stages = await Stages.ConnectAsync(
            arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel, asksFirst: false);
        var started = Stopwatch.GetTimestamp();
        return (await ServedLibrary.SearchAsync(stages.Client, query, cancel), Stopwatch.GetElapsedTime(started));
    }

    /// <summary>The energy curve predicted from the picture, as in <c>rewas energy</c>.</summary>
    static async Task<EnergyCurve> CurveOfAsync(string clip, ParseResult arguments, bool quiet, CancellationToken cancel)
    {
        using var video = await VideoInput.OpenAsync(clip, arguments, cancel);
        var result = await ProgressBars.ShowAsync(quiet, async progress =>
        {
            await using var stages = await Stages.ConnectAsync(
                arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel,
                settings: LengthLimit.Read(arguments).Settings);
            return await stages.Client.PredictEnergyAsync(new EnergyRequest { Video = VideoSource.FromFile(video.Path) }, progress, cancel);
        });
        return EnergyCurve.Of([.. result.Energy]);
    }
}
