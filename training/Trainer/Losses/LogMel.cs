using Rewas.Clip;
using Rewas.Sound.Mel;
using TorchSharp;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>The log mel of <see cref="MelSpectrogram"/> with gradients. A test checks that both are equal.</summary>
sealed class LogMel
{
    const int FrameSamples = 1024;
    const int Padding = (FrameSamples - ClipTiming.HopSamples) / 2;

    readonly torch.Tensor window = torch.hann_window(FrameSamples).DetachFromDisposeScope();
    readonly torch.Tensor basis = torch.tensor(Filters(), [ClipTiming.MelBins, FrameSamples / 2 + 1]).DetachFromDisposeScope();

    /// <param name="wave">[B, T] at 16 kHz.</param>
    /// <returns>[B, 64, T / 160].</returns>
    public torch.Tensor Of(torch.Tensor wave)
    {
        var padded = torch.nn.functional.pad(wave.unsqueeze(1), [Padding, Padding], PaddingModes.Reflect).squeeze(1);
        var spectrum = torch.stft(padded, FrameSamples, ClipTiming.HopSamples, FrameSamples, window, center: false, return_complex: true);
        return basis.matmul(torch.view_as_real(spectrum).square().sum(-1).add(1e-12).sqrt()).clamp_min(SilenceFloor.Magnitude).log();
    }

    /// <summary>[64, 513].</summary>
    public static float[] Filters() =>
        SlaneyMel.Basis(ClipTiming.SampleRate, FrameSamples, ClipTiming.MelBins, 0, ClipTiming.SampleRate / 2.0);
}
