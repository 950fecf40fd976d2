using Rewas.Bundles.Checkpoints;
using Rewas.Trainer.Torch;
using TorchSharp.Modules;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Configuration;

/// <summary>
/// Muon: momentum whose update of a matrix is made orthogonal, so that all directions learn at the same pace (Jordan et al., "Muon", 2024).
/// A convolution counts as a matrix of outputs by inputs and taps. Updates are scaled to the size of AdamW's updates, so one learning rate
/// fits both (Liu et al., arXiv 2502.16982, section 2.2).
/// </summary>
/// <param name="parameters">Matrices and convolutions, by name.</param>
/// <param name="weightDecay">Weight decay, as in AdamW.</param>
sealed class Muon(IReadOnlyList<(string Name, Parameter Value)> parameters, double weightDecay)
{
    const double Momentum = 0.95, UpdateSize = 0.2;
    const int Iterations = 5;

    readonly torch.Tensor[] momenta = [.. parameters.Select(p => torch.zeros_like(p.Value).DetachFromDisposeScope())];

    /// <summary>Takes one step with the current gradients.</summary>
    public void Step(double rate)
    {
        using var inference = torch.no_grad();
        foreach (var ((_, parameter), momentum) in parameters.Zip(momenta))
        {
            if (parameter.grad is not { } gradient)
                continue;
            using var scope = torch.NewDisposeScope();
            momentum.mul_(Momentum).add_(gradient, alpha: 1 - Momentum);
            var update = Orthogonal(gradient.lerp(momentum, Momentum).flatten(1));      // Nesterov's look-ahead
            var size = UpdateSize * Math.Sqrt(Math.Max(update.shape[0], update.shape[1]));
            parameter.mul_(1 - rate * weightDecay).add_(update.reshape(parameter.shape), alpha: -rate * size);
        }
    }

    /// <summary>Writes the state that <see cref="Load"/> restores.</summary>
    public void Save(string path) =>
        SafetensorsWriter.Write(
            path,
            [
                .. parameters.Zip(
                    momenta, (p, momentum) => new WeightToStore(p.Name, momentum.shape, () => TorchWeights.ToHost(momentum).Floats)),
            ]);

    public void Load(string path)
    {
        using var inference = torch.no_grad();
        using var file = SafetensorsFile.Open(path);
        foreach (var ((name, _), momentum) in parameters.Zip(momenta))
            momentum.copy_(torch.tensor(file.ReadFloats(name), momentum.shape));
    }

    /// <summary>An approximation of the nearest orthogonal matrix: the iteration of Newton and Schulz with Jordan's coefficients.</summary>
    static torch.Tensor Orthogonal(torch.Tensor matrix)
    {
        var isTall = matrix.shape[0] > matrix.shape[1];
        var x = isTall ? matrix.t() : matrix;
        x = x / (x.norm() + 1e-7);
        for (var i = 0; i < Iterations; i++)
        {
            var a = x.matmul(x.t());
            x = x * 3.4445 + (a * -4.775 + a.matmul(a) * 2.0315).matmul(x);
        }
        return isTall ? x.t() : x;
    }
}
