using Rewas.Evaluation.Figures;

namespace Rewas.Evaluation.Reports;

/// <summary>A system and its measurements.</summary>
public sealed record SystemResult(string Name, IReadOnlyList<Figure> Figures, IReadOnlyList<ClipMeasures> Clips);

/// <summary>A clip to view and listen to.</summary>
/// <param name="Sounds">System and its sound at 16 kHz; the true sound first, if there is one.</param>
public sealed record Example(string Clip, IReadOnlyList<(string System, float[] Samples)> Sounds);

/// <summary>
/// An evaluation. It is identical for the same clips, networks and version, and contains no times or paths of the machine.
/// </summary>
/// <param name="Notes">Facts for the reader: what was compared with what, and what could not be.</param>
public sealed record EvaluationReport(string Title, IReadOnlyList<string> Notes, IReadOnlyList<SystemResult> Systems)
{
    /// <summary>Each figure with its value per system, or null, in the order of first occurrence.</summary>
    internal IEnumerable<(Figure Kind, IReadOnlyList<Figure?> Values)> Rows() =>
        from kind in Systems.SelectMany(system => system.Figures).DistinctBy(figure => (figure.Name, figure.Network))
        select (kind, (IReadOnlyList<Figure?>)
        [
            .. Systems.Select(system => system.Figures.FirstOrDefault(f => (f.Name, f.Network) == (kind.Name, kind.Network))),
        ]);

    /// <summary>
    /// Writes <c>report.md</c>, <c>report.json</c>, <c>report.csv</c> (one row per clip) and a self-contained <c>report.html</c>.
    /// </summary>
    public async Task WriteAsync(string folder, IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), MarkdownReport.Of(this), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), JsonReport.Of(this), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.csv"), CsvReport.Of(this), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), await HtmlReport.OfAsync(this, examples), cancellation);
    }
}
