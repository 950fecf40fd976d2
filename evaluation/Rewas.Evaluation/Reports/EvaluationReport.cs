namespace Rewas.Evaluation;

/// <summary>A system and what was measured of it.</summary>
/// <param name="Name">As it was named.</param>
/// <param name="Figures">Of all its clips.</param>
/// <param name="Clips">Clip by clip.</param>
public sealed record SystemResult(string Name, IReadOnlyList<Figure> Figures, IReadOnlyList<ClipMeasures> Clips);

/// <summary>A clip to look at and listen to.</summary>
/// <param name="Clip">Its name.</param>
/// <param name="Sounds">Whose sound it is, and the sound at 16 kHz; the true one first, if there is one.</param>
public sealed record Example(string Clip, IReadOnlyList<(string System, float[] Samples)> Sounds);

/// <summary>An evaluation: the same for the same clips, networks and version, with no times or paths of the machine in it.</summary>
/// <param name="Title">What was evaluated.</param>
/// <param name="Notes">What a reader must know: what was compared with what, and what could not be.</param>
/// <param name="Systems">In the order in which they were named.</param>
public sealed record EvaluationReport(string Title, IReadOnlyList<string> Notes, IReadOnlyList<SystemResult> Systems)
{
    /// <summary>A figure of each system, null where a system has none; in the order in which figures first occur.</summary>
    internal IEnumerable<(Figure Kind, IReadOnlyList<Figure?> Values)> Rows() =>
        from kind in Systems.SelectMany(system => system.Figures).DistinctBy(figure => (figure.Name, figure.Network))
        select (kind, (IReadOnlyList<Figure?>)[.. Systems.Select(system => system.Figures.FirstOrDefault(f => (f.Name, f.Network) == (kind.Name, kind.Network)))]);

    /// <summary>Writes <c>report.md</c>, <c>report.json</c>, <c>report.csv</c> (clip by clip) and <c>report.html</c>, which needs no other file.</summary>
    public async Task WriteAsync(string folder, IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), MarkdownReport.Of(this), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), JsonReport.Of(this), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.csv"), CsvReport.Of(this), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), await HtmlReport.OfAsync(this, examples), cancellation);
    }
}
