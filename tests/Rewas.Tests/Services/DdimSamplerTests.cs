using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.Tests.Services;

public class DdimSamplerTests
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
        Assert.Equal(expected.Reverse(), new NoiseLevels(Published, SamplerNames.Uniform, steps).Times.Select(t => (long)t));
    }

    [Fact]
    public void Alphas_and_sigmas_of_200_steps_equal_the_published_ones()
    {
        var levels = new NoiseLevels(Published, SamplerNames.Uniform, 200);
        var sampler = new DdimSampler(levels, eta: 1);
        AssertClose("alphas", levels.Alphas[..200]);
        AssertClose("alphas_prev", levels.Alphas[1..]);
        AssertClose("sigmas", [.. Enumerable.Range(0, 200).Select(sampler.Sigma)]);

        static void AssertClose(string array, double[] actual)
        {
            var expected = ReferenceFile.Read("ddim200_eta1.npz", array).Floats.ToArray();           // least noise first
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < actual.Length; i++)
                Assert.Equal(expected[i], actual[^(i + 1)], 1e-5 * Math.Abs(expected[i]) + 1e-8);
        }
    }
}
