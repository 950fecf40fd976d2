using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Rewas.Clip;

namespace Rewas.Sound.Mel;

/// <summary>
/// Computes mel frames of a waveform, without logarithm: reflect padding, periodic Hann window, Fourier transform, Slaney filters.
/// </summary>
/// <remarks>Holds tables only, so it is thread-safe.</remarks>
sealed class MelTransform
{
    readonly MelSettings settings;
    readonly LaneFourierTransform transform;
    readonly float[] hann;
    readonly Filter[] filters;

    public MelTransform(MelSettings settings)
    {
        this.settings = settings;
        var length = settings.FrameSamples;
        transform = new(length);
        hann = Window(length, settings.WindowSamples > 0 ? settings.WindowSamples : length);
        filters = MakeFilters();
    }

    /// <summary>A periodic Hann window in the middle of a frame, with zeros around it.</summary>
    static float[] Window(int frameSamples, int windowSamples)
    {
        var window = new float[frameSamples];
        var first = (frameSamples - windowSamples) / 2;
        for (var n = 0; n < windowSamples; n++)
            window[first + n] = (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * n / windowSamples));
        return window;
    }

    /// <param name="samples">At least <see cref="MelSettings.MinimumSamples"/>.</param>
    /// <param name="mel">[FramesIn(samples.Length), MelBins], row-major.</param>
    public void Mel(ReadOnlySpan<float> samples, Span<float> mel)
    {
        var frames = settings.FramesIn(samples.Length);
        if (samples.Length < settings.MinimumSamples)
            throw new ArgumentException(
                $"a mel spectrogram needs at least {settings.MinimumSamples} samples, but {samples.Length} were given", nameof(samples));
        if (mel.Length != frames * settings.MelBins)
            throw new ArgumentException($"[{frames}, {settings.MelBins}] values are needed, but room is for {mel.Length}", nameof(mel));

        var padded = ArrayPool<float>.Shared.Rent(samples.Length + 2 * settings.PaddingSamples);
        var scratch = ArrayPool<Vector<float>>.Shared.Rent(settings.FrameSamples + transform.Bins);
        Reflect(samples, padded);
        for (var frame = 0; frame < frames; frame += LaneFourierTransform.Lanes)
            MelOfLanes(padded, frame, Math.Min(LaneFourierTransform.Lanes, frames - frame), scratch, mel);
        ArrayPool<Vector<float>>.Shared.Return(scratch);
        ArrayPool<float>.Shared.Return(padded);
    }

    /// <summary>
    /// The mel in decibels, 10 log10(max(x, 1e-10)): [FramesIn(samples.Length), MelBins]. With power filters this is torchlibrosa's.
    /// </summary>
    public float[] Decibels(ReadOnlySpan<float> samples)
    {
        const float SilencePower = 1e-10f;
        var mel = new float[settings.FramesIn(samples.Length) * settings.MelBins];
        Mel(samples, mel);
        TensorPrimitives.Max(mel, SilencePower, mel);
        TensorPrimitives.Log10(mel, mel);
        TensorPrimitives.Multiply(mel, 10, mel);
        return mel;
    }

    /// <summary>Computes one frame per lane.</summary>
    void MelOfLanes(ReadOnlySpan<float> padded, int firstFrame, int frames, Span<Vector<float>> scratch, Span<float> mel)
    {
        var half = settings.FrameSamples / 2;
        var real = scratch[..half];
        var imaginary = scratch.Slice(half, half);
        var spectrum = scratch.Slice(2 * half, transform.Bins);
        Window(padded, firstFrame, frames, real, imaginary);
        transform.Powers(real, imaginary, spectrum);
        if (!settings.OfPower)
            foreach (ref var value in spectrum)
                value = Vector.SquareRoot(value);

        for (var bin = 0; bin < filters.Length; bin++)
        {
            var (first, weights) = filters[bin];
            var sum = Vector<float>.Zero;
            for (var i = 0; i < weights.Length; i++)
                sum += spectrum[first + i] * weights[i];
            for (var lane = 0; lane < frames; lane++)
                mel[(firstFrame + lane) * filters.Length + bin] = sum[lane];
        }
    }

    void Window(ReadOnlySpan<float> padded, int firstFrame, int frames, Span<Vector<float>> real, Span<Vector<float>> imaginary)
    {
        if (frames < LaneFourierTransform.Lanes)
        {
            real.Clear();
            imaginary.Clear();
        }
        var even = MemoryMarshal.Cast<Vector<float>, float>(real);
        var odd = MemoryMarshal.Cast<Vector<float>, float>(imaginary);
        var positions = transform.Positions;
        for (var lane = 0; lane < frames; lane++)
        {
            var frame = padded.Slice((firstFrame + lane) * settings.HopSamples, settings.FrameSamples);
            for (var k = 0; k < positions.Length; k++)
            {
                var at = positions[k] * LaneFourierTransform.Lanes + lane;
                even[at] = frame[2 * k] * hann[2 * k];
                odd[at] = frame[2 * k + 1] * hann[2 * k + 1];
            }
        }
    }

    /// <summary>Mirrors without repeating the edge sample, as PyTorch's reflect padding does.</summary>
    void Reflect(ReadOnlySpan<float> samples, Span<float> padded)
    {
        var padding = settings.PaddingSamples;
        samples.CopyTo(padded[padding..]);
        for (var i = 1; i <= padding; i++)
        {
            padded[padding - i] = samples[i];
            padded[padding + samples.Length - 1 + i] = samples[^(i + 1)];
        }
    }

    Filter[] MakeFilters()
    {
        var basis = settings.IsHtk
            ? HtkMel.Basis(settings)
            : SlaneyMel.Basis(settings.SampleRate, settings.FrameSamples, settings.MelBins, settings.LowestHertz, settings.HighestHertz);
        return [.. basis.Chunk(transform.Bins).Select(row =>
        {
            var first = Math.Max(0, Array.FindIndex(row, w => w > 0));       // a narrow filter may lie between two bins
            var last = Array.FindLastIndex(row, w => w > 0);
            return new Filter(first, row[first..(last + 1)]);
        })];
    }

    /// <summary>The non-zero part of a mel filter.</summary>
    readonly record struct Filter(int FirstBin, float[] Weights);
}
