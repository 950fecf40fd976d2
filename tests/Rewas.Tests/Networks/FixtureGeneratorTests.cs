namespace Rewas.Tests.Networks;

/// <summary>The check values of the fixtures' README.</summary>
public class FixtureGeneratorTests
{
    [Fact]
    public void Noise_starts_as_documented() =>
        Assert.Equal([-0.16234763f, 0.29976473f, -0.75811836f], FixtureGenerator.Noise("fixture.x", 3));

    [Fact]
    public void Gauss_starts_as_documented() =>
        AssertClose([-0.77626401f, -2.03077340f, 0.44982183f], FixtureGenerator.Gauss("fixture.x", 3));

    [Fact]
    public void Weights_of_rank_4_start_as_documented() =>
        AssertClose(
            [-0.11683191f, -0.10978900f, 0.06855085f],
            FixtureGenerator.Weight("control_model.zero_convs.0.0.weight", [192, 192, 1, 1])[..3]);

    [Fact]
    public void Gains_start_as_documented() =>
        AssertClose([0.93280220f, 1.03898990f], FixtureGenerator.Weight("model.diffusion_model.out.0.weight", [192])[..2]);

    static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-7f));
}
