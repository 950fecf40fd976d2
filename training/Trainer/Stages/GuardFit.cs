using Rewas.Networks.Architectures;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Fits the guard of <see cref="GuardedPhi"/> to clips of the training's kinds, by statistics and without gradients: where the clips lie,
/// how strange they are to each other, and how the energy of their sound follows plain motion.
/// </summary>
static class GuardFit
{
    /// <summary>The share of the training's clips that are less strange than a clip at half weight.</summary>
    const double Known = 0.8;

    /// <summary>
    /// How far strangeness must rise for the weight of plain motion to go from 0.5 to 0.73, in standard deviations of the clips'
    /// strangeness.
    /// </summary>
    const double Softness = 0.6;

    /// <summary>Share of plain motion in the energy: for known clips, and for strange ones.</summary>
    const float LeastShare = 0, MostShare = 1;

    /// <summary>Limits the effect of directions that hardly vary, as a share of the mean variance.</summary>
    const double LeastVariance = 1e-6;

    /// <param name="guarded">The predictor's weights.</param>
    /// <param name="features">[R, N, C + 15]: video features of clips. The predictor's size gives R.</param>
    /// <param name="energy">[R, N]: the energy of their sound.</param>
    /// <param name="views">How many clips in a row show the same scene. Views of one scene do not count for each other.</param>
    public static void Fit(TorchWeights guarded, torch.Tensor features, torch.Tensor energy, int views)
    {
        var wrapped = guarded.Wrap(features);
        var described = ((TorchTensor)GuardedPhi.Described(GuardedPhi.Statistics(wrapped))).Value;       // [R, 30]
        var centre = described.mean([0]);
        var whitening = Whitening(described - centre);
        var references = (described - centre).matmul(whitening);                                         // [R, 12]
        var strangeness = Others(guarded, references, views);
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

    /// <summary>
    /// Brings rows to unit covariance along their main directions: V diag(1 / s), from the eigenvectors of the covariance and the roots of
    /// its largest eigenvalues.
    /// </summary>
    static torch.Tensor Whitening(torch.Tensor rows)                           // [R, 30], mean 0 -> [30, 12]
    {
        var exact = rows.to_type(torch.ScalarType.Float64);
        var (values, vectors) = torch.linalg.eigh(exact.t().matmul(exact) / rows.shape[0]);               // in rising order
        var (from, count) = (GuardedPhi.Descriptors - GuardedPhi.Directions, GuardedPhi.Directions);
        var deviations = values.clamp_min(LeastVariance * values.mean().item<double>()).sqrt().narrow(0, from, count);
        return (vectors.narrow(1, from, count) / deviations).to_type(torch.ScalarType.Float32);
    }

    /// <summary>How strange each reference is to the references of all other scenes: [R].</summary>
    static torch.Tensor Others(TorchWeights guarded, torch.Tensor references, int views)
    {
        var strange = Enumerable.Range(0, (int)references.shape[0]).Select(i =>
        {
            var (scene, next) = (i / views * views, Math.Min((i / views + 1) * views, (int)references.shape[0]));
            var others = torch.cat([references.narrow(0, 0, scene), references.narrow(0, next, references.shape[0] - next)]);
            return ((TorchTensor)GuardedPhi.Strangeness(guarded.Wrap(references.narrow(0, i, 1)), guarded.Wrap(others))).Value.reshape(1);
        });
        return torch.cat([.. strange]);
    }

    /// <summary>
    /// The least-squares line from motion to energy. Its slope comes from the variation within each clip, its level from all clips.
    /// </summary>
    static (torch.Tensor Slope, torch.Tensor Level) Line(torch.Tensor motion, torch.Tensor energy)   // [R, N] each
    {
        var (m, e) = (motion - motion.mean([1], keepdim: true), energy - energy.mean([1], keepdim: true));
        var slope = (m * e).sum() / m.square().sum();
        return (slope, energy.mean() - slope * motion.mean());
    }
}
