using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Rewas.Networks;

namespace Rewas.Audio;

/// <summary>
/// The log mel spectrogram that every network of the platform speaks: 16 kHz, frames of 1024 samples under a Hann window, hop 160,
/// reflect padding 432 at both ends, magnitude, 64 Slaney bins from 0 to 8000 Hz, ln(max(x, 1e-5)).
/// </summary>
/// <remarks>After HiFi-GAN's mel (Kong et al. 2020), as AudioLDM and ReWaS use it. Safe to call from several threads.</remarks>
public static class MelSpectrogram
{
    public const int FrameSamples = 1024;
    public const int PaddingSamples = (FrameSamples - ClipTiming.HopSamples) / 2;        // 432
    public const double LowestHertz = 0;
    public const double HighestHertz = 8000;

    /// <summary>Fewest samples that can be reflected at the ends.</summary>
    public const int MinimumSamples = PaddingSamples + 1;

    static readonly LaneFourierTransform Transform = new(FrameSamples);
    static readonly float[] Hann = [.. Enumerable.Range(0, FrameSamples).Select(n => (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * n / FrameSamples)))];
    static readonly Filter[] Filters = MakeFilters();

    /// <summary>Whole hops in a waveform: 512 for a window of 81,920 samples.</summary>
    public static int FramesIn(int samples) => samples / ClipTiming.HopSamples;

    /// <summary>Log mel of a waveform at 16 kHz: [FramesIn(samples.Length), 64], row-major.</summary>
    public static float[] LogMel(ReadOnlySpan<float> samples)
    {
        var logMel = new float[FramesIn(samples.Length) * ClipTiming.MelBins];
        LogMel(samples, logMel);
        return logMel;
    }

    /// <summary>As <see cref="LogMel(ReadOnlySpan{float})"/>, into memory of the caller.</summary>
    /// <param name="samples">At least <see cref="MinimumSamples"/>, 16 kHz.</param>
    /// <param name="logMel">[FramesIn(samples.Length), 64].</param>
    public static void LogMel(ReadOnlySpan<float> samples, Span<float> logMel)
    {
        if (samples.Length < MinimumSamples)
            throw new ArgumentException($"a mel spectrogram needs at least {MinimumSamples} samples, but {samples.Length} were given", nameof(samples));
        var frames = FramesIn(samples.Length);
        if (logMel.Length != frames * ClipTiming.MelBins)
            throw new ArgumentException($"[{frames}, {ClipTiming.MelBins}] values are needed, but room is for {logMel.Length}", nameof(logMel));

        var padded = ArrayPool<float>.Shared.Rent(samples.Length + 2 * PaddingSamples);
        var scratch = ArrayPool<Vector<float>>.Shared.Rent(FrameSamples + Transform.Bins);
        Reflect(samples, padded);
        for (var frame = 0; frame < frames; frame += LaneFourierTransform.Lanes)
            MelOfLanes(padded, frame, Math.Min(LaneFourierTransform.Lanes, frames - frame), scratch, logMel);
        ArrayPool<Vector<float>>.Shared.Return(scratch);
        ArrayPool<float>.Shared.Return(padded);

        TensorPrimitives.Max(logMel, SilenceFloor.Magnitude, logMel);
        TensorPrimitives.Log(logMel, logMel);
    }

    /// <summary>Mel magnitudes of a few frames, one in each lane.</summary>
    static void MelOfLanes(ReadOnlySpan<float> padded, int firstFrame, int frames, Span<Vector<float>> scratch, Span<float> mel)
    {
        var real = scratch[..(FrameSamples / 2)];
        var imaginary = scratch.Slice(FrameSamples / 2, FrameSamples / 2);
        var magnitude = scratch.Slice(FrameSamples, Transform.Bins);
        Window(padded, firstFrame, frames, real, imaginary);
        Transform.Magnitudes(real, imaginary, magnitude);

        for (var bin = 0; bin < Filters.Length; bin++)
        {
            var (first, weights) = Filters[bin];
            var sum = Vector<float>.Zero;
            for (var i = 0; i < weights.Length; i++)
                sum += magnitude[first + i] * weights[i];
            for (var lane = 0; lane < frames; lane++)
                mel[(firstFrame + lane) * ClipTiming.MelBins + bin] = sum[lane];
        }
    }

    static void Window(ReadOnlySpan<float> padded, int firstFrame, int frames, Span<Vector<float>> real, Span<Vector<float>> imaginary)
    {
        if (frames < LaneFourierTransform.Lanes)
        {
            real.Clear();
            imaginary.Clear();
        }
        var even = MemoryMarshal.Cast<Vector<float>, float>(real);
        var odd = MemoryMarshal.Cast<Vector<float>, float>(imaginary);
        var positions = Transform.Positions;
        for (var lane = 0; lane < frames; lane++)
        {
            var frame = padded.Slice((firstFrame + lane) * ClipTiming.HopSamples, FrameSamples);
            for (var k = 0; k < positions.Length; k++)
            {
                var at = positions[k] * LaneFourierTransform.Lanes + lane;
                even[at] = frame[2 * k] * Hann[2 * k];
                odd[at] = frame[2 * k + 1] * Hann[2 * k + 1];
            }
        }
    }

    /// <summary>Mirrors without repeating the sample at the edge, as PyTorch's reflect padding.</summary>
    static void Reflect(ReadOnlySpan<float> samples, Span<float> padded)
    {
        samples.CopyTo(padded[PaddingSamples..]);
        for (var i = 1; i <= PaddingSamples; i++)
        {
            padded[PaddingSamples - i] = samples[i];
            padded[PaddingSamples + samples.Length - 1 + i] = samples[^(i + 1)];
        }
    }

    static Filter[] MakeFilters()
    {
        var basis = SlaneyMel.Basis(ClipTiming.SampleRate, FrameSamples, ClipTiming.MelBins, LowestHertz, HighestHertz);
        return [.. basis.Chunk(Transform.Bins).Select(row =>
        {
            var first = Array.FindIndex(row, w => w > 0);
            var last = Array.FindLastIndex(row, w => w > 0);
            return new Filter(first, row[first..(last + 1)]);
        })];
    }

    /// <summary>The part of a mel filter that is not zero.</summary>
    readonly record struct Filter(int FirstBin, float[] Weights);
}
