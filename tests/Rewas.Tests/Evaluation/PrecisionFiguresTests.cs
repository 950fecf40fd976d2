using Rewas.Evaluation.Precision;

namespace Rewas.Tests.Evaluation;

public class PrecisionFiguresTests
{
    static readonly PrecisionFigures Float32 = new(EnergyCorrelation: 0.9, LabelAccuracy: 0.4, TextureDistance: 0.1);

    [Fact]
    public void Equal_or_better_figures_are_no_loss()
    {
        Assert.Empty(Float32.LossesAgainst(Float32));
        Assert.Empty(new PrecisionFigures(0.95, 0.5, 0.05).LossesAgainst(Float32));
        Assert.Empty(new PrecisionFigures(0.883, 0.381, 0.1019).LossesAgainst(Float32));
    }

    [Fact]
    public void Each_figure_that_loses_more_than_two_percent_is_named()
    {
        Assert.Equal(
            ["energy correlation is worse by 0.0200, but at most 0.0180 is allowed"],
            new PrecisionFigures(0.88, 0.4, 0.1).LossesAgainst(Float32));
        Assert.Equal(
            ["label accuracy is worse by 0.0300, but at most 0.0200 is allowed"],
            new PrecisionFigures(0.9, 0.37, 0.1).LossesAgainst(Float32));
        Assert.Equal(
            ["texture distance is worse by 0.0030, but at most 0.0020 is allowed"],
            new PrecisionFigures(0.9, 0.4, 0.103).LossesAgainst(Float32));
    }

    [Fact]
    public void What_is_not_a_number_is_a_loss() => Assert.Single(new PrecisionFigures(double.NaN, 0.4, 0.1).LossesAgainst(Float32));
}
