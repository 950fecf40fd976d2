using Rewas.Clip.Faults;
using Rewas.PromptCheck;

namespace Rewas.Tests.PromptCheck;

public sealed class ClipCalibrationTests
{
    [Fact]
    public void Limits_name_the_most_films_with_few_wrong_names()
    {
        // Above a probability of 0.4 CLIP is right, below it is wrong as often as right.
        var films = Enumerable.Range(0, 100)
            .Select(i => new ClipJudgement(i / 100.0, 0.3, 0.25, IsRight: i >= 40 || i % 2 == 0)).ToList();
        var calibration = ClipCalibration.Of(films);
        Assert.InRange(calibration.Thresholds.LeastProbability, 0.3, 0.45);
        Assert.True(calibration.Named >= 55);
        Assert.True(calibration.Named - calibration.Right <= ClipCalibration.MostWrong * calibration.Named);
    }

    [Fact]
    public void A_clip_that_is_always_wrong_always_abstains()
    {
        var calibration = ClipCalibration.Of(
            [.. Enumerable.Range(0, 20).Select(i => new ClipJudgement(i / 20.0, i / 20.0, i / 20.0, IsRight: false))]);
        Assert.Equal((0, 1.0), (calibration.Named, calibration.Thresholds.LeastProbability));
    }

    [Fact]
    public void Too_few_films_are_refused() => Assert.Contains(
        "at least 10", Assert.Throws<InputFault>(() => ClipCalibration.Of([new(1, 1, 1, true)])).Message, StringComparison.Ordinal);
}
