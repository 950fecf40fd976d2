namespace Rewas.Networks.Architectures;

/// <summary>
/// The mel frames on which a vocoder's sample depends. With it, a long waveform is made in chunks that equal the whole. A chunk that starts
/// at mel frame f starts at sample f * <see cref="SamplesPerFrame"/>.
/// </summary>
public sealed class HifiGanReach
{
    const int OuterKernel = 7;                                               // first and last convolution
    readonly HifiGanConfiguration c;

    public HifiGanReach(HifiGanConfiguration configuration)
    {
        c = configuration;
        SamplesPerFrame = c.UpsampleRates.Aggregate(1, (product, rate) => product * rate);
        const int far = 1 << 16;                                             // far from the start, so that nothing is clipped
        var (first, last) = Frames((long)far * SamplesPerFrame, (far + 1L) * SamplesPerFrame - 1);
        ContextFrames = (int)Math.Max(far - first, last - far);
    }

    public int SamplesPerFrame { get; }

    /// <summary>The samples of a mel frame depend on this many frames before and after it, and on no others.</summary>
    public int ContextFrames { get; }

    /// <summary>
    /// The first and last mel frame on which the samples <paramref name="first"/> to <paramref name="last"/> depend. They may lie outside
    /// the mel.
    /// </summary>
    public (long First, long Last) Frames(long first, long last)
    {
        var blocks = c.ResidualKernels.Zip(c.ResidualDilations, (k, dilations) => dilations.Sum(d => (k - 1) / 2 * (d + 1))).Max();
        (first, last) = (first - OuterKernel / 2, last + OuterKernel / 2);
        for (var i = c.UpsampleRates.Length - 1; i >= 0; i--)
        {
            int rate = c.UpsampleRates[i], kernel = c.UpsampleKernels[i], padding = (kernel - rate) / 2;
            (first, last) = (first - blocks, last + blocks);
            // Input n of a transposed convolution reaches outputs n * rate - padding to n * rate - padding + kernel - 1.
            (first, last) = (FloorDivide(first + padding - kernel + rate, rate), FloorDivide(last + padding, rate));
        }
        return (first - OuterKernel / 2, last + OuterKernel / 2);
    }

    static long FloorDivide(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
