using System.Globalization;
using System.Net;
using System.Text;

namespace Rewas.Evaluation.Galleries;

/// <summary>The page of the prompts. A sound plays together with its silent film.</summary>
static class PromptGalleryPage
{
    public static string Of(IReadOnlyList<PromptCase> cases, string bundle)
    {
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>What {{Text(bundle)}} makes of prompts</title>
            <style>body { font: 16px sans-serif; max-width: 1040px; margin: 2em auto }
            section { display: grid; grid-template-columns: 320px 1fr; gap: 1em; margin-bottom: 3em }
            img, video { max-width: 100% } audio { width: 100% } small { overflow-wrap: anywhere }</style>
            <h1>What {{Text(bundle)}} makes of prompts</h1>
            <p>Made by <code>rewas evaluate gallery --recordings DIR</code>: {{cases.Count}} prompts over
            {{cases.Select(c => c.Kind).Distinct().Count()}} held-out scenes, with and without the bundle's memory. Some prompts ask for
            another sound than the picture shows. Spectrograms, from top to bottom: a real recording of what was asked for, the sound with
            memory, the sound without. The recording has its own course in time. It is shown for its texture only.
            See also <a href="index.html">the scenes with their own captions</a>.</p>

            """);
        foreach (var c in cases)
        {
            var used = c.Used.Count > 0
                ? $"The memory gave {string.Join(", ", c.Used.Select(Text))}."
                : "The memory has nothing like it: both sounds are made from words alone.";
            page.AppendLine(CultureInfo.InvariantCulture, $"""
                <section>
                <div><h2>“{Text(c.Prompt)}”</h2><video muted playsinline src="{c.Film}"></video>
                <p>with memory <audio controls src="{c.Name}-memory.opus"></audio></p>
                <p>without <audio controls src="{c.Name}.opus"></audio></p></div>
                <div><img alt="spectrograms of a recording and of both sounds" src="{c.Name}.png">
                {(c.Remark is null ? "" : $"<p>Still wrong: {Text(c.Remark)}</p>")}
                <p><small>{used} Recording of “{Text(c.Label)}”: {Text(c.Credit)}.</small></p></div>
                </section>
                """);
        }
        return page.AppendLine("""
            <script>
            for (const sound of document.querySelectorAll("audio")) {
              const film = sound.closest("section").querySelector("video");
              sound.onplay = () => { film.currentTime = sound.currentTime; film.play(); };
              sound.onpause = () => film.pause();
            }
            </script>
            """).ToString();
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
