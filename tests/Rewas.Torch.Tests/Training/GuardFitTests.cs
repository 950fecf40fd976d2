using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Stages;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Training;

public sealed class GuardFitTests : IDisposable
{
    const int Clips = 60, Tokens = 12, Channels = 8;

    static readonly GuardedPhiConfiguration Configuration = new()
    {
        References = Clips,
        Phi = new() { Channels = Channels, Unread = BlockMotion.Statistics, Depth = 1, Heads = 2, HeadWidths = [4] },
    };

    readonly IDisposable scope = torch.NewDisposeScope();
    readonly torch.Generator generator = new(7);
    readonly TorchWeights weights = TorchWeights.Fresh(1);
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> network;

    public GuardFitTests() => network = GuardedPhi.Define(Configuration).Build(new Scope(weights));

    public void Dispose()
    {
        generator.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void An_unfitted_guard_uses_phi_alone()
    {
        var features = Features(clips: 3, apart: 0);
        Assert.True(torch.allclose(Phi(features), Predicted(features), atol: 1e-6));
    }

    [Fact]
    public void A_clip_unlike_all_of_the_training_follows_plain_motion()
    {
        Fit();
        var features = Features(clips: 3, apart: 25);
        var motion = ((TorchTensor)GuardedPhi.Motion(weights.Wrap(features))).Value * weights.Buffers["guard.slope"]
            + weights.Buffers["guard.level"];
        Assert.True(torch.allclose(motion, Predicted(features), atol: 1e-3));
    }

    [Fact]
    public void A_clip_like_those_of_the_training_follows_phi_most()
    {
        Fit();
        var features = Features(clips: 40, apart: 0);
        var (phi, motion) = (
            Phi(features),
            ((TorchTensor)GuardedPhi.Motion(weights.Wrap(features))).Value * weights.Buffers["guard.slope"]
                + weights.Buffers["guard.level"]);
        var share = ((Predicted(features) - phi).mul(motion - phi).sum([1, 2]) / (motion - phi).square().sum([1, 2]))
            .data<float>()
            .ToArray();
        Assert.All(share, s => Assert.InRange(s, -0.001f, 1.001f));
        Assert.True(share.Count(s => s < 0.6f) >= 24, $"of 40 known clips only {share.Count(s => s < 0.6f)} follow phi");
    }

    [Fact]
    public void Energy_that_follows_motion_gives_its_slope_and_level()
    {
        Fit(slope: 1.5f, level: -4);
        Assert.Equal(1.5f, weights.Buffers["guard.slope"].item<float>(), 1e-3f);
        Assert.Equal(-4, weights.Buffers["guard.level"].item<float>(), 1e-2f);
    }

    [Fact]
    public void A_scene_that_is_shown_twice_is_as_strange_as_one_that_is_shown_once()
    {
        var features = Features(Clips / 2, apart: 0);
        var energy = torch.zeros([Clips / 2, Tokens]);
        var once = TorchWeights.Fresh(1);
        GuardedPhi.Define(Configuration with { References = Clips / 2 }).Build(new Scope(once));
        GuardFit.Fit(once, features, energy, views: 1);
        GuardFit.Fit(weights, features.repeat_interleave(2, 0), energy.repeat_interleave(2, 0), views: 2);
        Assert.Equal(once.Buffers["guard.threshold"].item<float>(), weights.Buffers["guard.threshold"].item<float>(), 0.05f);
        Assert.Equal(once.Buffers["guard.steepness"].item<float>(), weights.Buffers["guard.steepness"].item<float>(), 0.05f);
    }

    [Fact]
    public void Motion_is_late_by_two_tokens()
    {
        var features = torch.zeros([1, Tokens, Channels + BlockMotion.Statistics]);
        features.narrow(1, 5, 1).narrow(2, Channels, BlockMotion.Statistics).fill_(1);
        var motion = ((TorchTensor)GuardedPhi.Motion(weights.Wrap(features))).Value.reshape(Tokens).data<float>().ToArray();
        Assert.Equal([0, 0, 0, 0, 0, 0, 0.25f, 0.5f, 0.25f, 0, 0, 0], motion);
    }

    void Fit(float slope = 1, float level = -5)
    {
        var features = Features(Clips, apart: 0);
        var motion = ((TorchTensor)GuardedPhi.Motion(weights.Wrap(features))).Value.squeeze(2);
        GuardFit.Fit(weights, features, motion * slope + level, views: 1);
    }

    /// <summary>Clips whose mean statistics vary around a common point.</summary>
    torch.Tensor Features(int clips, float apart) =>
        torch.randn([(long)clips, Tokens, Channels + BlockMotion.Statistics], generator: generator) * 0.3f
        + torch.randn([(long)clips, 1, Channels + BlockMotion.Statistics], generator: generator) * 0.2f + apart;

    torch.Tensor Predicted(torch.Tensor features) => ((TorchTensor)network([weights.Wrap(features)])[0]).Value.detach();

    torch.Tensor Phi(torch.Tensor features) =>
        ((TorchTensor)new Phi(new Scope(weights) / "phi", Configuration.Phi).Forward(weights.Wrap(features))).Value.detach();
}
