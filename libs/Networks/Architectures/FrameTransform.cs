namespace Rewas.Networks.Architectures;

/// <summary>
/// The short-time Fourier transform with a Hann window, and its inverse, as matrix products over frames of whole hops. Frame t is centred
/// on hop t, as the mel's frame is. Silence is assumed beyond the ends.
/// </summary>
public sealed class FrameTransform
{
    readonly int hop, hops, aside, bins, length;
    readonly float[] analysis, synthesis, squaredWindow;

    /// <param name="frameSamples">Even.</param>
    /// <param name="hopSamples">Even, at most a quarter of a frame.</param>
    public FrameTransform(int frameSamples, int hopSamples)
    {
        (hop, aside, bins) = (hopSamples, HopsAside(frameSamples, hopSamples), frameSamples / 2 + 1);
        hops = 2 * aside + 1;
        length = hops * hop;
        (analysis, synthesis, squaredWindow) = (new float[length * 2 * bins], new float[2 * bins * length], new float[length]);
        var first = (length - frameSamples) / 2;                           // the window is shorter than the hops that it spans
        for (var n = 0; n < frameSamples; n++)
        {
            var window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * n / frameSamples);
            squaredWindow[first + n] = (float)(window * window);
            for (var bin = 0; bin < bins; bin++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * ((long)bin * n % frameSamples) / frameSamples);
                var share = window * (bin == 0 || bin == bins - 1 ? 1 : 2) / frameSamples;
                var (at, back) = ((first + n) * 2 * bins + bin, bin * length + first + n);
                (analysis[at], analysis[at + bins]) = ((float)(window * cosine), (float)(-window * sine));
                (synthesis[back], synthesis[back + bins * length]) = ((float)(share * cosine), (float)(-share * sine));
            }
        }
    }

    /// <param name="wave">[B, T, hop].</param>
    /// <returns>Real parts, then imaginary parts: [B, T, N + 2].</returns>
    public Tensor Forward(Tensor wave)
    {
        var blocks = wave.Pad(0, 0, aside, aside);                           // [B, T + 2 a, hop]
        var frames = Part(blocks, 0).Concat(2, [.. Enumerable.Range(1, hops - 1).Select(i => Part(blocks, i))]);
        return frames.MatMul(wave.Constant(analysis, length, 2 * bins));

        Tensor Part(Tensor x, int i) => x.Slice(1, i, i == hops - 1 ? null : i - hops + 1);   // [B, T, hop]
    }

    /// <param name="spectrum">[B, T, N + 2].</param>
    /// <returns>The wave whose transform is closest to the spectrum, [B, T, hop].</returns>
    public Tensor Inverse(Tensor spectrum)
    {
        var frames = spectrum.MatMul(spectrum.Constant(synthesis, 2 * bins, length));   // [B, T, hops hop]
        var ones = spectrum.Slice(2, 0, 1) * 0 + 1;                          // [B, T, 1]
        var overlap = Added(ones * spectrum.Constant(squaredWindow, 1, 1, length));
        return Added(frames) / overlap.Clamp(FourierRounds.LeastOverlap, float.MaxValue);
    }

    /// <summary>Number of neighbouring hops on each side that a frame overlaps.</summary>
    public static int HopsAside(int frameSamples, int hopSamples) => (frameSamples - hopSamples + 2 * hopSamples - 1) / (2 * hopSamples);

    /// <summary>Overlaps and adds: [B, T, hops hop] to [B, T, hop].</summary>
    Tensor Added(Tensor frames)
    {
        Tensor? sum = null;
        for (var i = 0; i < hops; i++)
        {
            var part = frames.Slice(2, i * hop, (i + 1) * hop).Pad(0, 0, i, hops - 1 - i);   // [B, T + 2 a, hop]
            sum = sum is null ? part : sum + part;
        }
        return sum!.Slice(1, aside, -aside);
    }
}
