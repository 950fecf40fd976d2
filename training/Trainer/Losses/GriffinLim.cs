using Rewas.Clip;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>
/// Makes the waveform of a log mel without a trained network. The mel filters are inverted by least squares; the phase comes from the fast
/// Griffin-Lim algorithm (Perraudin et al., 2013). A vocoder must do better than this.
/// </summary>
static class GriffinLim
{
    const int FrameSamples = 1024, Iterations = 60;
    const double Momentum = 0.99;

    /// <param name="logMel">[B, 64, T].</param>
    /// <returns>[B, 160 T].</returns>
    public static torch.Tensor Synthesize(torch.Tensor logMel)
    {
        var filters = torch.tensor(LogMel.Filters(), [ClipTiming.MelBins, FrameSamples / 2 + 1]);
        var magnitude = torch.linalg.pinv(filters).matmul(logMel.exp()).clamp_min(0);
        var window = torch.hann_window(FrameSamples);
        var samples = logMel.shape[2] * ClipTiming.HopSamples;
        using var generator = new torch.Generator(0, torch.CPU);
        var phase = torch.rand(magnitude.shape, generator: generator) * (2 * Math.PI);
        var (guess, before) = (torch.polar(torch.ones_like(magnitude), phase), torch.zeros_like(torch.polar(magnitude, phase)));
        for (var i = 0; i < Iterations; i++)
        {
            var rebuilt = Forward(Inverse(magnitude * guess));
            guess = rebuilt - before * (Momentum / (1 + Momentum));
            guess = guess / guess.abs().add(1e-16);
            before = rebuilt;
        }
        // The middle of a mel frame is half a hop after the centre of this transform's frame.
        return torch.nn.functional.pad(Inverse(magnitude * guess), [ClipTiming.HopSamples / 2, 0]).narrow(1, 0, samples);

        torch.Tensor Inverse(torch.Tensor spectrum) =>
            torch.istft(spectrum, FrameSamples, ClipTiming.HopSamples, FrameSamples, window, center: true, length: samples);
        torch.Tensor Forward(torch.Tensor wave) =>
            torch.stft(wave, FrameSamples, ClipTiming.HopSamples, FrameSamples, window, center: true, return_complex: true)
                .narrow(2, 0, magnitude.shape[2]);
    }
}
