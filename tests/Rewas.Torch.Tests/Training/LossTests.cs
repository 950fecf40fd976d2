using Rewas.Sound.Mel;
using Rewas.Trainer.Losses;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Training;

public sealed class LossTests : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void The_log_mel_of_the_losses_is_that_of_the_platform()
    {
        var wave = Tone(6400, 440, 0.3f).Zip(Tone(6400, 2500, 0.01f), (a, b) => a + b).ToArray();
        var expected = MelSpectrogram.LogMel(wave);
        var made = TorchWeights.ToHost(new LogMel().Of(torch.tensor(wave).unsqueeze(0)).squeeze(0).t()).Floats.ToArray();
        Assert.Equal(expected.Length, made.Length);
        Assert.All(expected.Zip(made), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
    }

    [Fact]
    public void Griffin_lim_gives_back_a_tone_in_place()
    {
        var wave = Tone(16_000, 1000, 0.4f);
        Array.Clear(wave, 0, 8000);                                          // it starts in the middle
        var logMel = MelSpectrogram.LogMel(wave);
        var made =
            TorchWeights.ToHost(GriffinLim.Synthesize(torch.tensor(logMel, [1, logMel.Length / 64, 64]).transpose(1, 2))).Floats.ToArray();
        Assert.Equal(wave.Length, made.Length);
        Assert.InRange(made[9000..15000].Max(), 0.25, 0.6);
        Assert.InRange(made[..7000].Max(MathF.Abs), 0, 0.03);
    }

    [Fact]
    public void One_step_on_the_adversarial_loss_teaches_both_sides()
    {
        var (loss, images) = (Adversarial(), new SpectrogramImages());
        var made = (torch.randn(2, 4096) * 0.1).requires_grad_();
        loss.Of(images.Of(made), images.Of(torch.tensor(Tone(8192, 500, 0.5f), [2, 4096]))).backward();
        Assert.True(made.grad!.abs().sum().item<float>() > 0);
        Assert.All(loss.Weights.Parameters.Values, p => Assert.True(p.grad is not null));
    }

    [Fact]
    public void A_generator_that_fools_the_discriminators_does_not_make_them_worse()
    {
        // The discriminators' gradient must not depend on the generator's loss. The generator uses their weights only as judges.
        var real = torch.tensor(Tone(8192, 500, 0.5f), [2, 4096]);
        var made = torch.tensor(Tone(8192, 900, 0.5f), [2, 4096]);
        var (attached, detached, images) = (Adversarial(), Adversarial(), new SpectrogramImages());
        attached.Of(images.Of(made.clone().requires_grad_()), images.Of(real)).backward();
        detached.Of(images.Of(made), images.Of(real)).backward();
        foreach (var (name, parameter) in attached.Weights.Parameters)
            Assert.True(parameter.grad!.allclose(detached.Weights.Parameters[name].grad!));
    }

    static AdversarialLoss Adversarial() => new(seed: 1, SpectrogramImages.Resolutions, featureWeight: 2);

    static float[] Tone(int samples, double hertz, float amplitude) =>
        [.. Enumerable.Range(0, samples).Select(n => amplitude * (float)Math.Sin(2 * Math.PI * hertz * n / 16_000))];
}
