using System.Net;
using System.Text;
using Rewas.Clip;
using Rewas.Sound.Wav;

namespace Rewas.Evaluation.Reports;

/// <summary>The report as one self-contained page: the table, each figure with its interval drawn, and examples to listen to.</summary>
static class HtmlReport
{
    const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
        table { border-collapse: collapse }
        td, th { padding: .3em .8em; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
        figure { margin: 1em 0 } figcaption { color: #555 }
        audio { height: 2em; vertical-align: middle } img { display: block; max-width: 100% }
        .small { color: #555; font-size: 13px }
        """;

    public static async Task<string> OfAsync(EvaluationReport report, IReadOnlyList<Example> examples)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append($"<title>{Text(report.Title)}</title>\n<style>{Style}</style>\n");
        page.Append($"<h1>{Text(report.Title)}</h1>\n<ul>{string.Concat(report.Notes.Select(note => $"<li>{Text(note)}</li>"))}</ul>\n");
        Table(page, report);
        if (examples.Count > 0)
            page.Append("<h2>Clips</h2>\n<p class=\"small\">Energy over time (natural-log mel); marks stand where a sound sets in.</p>\n");
        foreach (var example in examples)
            await ClipAsync(page, example);
        return page.Append("</html>\n").ToString();
    }

    static void Table(StringBuilder page, EvaluationReport report)
    {
        var heads = string.Concat(report.Systems.Select(system => $"<th>{Text(system.Name)}</th>"));
        page.Append($"<table><tr><th>figure</th><th>unit</th>{heads}<th></th></tr>\n");
        foreach (var (kind, values) in report.Rows())
        {
            var cells = string.Concat(values.Select(value => $"<td>{Text(FigureText.Value(value))}</td>"));
            page.Append($"<tr><td>{Text(FigureText.Label(kind))}</td><td>{Text(kind.Unit)}</td>{cells}");
            page.Append($"<td>{IntervalPlot.Html(values)}</td></tr>\n");
        }
        page.Append("</table>\n<p class=\"small\">In brackets: 95% interval of a percentile bootstrap over clips. ");
        page.Append("↓ lower is better, ↑ higher is better.</p>\n");
    }

    static async Task ClipAsync(StringBuilder page, Example example)
    {
        page.Append($"<figure><figcaption>{Text(example.Clip)}</figcaption>\n{EnergyPlot.Html(example)}\n");
        for (var i = 0; i < example.Sounds.Count; i++)
        {
            var (system, samples) = example.Sounds[i];
            page.Append($"<label style=\"color:{PlotColours.Of(i)}\">{Text(system)} <audio controls preload=\"none\" ");
            page.Append($"src=\"data:audio/wav;base64,{await WavAsync(samples)}\"></audio></label>\n");
        }
        page.Append("</figure>\n");
    }

    /// <summary>WAV with 16 bits, which every browser plays, in base64.</summary>
    static async Task<string> WavAsync(float[] samples)
    {
        using var file = new MemoryStream();
        await using (var writer = await WavWriter.CreateAsync(file, ClipTiming.SampleRate, WavEncoding.Pcm16, samples.Length))
            await writer.WriteAsync(samples);
        return Convert.ToBase64String(file.ToArray());
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
