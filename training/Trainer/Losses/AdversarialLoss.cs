using Rewas.Networks;
using Rewas.Networks.Layers;
using Rewas.Networks.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>
/// Discriminators that look at the spectrogram at several resolutions (UnivNet, Jang et al., 2021), with least-squares losses and feature
/// matching (HiFi-GAN, Kong et al., 2020). One sum trains both sides: the discriminators see the generator's sound without its gradient, and the
/// generator sees the discriminators through a view of their weights that takes no gradient.
/// </summary>
sealed class AdversarialLoss
{
    const double FeatureWeight = 2;
    static readonly (int Window, int Hop)[] Resolutions = [(1024, 256), (512, 128), (256, 64)];

    readonly torch.Tensor[] windows = [.. Resolutions.Select(r => torch.hann_window(r.Window).DetachFromDisposeScope())];
    readonly SpectrogramDiscriminator[] judges, observers;

    public AdversarialLoss(ulong seed)
    {
        Weights = TorchWeights.Fresh(seed);
        judges = Build(Weights);
        observers = Build(new WithoutGradient(Weights));
    }

    /// <summary>Of the discriminators.</summary>
    public TorchWeights Weights { get; }

    /// <param name="made">[B, T], with the generator's gradient.</param>
    /// <param name="real">[B, T].</param>
    public torch.Tensor Of(torch.Tensor made, torch.Tensor real)
    {
        var total = torch.zeros([]);
        for (var i = 0; i < Resolutions.Length; i++)
        {
            var (realImage, madeImage) = (Image(real, i), Image(made, i));
            var (realFeatures, realScore) = judges[i].Forward(Weights.Wrap(realImage));
            var (_, fakeScore) = judges[i].Forward(Weights.Wrap(madeImage.detach()));
            var (madeFeatures, madeScore) = observers[i].Forward(Weights.Wrap(madeImage));
            total = total + (Value(realScore) - 1).square().mean() + Value(fakeScore).square().mean() + (Value(madeScore) - 1).square().mean();
            foreach (var (m, r) in madeFeatures.Zip(realFeatures))
                total = total + FeatureWeight * (Value(m) - Value(r).detach()).abs().mean();
        }
        return total / Resolutions.Length;
    }

    torch.Tensor Image(torch.Tensor wave, int resolution)                      // [B, T] -> [B, 1, frames, bins]
    {
        var (window, hop) = Resolutions[resolution];
        var spectrum = torch.stft(wave, window, hop, window, windows[resolution], center: true, return_complex: true);
        return torch.view_as_real(spectrum).square().sum(-1).add(1e-8).log().mul(0.25).transpose(1, 2).unsqueeze(1).contiguous();
    }

    static SpectrogramDiscriminator[] Build(IWeights weights) => [.. Resolutions.Select((_, i) => new SpectrogramDiscriminator(new Scope(weights) / "resolutions" / i))];

    static torch.Tensor Value(Tensor tensor) => ((TorchTensor)tensor).Value;

    /// <summary>The same memory, so that it follows every step of the optimiser.</summary>
    sealed class WithoutGradient(TorchWeights weights) : IWeights
    {
        public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained) => weights.Wrap(weights.Parameters[name].detach().DetachFromDisposeScope());
    }
}

/// <summary>Tells real spectrograms from made ones, patch by patch.</summary>
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

    public (IReadOnlyList<Tensor> Features, Tensor Score) Forward(Tensor x)    // [B, 1, T, F] -> features [B, C, T', F'], score [B, 1, T / 8, F / 8]
    {
        var features = new List<Tensor>();
        foreach (var layer in layers)
            features.Add(x = layer.Forward(x).LeakyRelu(0.1f));
        return (features, last.Forward(x));
    }
}
