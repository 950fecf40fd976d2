using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>
/// Distance of the spectrograms of two waveforms at several resolutions: spectral convergence plus L1 of log magnitudes (Yamamoto et al.,
/// Parallel WaveGAN, 2019). With several window lengths, the blind spots of a single one are not learnt.
/// </summary>
sealed class SpectralLoss
{
    static readonly (int Window, int Hop)[] Resolutions = [(1024, 256), (512, 128), (256, 64), (64, 16)];

    readonly torch.Tensor[] windows = [.. Resolutions.Select(r => torch.hann_window(r.Window).DetachFromDisposeScope())];

    /// <param name="made">[B, T].</param>
    /// <param name="real">[B, T].</param>
    public torch.Tensor Of(torch.Tensor made, torch.Tensor real)
    {
        var total = torch.zeros([]);
        foreach (var ((window, hop), shape) in Resolutions.Zip(windows))
        {
            var (m, r) = (Magnitude(made, window, hop, shape), Magnitude(real, window, hop, shape));
            total = total + (r - m).square().sum().sqrt() / r.square().sum().sqrt().clamp(1e-3) + (m.log() - r.log()).abs().mean();
        }
        return total / Resolutions.Length;
    }

    static torch.Tensor Magnitude(torch.Tensor wave, int window, int hop, torch.Tensor shape) =>
        torch.stft(wave, window, hop, window, shape, center: true, return_complex: true).abs().square().add(1e-8).sqrt();
}
