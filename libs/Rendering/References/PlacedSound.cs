using Rewas.Client;
using Rewas.Sound.Placement;

namespace Rewas.Rendering.References;

/// <summary>Renders placed pieces part by part.</summary>
static class PlacedSound
{
    const int PartFrames = 16_384;

    /// <summary>Steps of a 24-bit sample below full scale.</summary>
    const float Steps = 1 << 23;

    /// <summary>Renders pieces in 24 bits. A recording of up to 24 bits that plays at a gain of 1 keeps its samples.</summary>
    /// <param name="sampleRate">Rate of the sound, Hz.</param>
    /// <param name="frames">Length of the sound.</param>
    /// <param name="sink">Receives interleaved samples.</param>
    /// <returns>Number of samples beyond full scale, which are clipped.</returns>
    public static async Task<long> WriteAsync(
        IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<RecordedSamples> recordings, int sampleRate, int channels, long frames,
        WaveSink sink, CancellationToken cancellation)
    {
        var renderer = new PieceRenderer(pieces, recordings, sampleRate, channels);
        var clipped = 0L;
        for (var first = 0L; first < frames; first += PartFrames)
        {
            cancellation.ThrowIfCancellationRequested();
            float[][] blocks = [.. Enumerable.Range(0, channels).Select(_ => new float[Math.Min(PartFrames, frames - first)])];
            renderer.Render(first, blocks);
            var part = new float[blocks[0].Length * channels];
            for (var i = 0; i < part.Length; i++)
            {
                var step = MathF.Round(blocks[i % channels][i / channels] * Steps);
                if (step is < -Steps or > Steps - 1)
                    clipped++;
                part[i] = Math.Clamp(step, -Steps, Steps - 1) / Steps;
            }
            await sink(part, cancellation);
        }
        return clipped;
    }
}
