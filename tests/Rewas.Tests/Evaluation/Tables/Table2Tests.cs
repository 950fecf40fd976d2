using Rewas.Evaluation.Figures;
using Rewas.Evaluation.Reports;
using Rewas.Evaluation.Statistics;
using Rewas.Evaluation.Tables;

namespace Rewas.Tests.Evaluation.Tables;

public sealed class Table2Tests
{
    [Fact]
    public void A_measured_figure_has_an_interval_and_one_without_its_network_is_a_dash_with_a_reason()
    {
        var table = Table2.Of(Report(
            new("Frechet distance", "panns_cnn14 of panns (0123abcd)", "", Better.Lower, 21.5, new Interval(20, 23), 10),
            new("Frechet distance", "sound_encoder of rewas-mini (0123abcd)", "", Better.Lower, 1, null, 10),
            new("DeSync", null, "s", Better.Lower, 1.2, new Interval(1, 1.4), 10)));
        var ours = Cells(table, "ours");
        Assert.Equal(["ours", "–", "21.500 (20.000 to 23.000)", "–", "–", "–", "–", "1.200 (1.000 to 1.400)", "–"], ours);
        Assert.Contains("- IS", table.Replace("KL_PANNs, ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("CLAP: not measured. a bundle with CLAP", table, StringComparison.Ordinal);
        Assert.Contains("FD_PaSST, KL_PaSST: not measured.", table, StringComparison.Ordinal);
        Assert.DoesNotContain("DeSync: not measured", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_others_are_marked_as_published()
    {
        var table = Table2.Of(Report());
        Assert.Equal(["ReWaS, published", "141.4", "17.5", "–", "–", "2.82", "8.51", "1.062", "–"], Cells(table, "ReWaS"));
        Assert.Equal(["MMAudio-S-16k, published", "70.2", "5.2", "–", "–", "1.59", "14.4", "0.483", "–"], Cells(table, "MMAudio"));
    }

    [Fact]
    public void The_anchor_is_as_loud_as_the_picture_moves()
    {
        var wave = MotionNoiseMaker.Noise([0, 0, 0, 1, 1, 0.5, 0.5], seed: 3);
        Assert.Equal(7 * 640, wave.Length);
        Assert.Equal(wave, MotionNoiseMaker.Noise([0, 0, 0, 1, 1, 0.5, 0.5], seed: 3));
        double Level(int frame) => Math.Sqrt(wave.AsSpan(frame * 640, 300).ToArray().Average(s => s * s));
        Assert.Equal(0, Level(0));
        Assert.Equal(0.5 / Math.Sqrt(3), Level(3), 0.02);
        Assert.Equal(0.25 / Math.Sqrt(3), Level(5), 0.02);
        Assert.All(MotionNoiseMaker.Noise([0, 0], seed: 3), sample => Assert.Equal(0, sample));
    }

    static EvaluationReport Report(params Figure[] figures) => new("", [], [new("ours", figures, [])]);

    static string[] Cells(string table, string row) =>
        table.Split('\n').Single(line => line.StartsWith($"| {row}", StringComparison.Ordinal)).Trim('|').Split('|', StringSplitOptions.TrimEntries);
}
