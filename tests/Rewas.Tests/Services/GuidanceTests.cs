using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.Tests.Services;

public class GuidanceTests
{
    static readonly Condition Nothing = new(new float[] { 5, 6 }, new float[6]);
    static readonly Condition Energy = new(new float[] { 5, 6 }, new float[] { 9, 9, 9, 9, 9, 9 });
    static readonly Condition Everything = new(new float[] { 1, 2 }, new float[] { 9, 9, 9, 9, 9, 9 });

    [Fact]
    public void Equal_scales_take_two_rows_and_extrapolate_from_the_unconditional_one()
    {
        var guidance = new Guidance(3, 3);
        Assert.Equal([(GuidanceRow.Nothing, -2.0), (GuidanceRow.Everything, 3.0)], guidance.Rows());
        Assert.Equal([4f, 7f], Combined(guidance, [1, 1], [2, 3]));          // 1 + 3 (2 - 1), 1 + 3 (3 - 1)
    }

    [Fact]
    public void Different_scales_take_a_third_row_with_the_energy_alone()
    {
        var guidance = new Guidance(TextScale: 3, EnergyScale: 2);
        Assert.Equal([GuidanceRow.Nothing, GuidanceRow.Energy, GuidanceRow.Everything], guidance.Rows().Select(row => row.Row));
        Assert.Equal([1f + 2 * (4 - 1) + 3 * (6 - 4)], Combined(guidance, [1], [4], [6]));
    }

    [Fact]
    public void Rows_that_cancel_out_are_left_out()
    {
        Assert.Equal([GuidanceRow.Everything], new Guidance(1, 1).Rows().Select(row => row.Row));
        Assert.Equal([GuidanceRow.Energy, GuidanceRow.Everything], new Guidance(3, 1).Rows().Select(row => row.Row));
    }

    [Fact]
    public void Rescale_gives_back_the_deviation_of_the_conditional_prediction()
    {
        var guided = Combined(new Guidance(5, 5) { Rescale = 1 }, [0, 0, 0, 0], [1, -1, 2, -2]);
        Assert.Equal([1f, -1f, 2f, -2f], guided.Select(v => MathF.Round(v, 5)));
        var half = Combined(new Guidance(5, 5) { Rescale = 0.5 }, [0, 0, 0, 0], [1, -1, 2, -2]);
        Assert.Equal(3, half[0], 1e-5);
    }

    [Fact]
    public void A_guided_call_holds_the_rows_in_order_and_a_step_outside_the_interval_one_row()
    {
        var levels = new NoiseLevels(new SamplerDefaults(200, 3, 1), SamplerNames.Trailing, 4);         // 999, 749, 499, 249
        var request = new SamplingRequest(11, SamplerNames.Ddim, 0, levels, new Guidance(3, 3) { From = 0.8, To = 0.3 });
        var sampler = new WindowSampler(request, new(Nothing, Energy, Everything), 6, window: 0);
        List<int> rows = [];
        while (!sampler.IsDone)
        {
            rows.Add(sampler.Rows);
            var (x, t, y, hint) = (new float[12], new float[2], new float[4], new float[12]);
            sampler.WriteLatent(x, t);
            sampler.WriteConditions(y, hint);
            if (sampler.Rows == 2)
            {
                Assert.Equal(x[..6], x[6..]);
                Assert.Equal([5, 6, 1, 2], y);
                Assert.Equal([0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9], hint);
            }
            else
                Assert.Equal([1, 2, 0, 0], y);
            sampler.Accept(new float[6 * sampler.Rows]);
        }
        Assert.Equal([1, 2, 2, 1], rows);
    }

    static float[] Combined(Guidance guidance, params float[][] predicted)
    {
        var epsilon = new float[predicted[0].Length];
        guidance.Combine(guidance.Rows(), [.. predicted.SelectMany(row => row)], epsilon);
        return epsilon;
    }
}
