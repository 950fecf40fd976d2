using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.Tests.Services;

/// <summary>
/// Samplers on data with a known solution: independent normal values of mean m and deviation d. A perfect denoiser then predicts noise (x -
/// signal m) / (signal² d² + noise²). The probability-flow equation moves x so that (x - signal m) / sqrt(signal² d² + noise²) is constant.
/// </summary>
public class SamplerTests
{
    static readonly SamplerDefaults Training = new(200, 3.0, 1.0);
    const double Mean = 0.7, Deviation = 0.5;

    /// <summary>
    /// Order of convergence: the factor by which doubling the steps divides the error, 2 for first order and 4 for second.
    /// </summary>
    [Theory]
    [InlineData("ddim", 1.8, 2.3)]
    [InlineData("dpmpp-2m", 3.4, 5)]
    [InlineData("unipc", 5, 20)]
    public void Doubling_the_steps_divides_the_error_as_the_order_says(string sampler, double least, double most)
    {
        var (coarse, fine) = (Error(sampler, SamplerNames.LogSnr, 32), Error(sampler, SamplerNames.LogSnr, 64));
        Assert.InRange(coarse / fine, least, most);
    }

    [Theory]
    [InlineData("dpmpp-2m")]
    [InlineData("unipc")]
    public void Second_order_is_nearer_with_20_steps_than_ddim_with_200(string sampler) =>
        Assert.True(Error(sampler, SamplerNames.LogSnr, 20) < Error("ddim", SamplerNames.Uniform, 200));

    [Theory]
    [InlineData("uniform")]
    [InlineData("trailing")]
    [InlineData("logsnr")]
    [InlineData("karras")]
    public void Every_sampler_comes_near_in_every_spacing(string spacing)
    {
        foreach (var sampler in (string[])["ddim", "dpmpp-2m", "unipc"])
            Assert.True(Error(sampler, spacing, 100) < 0.06, $"{sampler}, {spacing}: {Error(sampler, spacing, 100)}");
    }

    [Theory]
    [InlineData("ddim")]
    [InlineData("dpmpp-2m-sde")]
    public void Stochastic_samplers_give_the_datas_mean_and_deviation(string name)
    {
        const int Length = 40_000;
        var levels = new NoiseLevels(Training, SamplerNames.LogSnr, 100);
        var sampler = Create(name, levels, eta: 1);
        Assert.True(sampler.IsStochastic);
        var samples = Run(sampler, levels, [.. Normal(1, Length).Select(z => (float)Start(levels, z))]);
        var expected = Math.Sqrt(levels.Alphas[^1] * Deviation * Deviation + 1 - levels.Alphas[^1]);
        var mean = samples.Average();
        Assert.Equal(levels.Signal[^1] * Mean, mean, 0.015);
        Assert.Equal(expected, Math.Sqrt(samples.Average(x => (x - mean) * (x - mean))), 0.06 * expected);
    }

    [Fact]
    public void A_point_of_data_is_reached_in_one_step_by_every_sampler()
    {
        foreach (var name in SamplerNames.Samplers)
        {
            var levels = new NoiseLevels(Training, SamplerNames.Trailing, 1);
            const float Latent = 1.5f;
            var epsilon = (float)((Latent - levels.Signal[0] * 0.3) / levels.Noise[0]);
            var state = new LatentState(1);
            (state[StepTerm.Latent][0], state[StepTerm.Epsilon][0]) = (Latent, epsilon);
            Advance(state, Create(name, levels, eta: 0), levels, 0);
            Assert.InRange(state[StepTerm.Latent][0], 0.3 - 0.1, 0.3 + 0.1); // up to the least noise of training
        }
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var levels = new NoiseLevels(Training, SamplerNames.LogSnr, 100);
        foreach (var name in SamplerNames.Samplers)
        {
            var sampler = Create(name, levels, eta: 1);
            var (state, steps) = (new LatentState(64), Enumerable.Range(0, levels.Steps).Select(sampler.At).ToArray());
            state.Advance(steps[0]);
            state.Advance(steps[1]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 2; step < levels.Steps; step++)
                state.Advance(steps[step]);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    /// <summary>Largest distance from the exact solution over a few starts.</summary>
    static double Error(string sampler, string spacing, int steps)
    {
        var levels = new NoiseLevels(Training, spacing, steps);
        double[] starts = [-2, -0.5, 1, 2.5];
        var end = Run(Create(sampler, levels, eta: 0), levels, [.. starts.Select(z => (float)Start(levels, z))]);
        return starts.Zip(end, (z, x) => Math.Abs(x - Exact(levels, steps, z))).Max();
    }

    static ISampler Create(string name, NoiseLevels levels, double eta) =>
        new Rewas.AudioDiffusion.SamplingRequest(0, name, eta, levels, new Guidance(1, 1)).NewSampler();

    static float[] Run(ISampler sampler, NoiseLevels levels, float[] latent)
    {
        var state = new LatentState(latent.Length);
        latent.CopyTo(state[StepTerm.Latent], 0);
        for (var step = 0; step < levels.Steps; step++)
        {
            var (signal, noise) = (levels.Signal[step], levels.Noise[step]);
            for (var i = 0; i < latent.Length; i++)
                state[StepTerm.Epsilon][i] = (float)(noise * (state[StepTerm.Latent][i] - signal * Mean) / Variance(signal, noise));
            if (sampler.IsStochastic)
                Normal(step + 2, latent.Length).CopyTo(state[StepTerm.Noise], 0);
            Advance(state, sampler, levels, step);
        }
        return state[StepTerm.Latent];
    }

    static void Advance(LatentState state, ISampler sampler, NoiseLevels levels, int step)
    {
        levels.Clean(step, state[StepTerm.Latent], state[StepTerm.Epsilon], state[StepTerm.Clean]);
        state.Advance(sampler.At(step));
    }

    static double Start(NoiseLevels levels, double z) => Exact(levels, 0, z);

    static double Exact(NoiseLevels levels, int level, double z) =>
        levels.Signal[level] * Mean + z * Math.Sqrt(Variance(levels.Signal[level], levels.Noise[level]));

    static double Variance(double signal, double noise) => signal * signal * Deviation * Deviation + noise * noise;

    static float[] Normal(int step, int length)
    {
        var noise = new float[length];
        new Rewas.AudioDiffusion.LatentNoise(5).Fill(0, step, noise);
        return noise;
    }
}
