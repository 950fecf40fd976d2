using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Evaluation.Galleries;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Sounds;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Video;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate gallery</c>: held-out cases as a page to look at and to listen to.</summary>
static class EvaluateGalleryCommand
{
    static readonly string[] Kinds = ["hammer", "rain", "ball", "engine", "footsteps", "fire", "drum", "rotor"];
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder of the page",
        HelpName = "DIR",
        DefaultValueFactory = _ => "docs/gallery",
    };

    static readonly Option<string[]> Recordings = new("--recordings")
    {
        Description = "folders with an index.csv (file, label, licence, author, url or source), for real recordings to compare with; "
            + "only CC0 ones are shown",
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<string?> Remarks = new("--remarks")
    {
        Description = $"file of lines PROMPT, tab, remark [default: {PromptRemarks.FileName} in the folder of the page]",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("gallery", """
            Writes a page of eight held-out scenes: filmstrip, true, predicted and generated energy, spectrograms, and the video with
            its generated sound. Two of the kinds (drum, rotor) are ones whose pictures no training has seen.

            With --recordings it also writes a page of twelve prompts over six scenes: each sound with and without the bundle's memory,
            its spectrogram beside that of a real recording, and a remark.

            Example:
              rewas evaluate gallery --recordings sounds foley-cc0 -o docs/gallery
            """)
        {
            Output, Recordings, Remarks, SharedOptions.Bundle, SharedOptions.Gateway,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(arguments.GetRequiredValue(Output)).FullName;
        var prompts = arguments.GetValue(Recordings) is { Length: > 0 } recordings
            ? new PromptGallery(
                new RealRecordings(recordings),
                PromptRemarks.Read(arguments.GetValue(Remarks) ?? Path.Combine(folder, PromptRemarks.FileName), PromptGallery.Prompts))
            : null;
        await using var stages =
            await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
        var bundle = (await stages.Client.DescribeAsync(cancel))[0];
        var cases = new List<Case>();
        foreach (var kind in Kinds)
        {
            cases.Add(await MakeAsync(stages.Client, kind, folder, cancel));
            Console.Error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture, $"{kind}: predicted {cases[^1].Predicted:F2}, generated {cases[^1].Generated:F2}"));
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), Page(cases, bundle.Bundle, prompts is not null), cancel);
        Console.WriteLine($"{Path.Combine(folder, "index.html")} written");
        if (prompts is not null)
        {
            await prompts.WriteAsync(stages.Client, folder, bundle.Bundle, Console.Error.WriteLine, cancel);
            Console.WriteLine($"{Path.Combine(folder, PromptGallery.PageName)} written");
        }
        return 0;
    }

    static async Task<Case> MakeAsync(RewasClient client, string kind, string folder, CancellationToken cancel)
    {
        var seed = EvaluateCommand.FirstSeed + 1000;
        using var temporary = PrivateFolder.Create();
        var silent = temporary.File("silent.mp4");
        await SceneFiles.WriteAsync(kind, seed, silent, 256, 256, SceneCatalog.SecondsPerClip, withSound: false, cancellationToken: cancel);
        var scene = SceneCatalog.Create(kind, seed);
        var truth = scene.RenderWave();
        Loudness.NormaliseForTraining(truth);
        var wave = new GeneratedWave();
        var result = await client.GenerateAsync(
            new GenerateRequest
            {
                Video = VideoSource.FromFile(silent),
                Options = new() { Prompt = scene.Caption },
                Sink = wave.AddAsync,
            },
            cancellation: cancel);
        var facts = await VideoProbe.ReadAsync(silent, SharedOptions.NoLimits, cancel);
        await Muxer.MuxAsync(silent, facts, Once(wave.ToArray()), ClipTiming.SampleRate, Path.Combine(folder, $"{kind}.mp4"), cancel);

        var (trueMel, madeMel) = (MelSpectrogram.LogMel(truth), MelSpectrogram.LogMel(wave.ToArray()));
        var (trueEnergy, madeEnergy) = (EvaluateCommand.EnergyOf(truth), EvaluateCommand.EnergyOf(wave.ToArray()));
        float[] predicted = [.. result.Energy.Take(trueEnergy.Length)];
        var strip = await Filmstrip.ReadAsync(silent, facts, CurvePlot.Pictures, CurvePlot.PictureWidth, CurvePlot.PictureHeight, cancel);
        GalleryPlot.SaveCurves(
            Path.Combine(folder, $"{kind}-curves.png"), strip, [("true", trueEnergy), ("predicted", predicted), ("generated", madeEnergy)]);
        GalleryPlot.SaveSpectrograms(Path.Combine(folder, $"{kind}-mel.png"), [("true", trueMel), ("generated", madeMel)]);
        return new(kind, scene.Caption, Correlation.Pearson(trueEnergy, predicted), Correlation.Pearson(trueEnergy, madeEnergy));
    }

    static async IAsyncEnumerable<ReadOnlyMemory<float>> Once(float[] wave)
    {
        yield return wave;
        await Task.CompletedTask;
    }

    static string Page(IReadOnlyList<Case> cases, string bundle, bool hasPrompts)
    {
        var more = hasPrompts ? $"<a href=\"{PromptGallery.PageName}\">Prompts with and without the memory.</a>" : "";
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>What {{WebUtility.HtmlEncode(bundle)}} makes of held-out scenes</title>
            <style>body { font: 16px sans-serif; max-width: 1240px; margin: 2em auto; }
            section { display: grid; grid-template-columns: 300px 1fr; gap: 1em; margin-bottom: 3em }
            img { max-width: 100% } video { width: 288px }</style>
            <h1>What {{WebUtility.HtmlEncode(bundle)}} makes of held-out scenes</h1>
            <p>Made by <code>rewas evaluate gallery</code>. Each prompt is the scene's own caption.
            Numbers are Pearson correlations with the energy of the true sound.
            The pictures of {{string.Join(" and ", SceneCatalog.Unseen.Intersect(Kinds))}} are of kinds that no training has seen.
            {{more}}</p>

            """);
        foreach (var c in cases)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"""
                <section>
                <div><h2>{c.Kind}</h2><video controls src="{c.Kind}.mp4"></video>
                <p>“{WebUtility.HtmlEncode(c.Prompt)}”</p><p>predicted {c.Predicted:F2}, generated {c.Generated:F2}</p></div>
                <div><img alt="filmstrip and energy curves" src="{c.Kind}-curves.png">
                <img alt="spectrograms of the true and the generated sound" src="{c.Kind}-mel.png"></div>
                </section>
                """);
        }
        return page.ToString();
    }

    sealed record Case(string Kind, string Prompt, double Predicted, double Generated);
}
