using System.Text;

namespace Rewas.Evaluation.Reports;

/// <summary>The report as Markdown: one table with a row per figure and a column per system.</summary>
static class MarkdownReport
{
    public static string Of(EvaluationReport report)
    {
        var text = new StringBuilder($"# {report.Title}\n\n");
        foreach (var note in report.Notes)
            text.Append($"- {Escape(note)}\n");
        text.Append($"\n| figure | unit | {string.Join(" | ", report.Systems.Select(system => Escape(system.Name)))} |\n");
        text.Append($"|---|---|{string.Concat(report.Systems.Select(_ => "---|"))}\n");
        foreach (var (kind, values) in report.Rows())
        {
            var cells = string.Join(" | ", values.Select(FigureText.Value));
            text.Append($"| {Escape(FigureText.Label(kind))} | {Escape(kind.Unit)} | {cells} |\n");
        }
        text.Append("\nIn brackets: 95% interval of a percentile bootstrap over clips. ↓ lower is better, ↑ higher is better.\n");
        return text.ToString();
    }

    static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
