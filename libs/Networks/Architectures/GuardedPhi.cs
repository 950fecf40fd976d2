using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the guarded energy predictor.</summary>
public sealed record GuardedPhiConfiguration
{
    /// <summary>The guarded network. It does not read the block statistics.</summary>
    public PhiConfiguration Phi { get; init; } = new() { Unread = BlockMotion.Statistics };

    /// <summary>Number of reference clips from the training set.</summary>
    public int References { get; init; } = 240;

    internal void Check()
    {
        Phi.Check();
        var c = this;
        new ConfigurationCheck().InRange(c.References, 1, 65_536)
            .That(Phi.Unread == BlockMotion.Statistics,
            $"phi.unread must be {BlockMotion.Statistics}, the block statistics, but is {Phi.Unread}")
            .That(Phi.Outputs == 1, $"phi.outputs must be 1, but is {Phi.Outputs}").ThrowIfAny();
    }
}

/// <summary>
/// An energy predictor that detects unfamiliar clips. If a clip moves like the training clips, <see cref="Phi"/> decides. If it moves
/// differently, the plain motion of the picture decides, which needs no training. The weight changes smoothly between both. Strangeness
/// follows from the density of training clips round the clip (Parzen, 1962): Gaussian kernels on the whitened means and standard deviations
/// of its block statistics.
/// </summary>
public sealed class GuardedPhi
{
    /// <summary>Numbers that describe a clip's motion: mean and standard deviation over time of each block statistic.</summary>
    public const int Descriptors = 2 * BlockMotion.Statistics;

    /// <summary>Number of principal directions of the training clips that are used.</summary>
    public const int Directions = 12;

    /// <summary>Width of the kernels, in standard deviations of the training clips.</summary>
    const float Bandwidth = 0.7f;

    /// <summary>Added to a density, so that its logarithm stays finite.</summary>
    const float LeastDensity = 1e-30f;

    /// <summary>Delay of film sound after the motion, in tokens: 160 ms.</summary>
    const int Late = 2;

    readonly Phi phi;
    readonly Tensor centre, whitening, references, threshold, steepness, shares, slope, level;

    public GuardedPhi(Scope at, GuardedPhiConfiguration c)
    {
        phi = new(at / "phi", c.Phi);
        var guard = at / "guard";
        centre = guard.Buffer("centre", Descriptors);
        whitening = guard.Buffer("whitening", Descriptors, Directions);
        references = guard.Buffer("references", c.References, Directions);
        threshold = guard.Buffer("threshold", 1);
        steepness = guard.Buffer("steepness", 1);
        shares = guard.Buffer("shares", 2); // weight of motion for familiar and for strange clips; zeros (phi alone) until fitted
        slope = guard.Buffer("slope", 1);
        level = guard.Buffer("level", 1);
    }

    public static NetworkDefinition Define(GuardedPhiConfiguration c)
    {
        c.Check();
        var tokens = c.Phi.Positions > 0 ? c.Phi.Positions : -1;
        return new("guarded_phi",
            [new("features", ElementType.Float32, [-1, tokens, c.Phi.Channels + c.Phi.Unread],
            "Video features of a window in order of time, the block statistics last.")],
            [new("energy", ElementType.Float32, [-1, tokens, 1], "Mean log mel of the sound at each feature's time, before smoothing.")],
            scope =>
            {
                var network = new GuardedPhi(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor features)                                   // [B, N, C + 15] -> [B, N, 1]
    {
        var share = Share(Statistics(features));
        return (share.Scalar(1) - share) * phi.Forward(features) + share * (Motion(features) * slope + level);
    }

    /// <summary>The block statistics of the features: [B, N, 15].</summary>
    public static Tensor Statistics(Tensor features) => features.Slice(2, -BlockMotion.Statistics);

    /// <summary>
    /// Motion and change of motion over all blocks: means of powers 1 and 2, smoothed over three tokens and delayed. The first token is
    /// repeated for earlier times.
    /// </summary>
    public static Tensor Motion(Tensor features)                             // [B, N, C + 15] -> [B, N, 1]
    {
        var statistics = Statistics(features);
        var now = statistics.Slice(2, 1, 3).Concat(2, statistics.Slice(2, BlockMotion.Means + 1, BlockMotion.Means + 3)).Mean(2);
        var first = now.Slice(1, 0, 1);
        var before = Enumerable.Repeat(first, Late).ToArray();
        var late = first.Concat(1, [.. before, now.Slice(1, 0, 1 - Late)]);  // [B, N + 2, 1]
        return late.Slice(1, 0, -2) * 0.25f + late.Slice(1, 1, -1) * 0.5f + late.Slice(1, 2) * 0.25f;
    }

    /// <summary>Strangeness of a clip: the negative log density of the training clips round it.</summary>
    /// <param name="whitened">[B, 12], from <see cref="Whitened"/>.</param>
    /// <param name="references">[R, 12], whitened.</param>
    public static Tensor Strangeness(Tensor whitened, Tensor references)     // -> [B, 1]
    {
        var apart = whitened.Reshape(-1, 1, Directions) - references.Reshape(1, references.Shape[0], Directions);   // [B, R, 12]
        var density = ((apart * apart).Sum(2, keepAxis: false) * (-0.5f / (Bandwidth * Bandwidth))).Exp().Mean(1);
        return (density + LeastDensity).Log() * -1;
    }

    /// <summary>Describes the motion of clips by mean and standard deviation of each statistic over the tokens.</summary>
    public static Tensor Described(Tensor statistics)                        // [B, N, 15] -> [B, 30]
    {
        var mean = statistics.Mean(1);                                       // [B, 1, 15]
        var apart = statistics - mean;
        return mean.Concat(1, (apart * apart).Mean(1).Sqrt()).Reshape(-1, Descriptors);
    }

    /// <summary>Descriptions in standard deviations from the training mean, along the principal directions.</summary>
    public static Tensor Whitened(Tensor described, Tensor centre, Tensor whitening) =>   // [B, 30] -> [B, 12]
        (described - centre).MatMul(whitening);

    /// <summary>Weight of plain motion in the energy: [B, 1, 1].</summary>
    Tensor Share(Tensor statistics)
    {
        var strangeness = Strangeness(Whitened(Described(statistics), centre, whitening), references);   // [B, 1]
        var strange = ((strangeness - threshold) * steepness).Sigmoid();
        var (least, most) = (shares.Slice(0, 0, 1), shares.Slice(0, 1, 2));
        return (least + (most - least) * strange).Reshape(-1, 1, 1);
    }
}
