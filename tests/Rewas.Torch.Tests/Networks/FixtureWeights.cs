using Rewas.Clip;
using Rewas.Networks;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

/// <summary>The weights on which the fixtures were computed, made on demand.</summary>
/// <param name="prefix">The fixtures' prefix for the manifest's names.</param>
sealed class FixtureWeights(string prefix) : IWeights
{
    readonly TorchMode mode = new();

    public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained) =>
        new TorchTensor(torch.tensor(FixtureGenerator.Weight(prefix + name, shape), shape.ToArray()), mode);

    public Tensor Gauss(string name, params long[] shape) => Input(PublishedCase.Gauss(name, shape));

    public Tensor Input(HostTensor values) => new TorchTensor(ToTorch(values), mode);

    public static torch.Tensor ToTorch(HostTensor values) => values.Type == ElementType.Int64
        ? torch.tensor(values.Integers.ToArray(), values.Shape)
        : torch.tensor(values.Floats.ToArray(), values.Shape);

    public static HostTensor ToHost(Tensor value) => TorchWeights.ToHost(((TorchTensor)value).Value);
}
