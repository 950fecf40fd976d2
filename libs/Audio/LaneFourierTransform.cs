using System.Numerics;

namespace Rewas.Audio;

/// <summary>
/// Powers of the discrete Fourier transform of several real frames at once: frame l lies in lane l of every vector, so that each
/// butterfly of the plain radix-2 transform (Cooley and Tukey 1965) works on all frames and needs no shuffles.
/// </summary>
/// <remarks>
/// A real frame of N samples is transformed as N/2 complex ones (even samples real, odd ones imaginary) and split afterwards.
/// Tables only: safe to share between threads.
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

    /// <summary>Frequencies from 0 to half the sample rate: N/2 + 1.</summary>
    public int Bins => half + 1;

    /// <summary>Frames that are transformed at once.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Where the even sample 2k and the odd sample 2k+1 go in <c>real</c> and <c>imaginary</c>.</summary>
    public ReadOnlySpan<int> Positions => reversed;

    /// <summary>Transforms in place, then writes the squared magnitudes.</summary>
    /// <param name="real">[N/2] even samples at their <see cref="Positions"/>; overwritten.</param>
    /// <param name="imaginary">[N/2] odd samples at their <see cref="Positions"/>; overwritten.</param>
    /// <param name="power">[N/2 + 1].</param>
    public void Powers(Span<Vector<float>> real, Span<Vector<float>> imaginary, Span<Vector<float>> power)
    {
        real = real[..half];
        imaginary = imaginary[..half];
        for (var size = 1; size < half; size *= 2)
            Butterflies(real, imaginary, size);
        Split(real, imaginary, power[..Bins]);
    }

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

    /// <summary>X[k] = E[k] + e^(-2 pi i k / N) O[k], with E and O the transforms of the even and the odd samples.</summary>
    void Split(ReadOnlySpan<Vector<float>> real, ReadOnlySpan<Vector<float>> imaginary, Span<Vector<float>> power)
    {
        power[0] = (real[0] + imaginary[0]) * (real[0] + imaginary[0]);
        power[half] = (real[0] - imaginary[0]) * (real[0] - imaginary[0]);
        var oneHalf = new Vector<float>(0.5f);
        for (var k = 1; k < half; k++)
        {
            var mirror = half - k;
            var evenReal = (real[k] + real[mirror]) * oneHalf;
            var evenImaginary = (imaginary[k] - imaginary[mirror]) * oneHalf;
            var oddReal = (imaginary[k] + imaginary[mirror]) * oneHalf;
            var oddImaginary = (real[mirror] - real[k]) * oneHalf;
            var (cos, sin) = (new Vector<float>(splitCos[k]), new Vector<float>(splitSin[k]));
            var re = evenReal + oddReal * cos - oddImaginary * sin;
            var im = evenImaginary + oddReal * sin + oddImaginary * cos;
            power[k] = re * re + im * im;
        }
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
