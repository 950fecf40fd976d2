using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rewas.Sound.Mel;

/// <summary>
/// The discrete Fourier transform of several real frames at once, and its inverse. Frame l occupies lane l of every vector. Each butterfly
/// of the radix-2 transform (Cooley and Tukey 1965) therefore works on all frames without shuffles.
/// </summary>
/// <remarks>
/// A real frame of N samples is transformed as N/2 complex values (even samples real, odd samples imaginary) and split afterwards. Holds
/// tables only, so it is thread-safe.
/// </remarks>
sealed class LaneFourierTransform
{
    readonly int half;                                                       // complex length, N / 2
    readonly int[] reversed;                                                 // bit reversal of 0..N/2-1
    readonly float[] butterflyCos, butterflySin;                             // e^(-2 pi i j / (N/2)), j < N/4
    readonly float[] splitCos, splitSin;                                     // e^(-2 pi i k / N), k < N/2

    /// <param name="frameSamples">N, a power of two, at least 4.</param>
    public LaneFourierTransform(int frameSamples)
    {
        if (frameSamples < 4 || !BitOperations.IsPow2(frameSamples))
            throw new ArgumentOutOfRangeException(nameof(frameSamples), frameSamples, "must be a power of two, at least 4");
        half = frameSamples / 2;
        var bits = BitOperations.Log2((uint)half);
        reversed = [.. Enumerable.Range(0, half).Select(k => Reverse(k, bits))];
        (butterflyCos, butterflySin) = Circle(half / 2, half);
        (splitCos, splitSin) = Circle(half, frameSamples);
    }

    /// <summary>Number of frequencies from 0 to half the sample rate: N/2 + 1.</summary>
    public int Bins => half + 1;

    /// <summary>Number of frames transformed at once.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Index of the even sample 2k in <c>real</c> and of the odd sample 2k+1 in <c>imaginary</c>.</summary>
    public ReadOnlySpan<int> Positions => reversed;

    /// <summary>Transforms in place, then writes the squared magnitudes.</summary>
    /// <param name="real">[N/2] even samples at their <see cref="Positions"/>; overwritten.</param>
    /// <param name="imaginary">[N/2] odd samples at their <see cref="Positions"/>; overwritten.</param>
    /// <param name="power">[N/2 + 1].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Powers(Span<Vector<float>> real, Span<Vector<float>> imaginary, Span<Vector<float>> power)
    {
        Butterflies(real, imaginary);
        power[0] = (real[0] + imaginary[0]) * (real[0] + imaginary[0]);
        power[half] = (real[0] - imaginary[0]) * (real[0] - imaginary[0]);
        for (var k = 1; k < half; k++)
        {
            var (re, im) = Split(real, imaginary, k);
            power[k] = re * re + im * im;
        }
    }

    /// <summary>Transforms in place, then writes the spectrum: the sum of x[n] e^(-2 pi i k n / N).</summary>
    /// <param name="real">[N/2] even samples at their <see cref="Positions"/>; overwritten.</param>
    /// <param name="imaginary">[N/2] odd samples at their <see cref="Positions"/>; overwritten.</param>
    /// <param name="spectrumReal">[N/2 + 1].</param>
    /// <param name="spectrumImaginary">[N/2 + 1].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(
        Span<Vector<float>> real, Span<Vector<float>> imaginary, Span<Vector<float>> spectrumReal, Span<Vector<float>> spectrumImaginary)
    {
        Butterflies(real, imaginary);
        (spectrumReal[0], spectrumImaginary[0]) = (real[0] + imaginary[0], Vector<float>.Zero);
        (spectrumReal[half], spectrumImaginary[half]) = (real[0] - imaginary[0], Vector<float>.Zero);
        for (var k = 1; k < half; k++)
            (spectrumReal[k], spectrumImaginary[k]) = Split(real, imaginary, k);
    }

    /// <summary>Restores frames from their spectrum, times N/2. The imaginary parts at 0 and N/2 are ignored.</summary>
    /// <param name="spectrumReal">[N/2 + 1].</param>
    /// <param name="spectrumImaginary">[N/2 + 1].</param>
    /// <param name="real">[N/2], overwritten with the even samples in order.</param>
    /// <param name="imaginary">[N/2], overwritten with the odd samples in order.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inverse(
        ReadOnlySpan<Vector<float>> spectrumReal, ReadOnlySpan<Vector<float>> spectrumImaginary,
        Span<Vector<float>> real, Span<Vector<float>> imaginary)
    {
        var oneHalf = new Vector<float>(0.5f);
        real[0] = (spectrumReal[0] + spectrumReal[half]) * oneHalf;
        imaginary[0] = (spectrumReal[0] - spectrumReal[half]) * oneHalf;
        for (var k = 1; k < half; k++)
        {
            // E[k] + i O[k], where X[k] = E[k] + e^(-2 pi i k / N) O[k]. The mirrored X holds the conjugates of E and O.
            var mirror = half - k;
            var evenReal = (spectrumReal[k] + spectrumReal[mirror]) * oneHalf;
            var evenImaginary = (spectrumImaginary[k] - spectrumImaginary[mirror]) * oneHalf;
            var turnedReal = (spectrumReal[k] - spectrumReal[mirror]) * oneHalf;
            var turnedImaginary = (spectrumImaginary[k] + spectrumImaginary[mirror]) * oneHalf;
            var (cos, sin) = (new Vector<float>(splitCos[k]), new Vector<float>(splitSin[k]));
            var oddReal = turnedReal * cos + turnedImaginary * sin;
            var oddImaginary = turnedImaginary * cos - turnedReal * sin;
            real[reversed[k]] = evenReal - oddImaginary;
            imaginary[reversed[k]] = evenImaginary + oddReal;
        }
        Butterflies(imaginary, real);                                        // swapping the parts inverts the transform
    }

    void Butterflies(Span<Vector<float>> real, Span<Vector<float>> imaginary)
    {
        real = real[..half];
        imaginary = imaginary[..half];
        for (var size = 1; size < half; size *= 2)
            Butterflies(real, imaginary, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Butterflies(Span<Vector<float>> real, Span<Vector<float>> imaginary, int size)
    {
        var step = half / (2 * size);
        for (var j = 0; j < size; j++)
        {
            var (cos, sin) = (new Vector<float>(butterflyCos[j * step]), new Vector<float>(butterflySin[j * step]));
            for (var top = j; top < half; top += 2 * size)
            {
                var bottom = top + size;
                var turnedReal = real[bottom] * cos - imaginary[bottom] * sin;
                var turnedImaginary = real[bottom] * sin + imaginary[bottom] * cos;
                real[bottom] = real[top] - turnedReal;
                imaginary[bottom] = imaginary[top] - turnedImaginary;
                real[top] += turnedReal;
                imaginary[top] += turnedImaginary;
            }
        }
    }

    /// <summary>
    /// X[k] = E[k] + e^(-2 pi i k / N) O[k] for k from 1 to N/2 - 1, where E and O are the transforms of the even and the odd samples.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    (Vector<float> Real, Vector<float> Imaginary) Split(ReadOnlySpan<Vector<float>> real, ReadOnlySpan<Vector<float>> imaginary, int k)
    {
        var (oneHalf, mirror) = (new Vector<float>(0.5f), half - k);
        var evenReal = (real[k] + real[mirror]) * oneHalf;
        var evenImaginary = (imaginary[k] - imaginary[mirror]) * oneHalf;
        var oddReal = (imaginary[k] + imaginary[mirror]) * oneHalf;
        var oddImaginary = (real[mirror] - real[k]) * oneHalf;
        var (cos, sin) = (new Vector<float>(splitCos[k]), new Vector<float>(splitSin[k]));
        return (evenReal + oddReal * cos - oddImaginary * sin, evenImaginary + oddReal * sin + oddImaginary * cos);
    }

    static int Reverse(int value, int bits)
    {
        var result = 0;
        for (var i = 0; i < bits; i++, value >>= 1)
            result = result << 1 | value & 1;
        return result;
    }

    static (float[] Cos, float[] Sin) Circle(int count, int period)
    {
        var angles = Enumerable.Range(0, count).Select(k => -2 * Math.PI * k / period).ToArray();
        return ([.. angles.Select(a => (float)Math.Cos(a))], [.. angles.Select(a => (float)Math.Sin(a))]);
    }
}
