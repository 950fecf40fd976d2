using Rewas.AudioDiffusion;
using Rewas.Checkpoints;

namespace Rewas.Tests.Services;

public class DdimTests
{
    static readonly SamplerDefaults Published = new(200, 3.0, 1.0);

    [Fact]
    public void Noise_schedule_equals_the_published_one()
    {
        var expected = ReferenceFile.Read("alphas_cumprod.npy").Floats.ToArray();
        var alphas = Published.CumulativeAlphas();
        Assert.Equal(expected.Length, alphas.Length);
        for (var t = 0; t < alphas.Length; t++)
            Assert.Equal(expected[t], alphas[t], 1e-6 * expected[t] + 1e-9);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(200)]
    public void Timesteps_equal_the_published_ones(int steps)
    {
        var expected = ReferenceFile.Read($"ddim_timesteps_{steps}.npy").Integers.ToArray();
        Assert.Equal(expected, new DdimSchedule(Published, steps, 1).Timesteps.Select(t => (long)t));
    }

    [Fact]
    public void Alphas_and_sigmas_of_200_steps_equal_the_published_ones()
    {
        var schedule = new DdimSchedule(Published, 200, eta: 1);
        AssertClose("alphas", schedule.Alphas);
        AssertClose("alphas_prev", schedule.PreviousAlphas);
        AssertClose("sigmas", schedule.Sigmas);

        static void AssertClose(string array, double[] actual)
        {
            var expected = ReferenceFile.Read("ddim200_eta1.npz", array).Floats.ToArray();
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < actual.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-5 * Math.Abs(expected[i]) + 1e-8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(999)]
    [InlineData(1000)]
    public void Any_number_of_steps_stays_inside_the_training_schedule(int steps)
    {
        var timesteps = new DdimSchedule(Published, steps, 0).Timesteps;
        Assert.Equal(steps, timesteps.Count);
        Assert.Equal(timesteps.Distinct().Order(), timesteps);
        Assert.InRange(timesteps[^1], 0, 999);
    }

    /// <summary>A denoiser that knows the clean latent must lead to it: up to the noise of the first training step, which DDIM leaves in.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Sampling_with_a_perfect_denoiser_reaches_the_clean_latent(double eta)
    {
        float[] clean = [0.5f, -1.25f, 2f, 0.1f, -0.7f, 0f];
        var sampler = NewSampler(steps: 50, eta, guidanceScale: 1);
        Assert.Equal(1, sampler.Rows);
        var (x, t, y, hint) = (new float[6], new float[1], new float[2], new float[6]);
        var alphas = Published.CumulativeAlphas();
        while (!sampler.IsDone)
        {
            sampler.WriteCall(x, t, y, hint);
            var alpha = alphas[(int)t[0]];
            sampler.Accept([.. x.Zip(clean, (noisy, c) => (float)((noisy - Math.Sqrt(alpha) * c) / Math.Sqrt(1 - alpha)))]);
        }
        for (var i = 0; i < clean.Length; i++)
            Assert.Equal(clean[i], sampler.Latent[i], 0.2);
    }

    [Fact]
    public void A_guided_call_has_the_unconditional_row_first_and_extrapolates_from_it()
    {
        var sampler = NewSampler(steps: 1, eta: 0, guidanceScale: 3);
        var (x, t, y, hint) = (new float[12], new float[2], new float[4], new float[12]);
        sampler.WriteCall(x, t, y, hint);
        Assert.Equal(x[..6], x[6..]);
        Assert.Equal([1f, 1f], t);
        Assert.Equal([0, 0, 1, 2], y);
        Assert.Equal([0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9], hint);

        var start = x[..6];
        sampler.Accept([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);               // guided: 1 + 3 * (2 - 1) = 4
        var alphas = Published.CumulativeAlphas();
        for (var i = 0; i < 6; i++)
        {
            var clean = (start[i] - Math.Sqrt(1 - alphas[1]) * 4) / Math.Sqrt(alphas[1]);
            Assert.Equal(Math.Sqrt(alphas[0]) * clean + Math.Sqrt(1 - alphas[0]) * 4, sampler.Latent[i], 1e-5);
        }
        Assert.True(sampler.IsDone);
    }

    static DdimSampler NewSampler(int steps, double eta, double guidanceScale) => new(
        new DdimSchedule(Published, steps, eta),
        guidanceScale,
        new Condition(new float[] { 1, 2 }, new float[] { 9, 9, 9, 9, 9, 9 }),
        new Condition(new float[2], new float[6]),
        new LatentNoise(11),
        window: 0);
}
