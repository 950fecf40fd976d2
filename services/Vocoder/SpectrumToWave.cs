using Rewas.Clip;
using Rewas.Networks.Architectures;
using Rewas.Sound.Mel;

namespace Rewas.Vocoder;

/// <summary>
/// Makes the waveform of the magnitudes and phases that <see cref="Vocos.DefineSpectrum"/> predicts: the rounds of <see cref="Vocos"/> with
/// fast Fourier transforms. As matrix products in a graph, the same rounds take 400 MB of memory, seconds to load, and far longer to run.
/// </summary>
/// <remarks>Holds tables only, so it is thread-safe. A sample depends only on the frames that reach it.</remarks>
public sealed class SpectrumToWave
{
    public SpectrumToWave(VocosConfiguration configuration)
    {
        var c = Configuration = configuration;
        Fourier = new(c.FrameSamples);
        Correction = new(c.SampleRate, c.FrameSamples, c.MelBins);
        Window = [.. Enumerable.Range(0, c.FrameSamples).Select(n => (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * n / c.FrameSamples)))];
        HopsAside = FrameTransform.HopsAside(c.FrameSamples, c.HopSamples);
    }

    internal VocosConfiguration Configuration { get; }

    internal LaneFourierTransform Fourier { get; }

    internal LaneMelCorrection Correction { get; }

    /// <summary>Hann, [N].</summary>
    internal float[] Window { get; }

    /// <summary>Number of neighbouring hops on each side that a frame overlaps.</summary>
    internal int HopsAside { get; }

    /// <param name="logMel">The network's input, [1, M, T].</param>
    /// <param name="magnitude">[1, T, N/2 + 1].</param>
    /// <param name="phase">Radians, [1, T, N/2 + 1].</param>
    /// <param name="cancellation">Checked before each round.</param>
    /// <returns>Samples in [-1, 1], one hop per frame.</returns>
    public float[] Wave(HostTensor logMel, HostTensor magnitude, HostTensor phase, CancellationToken cancellation)
    {
        var rounds = new SpectrumRounds(this, (int)logMel.Shape[2]);
        rounds.Begin(logMel.Floats.Span, magnitude.Floats.Span, phase.Floats.Span);
        for (var round = 0; round < Configuration.Refinements + Configuration.Corrections; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            rounds.Next(round);
        }
        return rounds.Samples();
    }
}
