using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>
/// Distance of a decoded log mel from the true one: L1 of values and of edges, both as they are and averaged over time or over frequency.
/// Most of a recording's mel is the grain of noise, which no code of this size can carry. On the plain mel alone, the autoencoder would
/// spend its code on the grain and lose the partials of tonal sounds. Averages over time keep the partials and remove the grain.
/// </summary>
static class MelImageLoss
{
    const double EdgeWeight = 0.5;

    /// <summary>Frames and bins of each average.</summary>
    static readonly (int Frames, int Bins)[] Averages = [(1, 1), (4, 1), (16, 1), (64, 1), (1, 8)];

    /// <param name="decoded">[B, 1, F, M], F a multiple of 16, M of 8.</param>
    /// <param name="mel">[B, 1, F, M].</param>
    public static torch.Tensor Of(torch.Tensor decoded, torch.Tensor mel)
    {
        var total = torch.zeros([]);
        foreach (var (frames, bins) in Averages.Where(size => size.Frames <= mel.shape[2]))
        {
            var (made, real) = (Average(decoded, frames, bins), Average(mel, frames, bins));
            total = total + (made - real).abs().mean() + EdgeWeight * (Edges(made, real, 2) + Edges(made, real, 3));
        }
        return total;
    }

    static torch.Tensor Average(torch.Tensor mel, int frames, int bins) =>
        frames * bins == 1 ? mel : torch.nn.functional.avg_pool2d(mel, [frames, bins]);

    static torch.Tensor Edges(torch.Tensor made, torch.Tensor real, long axis)
    {
        var size = real.shape[axis];
        if (size == 1)
            return torch.zeros([]);
        torch.Tensor Difference(torch.Tensor image) => image.narrow(axis, 1, size - 1) - image.narrow(axis, 0, size - 1);
        return (Difference(made) - Difference(real)).abs().mean();
    }
}
