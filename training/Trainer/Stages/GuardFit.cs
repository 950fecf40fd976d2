using Rewas.Networks.Architectures;
using Rewas.Networks.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Fits the guard of <see cref="GuardedPhi"/> to clips of the training's kinds, by statistics and without gradients: where they lie, how strange they are to each other,
/// and how the energy of their sound follows plain motion.
/// </summary>
static class GuardFit
{
    /// <summary>Of the training's own clips, this part is less strange than what counts as strange by half.</summary>
    const double Known = 0.8;

    /// <summary>From half to three quarters strange, in standard deviations of the clips' strangeness.</summary>
    const double Softness = 0.3;

    /// <summary>Of plain motion in the energy: known clips, strange ones.</summary>
    const float LeastShare = 0.2f, MostShare = 1;

    /// <summary>Keeps directions that hardly vary from counting without bounds, as a part of the mean variance.</summary>
    const double LeastVariance = 1e-6;

    /// <param name="guarded">The predictor's weights.</param>
    /// <param name="features">[R, N, C + 15]: the video features of clips, R as the predictor is sized for.</param>
    /// <param name="energy">[R, N]: the energy of their sound.</param>
    public static void Fit(TorchWeights guarded, torch.Tensor features, torch.Tensor energy)
    {
        var wrapped = guarded.Wrap(features);
        var means = ((TorchTensor)GuardedPhi.Statistics(wrapped)).Value.mean([1]);                        // [R, 15]
        var centre = means.mean([0]);
        var whitening = Whitening(means - centre);
        var references = (means - centre).matmul(whitening);
        var strangeness = Others(guarded, references);
        var (slope, level) = Line(((TorchTensor)GuardedPhi.Motion(wrapped)).Value.squeeze(2), energy);
        Set("centre", centre);
        Set("whitening", whitening);
        Set("references", references);
        Set("threshold", strangeness.quantile(torch.tensor((float)Known)).reshape(1));
        Set("steepness", (Softness * strangeness.std()).reciprocal().reshape(1));
        Set("shares", torch.tensor([LeastShare, MostShare]));
        Set("slope", slope.reshape(1));
        Set("level", level.reshape(1));

        void Set(string name, torch.Tensor value) => guarded.Buffers[$"guard.{name}"].copy_(value);
    }

    /// <summary>Brings the rows of a matrix to unit covariance: V diag(1 / s), from the covariance's eigenvectors and roots of its eigenvalues.</summary>
    static torch.Tensor Whitening(torch.Tensor rows)                           // [R, D], mean 0 -> [D, D]
    {
        var exact = rows.to_type(torch.ScalarType.Float64);
        var (values, vectors) = torch.linalg.eigh(exact.t().matmul(exact) / rows.shape[0]);
        return (vectors / values.clamp_min(LeastVariance * values.mean().item<double>()).sqrt()).to_type(torch.ScalarType.Float32);
    }

    /// <summary>How strange each reference is to all others: [R].</summary>
    static torch.Tensor Others(TorchWeights guarded, torch.Tensor references)
    {
        var strange = Enumerable.Range(0, (int)references.shape[0]).Select(i =>
        {
            var others = torch.cat([references.narrow(0, 0, i), references.narrow(0, i + 1, references.shape[0] - i - 1)]);
            return ((TorchTensor)GuardedPhi.Strangeness(guarded.Wrap(references.narrow(0, i, 1)), guarded.Wrap(others))).Value.reshape(1);
        });
        return torch.cat([.. strange]);
    }

    /// <summary>The line that gives energy from motion, least squares: its slope from how both run within each clip, its level from all.</summary>
    static (torch.Tensor Slope, torch.Tensor Level) Line(torch.Tensor motion, torch.Tensor energy)   // [R, N] each
    {
        var (m, e) = (motion - motion.mean([1], keepdim: true), energy - energy.mean([1], keepdim: true));
        var slope = (m * e).sum() / m.square().sum();
        return (slope, energy.mean() - slope * motion.mean());
    }
}
