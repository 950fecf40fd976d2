using System.Text;
using Rewas.Evaluation.Figures;
using Rewas.Evaluation.Reports;

namespace Rewas.Evaluation.Tables;

/// <summary>
/// The table that papers on sound for video print: each column is one figure of the common benchmark, measured with one network. A figure
/// whose network is missing is a dash, and a line says what would fill it.
/// </summary>
static class Table2
{
    public const string FrechetPasst = "FD_PaSST", FrechetPanns = "FD_PANNs", FrechetVggish = "FD_VGG", KlPanns = "KL_PANNs";
    public const string KlPasst = "KL_PaSST", Inception = "IS", DeSync = "DeSync", Clap = "CLAP";

    /// <summary>The benchmark hears the first eight seconds.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(8);

    const string Panns = "panns_cnn14 ", ClapSound = "clap_audio ";

    static readonly (string Name, Better Better, Func<Figure, bool> Is, string Missing)[] Columns =
    [
        (FrechetPasst, Better.Lower, _ => false, "PaSST cannot be imported: its weights have no licence of their own that we know"),
        (FrechetPanns, Better.Lower, Of("Frechet distance", Panns), "`rewas models import --panns FILE` gives CNN14"),
        (FrechetVggish, Better.Lower, _ => false, "VGGish cannot be imported: it is published as a TensorFlow graph"),
        (KlPanns, Better.Lower, Of("mean KL", Panns), "`rewas models import --panns FILE` gives CNN14"),
        (KlPasst, Better.Lower, _ => false, "PaSST cannot be imported: its weights have no licence of their own that we know"),
        (Inception, Better.Higher, Of("inception score", Panns), "`rewas models import --panns FILE` gives CNN14"),
        (DeSync, Better.Lower, figure => figure.Name == ClipFigure.DeSync.Name, "`rewas models import --sync FILE` gives Synchformer"),
        (Clap, Better.Higher, Of("text-sound similarity", ClapSound), "a bundle with CLAP, such as rewas-vggsound, gives it"),
    ];

    /// <summary>The table as Markdown: quoted rows first, then the measured ones.</summary>
    public static string Of(EvaluationReport report)
    {
        var text = new StringBuilder($"| system | {string.Join(" | ", Columns.Select(column => column.Name + Arrow(column.Better)))} |\n");
        text.Append($"|---|{string.Concat(Columns.Select(_ => "---|"))}\n");
        foreach (var row in PublishedRow.All)
            text.Append($"| {row.System}, published | {string.Join(" | ", Columns.Select(column => Quoted(row, column.Name)))} |\n");
        foreach (var system in report.Systems)
        {
            var figures = Columns.Select(column => FigureText.Value(system.Figures.FirstOrDefault(column.Is)));
            text.Append($"| {system.Name} | {string.Join(" | ", figures)} |\n");
        }
        text.Append('\n');
        var empty = Columns.Where(column => !report.Systems.Any(system => system.Figures.Any(column.Is)));
        foreach (var missing in empty.GroupBy(column => column.Missing))
            text.Append($"- {string.Join(", ", missing.Select(column => column.Name))}: not measured. {Sentence(missing.Key)}\n");
        text.Append(
            "- Rows marked published are quoted from MMAudio (arXiv 2412.15322). They are comparable only with figures of the whole test list "
            + "and of the same networks: its CNN14 hears 32 kHz, the imported one 16 kHz.\n");
        return text.ToString();
    }

    static Func<Figure, bool> Of(string name, string network) => figure =>
        figure.Name.StartsWith(name, StringComparison.Ordinal) && figure.Network?.StartsWith(network, StringComparison.Ordinal) is true;

    static string Quoted(PublishedRow row, string column) =>
        row.Figures.TryGetValue(column, out var value) ? FormattableString.Invariant($"{value}") : "–";

    static string Arrow(Better better) => better == Better.Lower ? " ↓" : " ↑";

    static string Sentence(string text) => text + ".";
}
