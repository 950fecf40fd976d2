using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>Log power spectrograms of a wave at several resolutions, for discriminators (UnivNet, Jang et al., 2021).</summary>
sealed class SpectrogramImages
{
    static readonly (int Window, int Hop)[] WindowsAndHops = [(1024, 256), (512, 128), (256, 64)];

    readonly torch.Tensor[] windows = [.. WindowsAndHops.Select(r => torch.hann_window(r.Window).DetachFromDisposeScope())];

    /// <summary>The number of images of one wave.</summary>
    public static int Resolutions => WindowsAndHops.Length;

    /// <param name="wave">[B, T].</param>
    /// <returns>One image for each resolution: [B, 1, frames, bins].</returns>
    public IReadOnlyList<torch.Tensor> Of(torch.Tensor wave) => [.. WindowsAndHops.Zip(windows, (size, window) =>
    {
        var spectrum = torch.stft(wave, size.Window, size.Hop, size.Window, window, center: true, return_complex: true);
        return torch.view_as_real(spectrum).square().sum(-1).add(1e-8).log().mul(0.25).transpose(1, 2).unsqueeze(1).contiguous();
    })];
}
