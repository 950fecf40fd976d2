using System.Globalization;
using System.Text;

namespace Rewas.Evaluation;

/// <summary>The report for spreadsheets: a clip of a system a row, a figure a column, empty where it is not defined (RFC 4180).</summary>
static class CsvReport
{
    public static string Of(EvaluationReport report)
    {
        var figures = ClipFigure.All.Where(figure => report.Systems.Any(system => system.Clips.Any(clip => clip.Values.ContainsKey(figure.Name)))).ToList();
        var text = new StringBuilder($"system,clip,{string.Join(',', figures.Select(figure => CsvLine.Quoted(figure.Name)))}\r\n");
        foreach (var system in report.Systems)
            foreach (var clip in system.Clips)
                text.Append($"{CsvLine.Quoted(system.Name)},{CsvLine.Quoted(clip.Clip)},{string.Join(',', figures.Select(figure => Number(clip, figure)))}\r\n");
        return text.ToString();
    }

    static string Number(ClipMeasures clip, ClipFigure figure) =>
        clip.Values.TryGetValue(figure.Name, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
