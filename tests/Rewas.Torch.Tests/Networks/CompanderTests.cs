using Rewas.Networks;
using Rewas.Networks.Layers;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

public sealed class CompanderTests : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope();
    readonly TorchWeights weights = TorchWeights.Fresh(1);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Expanding_gives_back_what_was_compressed()
    {
        var compander = Compander();
        var x = weights.Wrap(torch.linspace(-40, 40, 81).reshape(1, 1, 9, 9).expand(1, 2, 9, 9));
        var back = compander.Expand(compander.Compress(x));
        Assert.All(Values(back).Zip(Values(x)), pair => Assert.Equal(pair.Second, pair.First, 1e-3f * (1 + MathF.Abs(pair.Second))));
    }

    [Fact]
    public void Small_values_keep_their_proportion_and_large_ones_grow_with_their_logarithm()
    {
        var compander = Compander();
        var y = Values(compander.Compress(weights.Wrap(torch.tensor([0.01f, 0.02f, 10f, 20f], [1, 1, 2, 2]).expand(1, 2, 2, 2))));
        Assert.Equal(2, y[1] / y[0], 1e-3);
        Assert.Equal(2 * MathF.Log(2), y[3] - y[2], 0.01);                   // its scale is 2
    }

    [Fact]
    public void An_outlier_is_expanded_to_a_bound()
    {
        var expanded = Values(Compander().Expand(weights.Wrap(torch.tensor([1000f, -1000f], [1, 1, 1, 2]).expand(1, 2, 1, 2))));
        Assert.Equal(45, expanded[0], 0.1);
        Assert.Equal(-45, expanded[1], 0.1);
    }

    /// <summary>Two channels, of scale 2.</summary>
    Compander Compander()
    {
        var compander = new Compander(new Scope(weights) / "compander", 2);
        using var inference = torch.no_grad();
        weights.Buffers["compander.scale"].fill_(2);
        return compander;
    }

    static float[] Values(Tensor tensor) => TorchWeights.ToHost(((TorchTensor)tensor).Value.contiguous()).Floats.ToArray();
}
