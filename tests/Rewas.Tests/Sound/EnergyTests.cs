using Rewas.Clip;
using Rewas.Sound;

namespace Rewas.Tests.Sound;

public class EnergyTests
{
    static readonly ClipTiming Published = new();
    static readonly ClipTiming TrueTimes = new() { TokenLayout = TokenLayout.TrueTimes, FirstFrame = 0, SegmentsPerWindow = 15 };

    [Fact]
    public void Energy_of_a_mel_is_the_published_one()
    {
        var energy = Energy.OfLogMel(ReferenceFile.Read("mel_logmel.npy").Floats.ToArray());
        Assert.Equal(512, energy.Length);
        ReferenceFile.AssertAgrees("mel_energy112.npy", Energy.ToTokens(energy, Published), 1e-5);
        ReferenceFile.AssertAgrees("mel_energy_control.npy", Energy.Control(energy, Published), 1e-5);
    }

    [Fact]
    public void Predicted_energy_is_smoothed_and_stretched_as_published()
    {
        var tokens = ReferenceFile.Read("phi_energy.npy").Floats.ToArray();
        ReferenceFile.AssertAgrees("phi_savgol.npy", SavitzkyGolay.OfEnergy(Published).Smooth(tokens), 1e-5);
        ReferenceFile.AssertAgrees("phi_control512.npy", Energy.ControlFromTokens(tokens, Published), 1e-5);
    }

    [Fact]
    public void A_bundle_at_true_times_has_64_tokens_of_8_mel_frames()
    {
        var energy = Enumerable.Range(0, 512).Select(i => (float)i).ToArray();
        var tokens = Energy.ToTokens(energy, TrueTimes);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 8 * i + 3.5f), tokens);
        var control = Energy.Control(energy, TrueTimes);                     // a straight line passes the filter unchanged
        for (var i = 0; i < 512; i++)
            Assert.Equal(i / 8 * 8 + 3.5, control[i], 1e-3);
    }

    [Fact]
    public void Smoothing_keeps_any_parabola_up_to_its_ends()
    {
        var parabola = Enumerable.Range(0, 40).Select(x => (float)(0.3 * x * x - 4 * x + 7)).ToArray();
        var smooth = SavitzkyGolay.OfEnergy(Published).Smooth(parabola);
        for (var i = 0; i < 40; i++)
            Assert.Equal(parabola[i], smooth[i], 1e-3);
    }

    [Fact]
    public void Smoothing_weighs_an_impulse_as_tabulated()
    {
        var impulse = new float[21];
        impulse[10] = 231;                                                   // Savitzky and Golay 1964, table I, 9 points
        var smooth = SavitzkyGolay.OfEnergy(Published).Smooth(impulse);
        float[] expected = [-21, 14, 39, 54, 59, 54, 39, 14, -21];
        for (var i = 0; i < 9; i++)
            Assert.Equal(expected[i], smooth[6 + i], 1e-4);
    }

    [Fact]
    public void Nearest_resize_takes_the_value_at_the_floor_of_the_scaled_index()
    {
        Assert.Equal([1, 1, 2, 2, 3], NearestResize.To(5, [1, 2, 3]));       // floor(0, .6, 1.2, 1.8, 2.4)
        Assert.Equal([1, 3], NearestResize.To(2, [1, 2, 3, 4]));
        Assert.Equal([7, 7, 7], NearestResize.To(3, [7]));
    }

    [Fact]
    public void Correlation_is_one_for_a_scaled_copy_and_zero_for_a_constant()
    {
        Assert.Equal(1, Correlation.Pearson([1, 2, 4], [10, 20, 40]), 1e-12);
        Assert.Equal(-1, Correlation.Pearson([1, 2, 4], [-1, -2, -4]), 1e-12);
        Assert.Equal(0.5, Correlation.Pearson([1, 2, 3], [1, 3, 2]), 1e-12);
        Assert.Equal(0, Correlation.Pearson([1, 2, 3], [5, 5, 5]));
        Assert.Equal(1.5, Correlation.MeanAbsoluteError([1, 2], [2, 4]), 1e-12);
    }
}
