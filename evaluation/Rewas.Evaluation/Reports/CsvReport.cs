using System.Globalization;
using System.Text;
using Rewas.Clip.Files;
using Rewas.Evaluation.Figures;

namespace Rewas.Evaluation.Reports;

/// <summary>The report for spreadsheets (RFC 4180): one row per clip of a system, one column per figure, empty if undefined.</summary>
static class CsvReport
{
    public static string Of(EvaluationReport report)
    {
        var figures = ClipFigure.All
            .Where(figure => report.Systems.Any(system => system.Clips.Any(clip => clip.Values.ContainsKey(figure.Name)))).ToList();
        var text = new StringBuilder($"system,clip,{string.Join(',', figures.Select(figure => CsvLine.Quoted(figure.Name)))}\r\n");
        foreach (var system in report.Systems)
            foreach (var clip in system.Clips)
            {
                var values = string.Join(',', figures.Select(figure => Number(clip, figure)));
                text.Append($"{CsvLine.Quoted(system.Name)},{CsvLine.Quoted(clip.Clip)},{values}\r\n");
            }
        return text.ToString();
    }

    static string Number(ClipMeasures clip, ClipFigure figure) =>
        clip.Values.TryGetValue(figure.Name, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
