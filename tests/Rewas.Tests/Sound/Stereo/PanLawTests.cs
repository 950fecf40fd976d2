using Rewas.Sound.Stereo;

namespace Rewas.Tests.Sound.Stereo;

public sealed class PanLawTests
{
    [Fact]
    public void The_power_is_the_same_everywhere_and_the_centre_changes_nothing()
    {
        Assert.Equal((1f, 1f), PanLaw.Gains(0));
        var before = 0f;
        for (var place = -1.0; place <= 1; place += 0.05)
        {
            var (left, right) = PanLaw.Gains(place);
            Assert.Equal(2, left * left + right * right, 1e-5);
            Assert.True(right > before - 1e-6, $"{place}");
            before = right;
        }
        Assert.Equal(0, PanLaw.Gains(-1).Right, 1e-6);
        Assert.Equal(0, PanLaw.Gains(1).Left, 1e-6);
    }
}
