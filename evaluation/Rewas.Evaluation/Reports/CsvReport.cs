using System.Globalization;
using System.Text;

namespace Rewas.Evaluation;

/// <summary>The report for spreadsheets: a clip of a system a row, a figure a column, empty where it is not defined (RFC 4180).</summary>
static class CsvReport
{
    public static string Of(EvaluationReport report)
    {
        var figures = ClipFigure.All.Where(figure => report.Systems.Any(system => system.Clips.Any(clip => clip.Values.ContainsKey(figure.Name)))).ToList();
        var text = new StringBuilder($"system,clip,{string.Join(',', figures.Select(figure => Quoted(figure.Name)))}\r\n");
        foreach (var system in report.Systems)
            foreach (var clip in system.Clips)
                text.Append($"{Quoted(system.Name)},{Quoted(clip.Clip)},{string.Join(',', figures.Select(figure => Number(clip, figure)))}\r\n");
        return text.ToString();
    }

    static string Number(ClipMeasures clip, ClipFigure figure) =>
        clip.Values.TryGetValue(figure.Name, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    static string Quoted(string field) => field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
