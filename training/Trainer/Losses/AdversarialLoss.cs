using Rewas.Networks;
using Rewas.Networks.Layers;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>
/// Discriminators of spectrogram images, one for each of several views, with least-squares losses and feature matching (HiFi-GAN, Kong et
/// al., 2020). One sum trains both sides. The discriminators see the generator's images without its gradient. The generator sees the
/// discriminators through a view of their weights that takes no gradient.
/// </summary>
sealed class AdversarialLoss
{
    readonly double featureWeight;
    readonly SpectrogramDiscriminator[] judges, observers;

    /// <param name="seed">Seed of the discriminators' weights.</param>
    /// <param name="views">The number of images to judge, each by its own discriminator.</param>
    /// <param name="featureWeight">Weight of feature matching; 0 turns it off.</param>
    public AdversarialLoss(ulong seed, int views, double featureWeight)
    {
        this.featureWeight = featureWeight;
        Weights = TorchWeights.Fresh(seed);
        judges = Build(Weights, views);
        observers = Build(new WithoutGradient(Weights), views);
    }

    /// <summary>Weights of the discriminators.</summary>
    public TorchWeights Weights { get; }

    /// <param name="made">For each view [B, 1, T, F], with the generator's gradient.</param>
    /// <param name="real">For each view [B, 1, T, F].</param>
    public torch.Tensor Of(IReadOnlyList<torch.Tensor> made, IReadOnlyList<torch.Tensor> real)
    {
        var total = torch.zeros([]);
        for (var i = 0; i < judges.Length; i++)
        {
            var (realFeatures, realScore) = judges[i].Forward(Weights.Wrap(real[i]));
            var (_, fakeScore) = judges[i].Forward(Weights.Wrap(made[i].detach()));
            var (madeFeatures, madeScore) = observers[i].Forward(Weights.Wrap(made[i]));
            total = total
                + (Value(realScore) - 1).square().mean()
                + Value(fakeScore).square().mean()
                + (Value(madeScore) - 1).square().mean();
            if (featureWeight > 0)
                foreach (var (m, r) in madeFeatures.Zip(realFeatures))
                    total = total + featureWeight * (Value(m) - Value(r).detach()).abs().mean();
        }
        return total / judges.Length;
    }

    static SpectrogramDiscriminator[] Build(IWeights weights, int views) =>
        [.. Enumerable.Range(0, views).Select(i => new SpectrogramDiscriminator(new Scope(weights) / "resolutions" / i))];

    static torch.Tensor Value(Tensor tensor) => ((TorchTensor)tensor).Value;

    /// <summary>Shares memory with the weights, so it follows every step of the optimiser.</summary>
    sealed class WithoutGradient(TorchWeights weights) : IWeights
    {
        public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained) =>
            weights.Wrap(weights.Parameters[name].detach().DetachFromDisposeScope());
    }
}

/// <summary>Tells real spectrograms from generated ones, patch by patch.</summary>
sealed class SpectrogramDiscriminator(Scope at)
{
    const int Channels = 16;

    readonly Conv2d[] layers =
    [
        new(at / "layers" / 0, 1, Channels, 3, stride: 2),
        new(at / "layers" / 1, Channels, 2 * Channels, 3, stride: 2),
        new(at / "layers" / 2, 2 * Channels, 4 * Channels, 3, stride: 2),
        new(at / "layers" / 3, 4 * Channels, 4 * Channels, 3),
    ];
    readonly Conv2d last = new(at / "last", 4 * Channels, 1, 3);

    // [B, 1, T, F] -> features [B, C, T', F'], score [B, 1, T / 8, F / 8]
    public (IReadOnlyList<Tensor> Features, Tensor Score) Forward(Tensor x)
    {
        var features = new List<Tensor>();
        foreach (var layer in layers)
            features.Add(x = layer.Forward(x).LeakyRelu(0.1f));
        return (features, last.Forward(x));
    }
}
