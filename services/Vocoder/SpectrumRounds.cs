using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rewas.Networks.Architectures;
using Rewas.Sound.Mel;

namespace Rewas.Vocoder;

/// <summary>
/// Builds one waveform of <see cref="SpectrumToWave"/>. Frames are processed in groups, one frame per vector lane. They are added to the
/// wave in order, so that a sample's sum does not depend on the grouping.
/// </summary>
sealed class SpectrumRounds
{
    static readonly int Lanes = LaneFourierTransform.Lanes;

    // Vector loops are marked for full optimisation: a clip ends before tiered compilation would find them hot.
    readonly SpectrumToWave tables;
    readonly VocosConfiguration c;
    readonly int frames, groups, bins, half;
    readonly Vector<float>[] even, odd;                                      // samples of one group's frames, [N/2]
    readonly Vector<float>[] real, imaginary, norm, scale; // one group's spectrum, its magnitudes, their factors: [N/2 + 1]
    readonly Vector<float>[] wanted, mel;                                    // of all groups: target magnitudes [G, N/2 + 1] and mel [G, M]
    readonly Vector<float>[] realBefore, imaginaryBefore;                    // of all groups: the spectrum one refinement ago, [G, N/2 + 1]
    readonly float[] frame, synthesis, overlap;
    float[] wave, sum;                                                       // includes what frames reach beyond the ends: [(T + 2 a) hop]

    /// <param name="frames">T.</param>
    public SpectrumRounds(SpectrumToWave tables, int frames)
    {
        (this.tables, this.frames, c) = (tables, frames, tables.Configuration);
        (groups, bins, half) = ((frames + Lanes - 1) / Lanes, tables.Fourier.Bins, c.FrameSamples / 2);
        (even, odd) = (new Vector<float>[half], new Vector<float>[half]);
        (real, imaginary) = (new Vector<float>[bins], new Vector<float>[bins]);
        (norm, scale) = (new Vector<float>[bins], new Vector<float>[bins]);
        (wanted, mel) = (new Vector<float>[groups * bins], new Vector<float>[groups * c.MelBins]);
        (realBefore, imaginaryBefore) = c.Refinements > 1 ? (new Vector<float>[groups * bins], new Vector<float>[groups * bins]) : ([], []);
        frame = new float[c.FrameSamples];
        synthesis = [.. tables.Window.Select(w => w * 2 / c.FrameSamples)];  // the inverse transform gives N/2 times the frame
        overlap = Overlap();
        (wave, sum) = (new float[overlap.Length], new float[overlap.Length]);
    }

    /// <summary>Stores the network's output and makes the wave of its magnitudes and phases.</summary>
    /// <param name="logMel">[M, T].</param>
    /// <param name="magnitude">[T, N/2 + 1].</param>
    /// <param name="phase">[T, N/2 + 1].</param>
    public void Begin(ReadOnlySpan<float> logMel, ReadOnlySpan<float> magnitude, ReadOnlySpan<float> phase)
    {
        var melInLanes = MemoryMarshal.Cast<Vector<float>, float>(mel.AsSpan());
        for (var t = 0; t < frames; t++)
            for (var bin = 0; bin < c.MelBins; bin++)
                melInLanes[(t / Lanes * c.MelBins + bin) * Lanes + t % Lanes] = logMel[bin * frames + t];
        TensorPrimitives.Exp(melInLanes, melInLanes);

        var (sines, cosines) = (new float[bins], new float[bins]);
        for (var group = 0; group < groups; group++)
        {
            var ofGroup = wanted.AsSpan(group * bins, bins);
            for (var lane = 0; lane < FramesIn(group); lane++)
            {
                var row = (group * Lanes + lane) * bins;
                TensorPrimitives.SinCos(phase.Slice(row, bins), sines, cosines);
                SetLane(ofGroup, lane, magnitude.Slice(row, bins));
                SetLane(real, lane, cosines);
                SetLane(imaginary, lane, sines);
            }
            ofGroup.CopyTo(scale);
            AddScaled(group);
        }
        EndRound();
    }

    /// <summary>
    /// Runs one round. A refinement takes the wave's own spectrum, minus a share of the previous one, and sets the target magnitudes. A
    /// correction keeps the wave's magnitudes and only scales them towards the target mel.
    /// </summary>
    public void Next(int round)
    {
        for (var group = 0; group < groups; group++)
        {
            Transform(group);
            if (round < c.Refinements)
                Refine(group, round);
            else
                Correct(group);
            AddScaled(group);
        }
        EndRound();
    }

    public float[] Samples()
    {
        var samples = wave.AsSpan(tables.HopsAside * c.HopSamples, frames * c.HopSamples).ToArray();
        TensorPrimitives.Clamp(samples, -1, 1, samples);
        return samples;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Refine(int group, int round)
    {
        if (c.Refinements > 1)
            TakeMomentum(group, round == 0 ? 0 : FourierRounds.Momentum);
        Norms();
        for (var bin = 0; bin < bins; bin++)
            scale[bin] = wanted[group * bins + bin] / norm[bin];
    }

    void Correct(int group)
    {
        Norms();
        tables.Correction.Factors(norm, mel.AsSpan(group * c.MelBins, c.MelBins), scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void TakeMomentum(int group, float momentum)
    {
        for (var bin = 0; bin < bins; bin++)
        {
            var (at, re, im) = (group * bins + bin, real[bin], imaginary[bin]);
            (real[bin], imaginary[bin]) = (re - realBefore[at] * momentum, im - imaginaryBefore[at] * momentum);
            (realBefore[at], imaginaryBefore[at]) = (re, im);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Norms()
    {
        var least = new Vector<float>(FourierRounds.LeastPower);
        for (var bin = 0; bin < bins; bin++)
            norm[bin] = Vector.SquareRoot(real[bin] * real[bin] + imaginary[bin] * imaginary[bin] + least);
    }

    /// <summary>The spectrum of a group's frames, from the current wave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Transform(int group)
    {
        var evenLanes = MemoryMarshal.Cast<Vector<float>, float>(even.AsSpan());
        var oddLanes = MemoryMarshal.Cast<Vector<float>, float>(odd.AsSpan());
        var positions = tables.Fourier.Positions;
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (lane < FramesIn(group))
                TensorPrimitives.Multiply(wave.AsSpan(Start(group, lane), frame.Length), tables.Window, frame);
            else
                frame.AsSpan().Clear();
            for (var k = 0; k < positions.Length; k++)
            {
                var at = positions[k] * Lanes + lane;
                (evenLanes[at], oddLanes[at]) = (frame[2 * k], frame[2 * k + 1]);
            }
        }
        tables.Fourier.Forward(even, odd, real, imaginary);
    }

    /// <summary>Adds the frames of the scaled spectrum to the overlap-add sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddScaled(int group)
    {
        for (var bin = 0; bin < bins; bin++)
            (real[bin], imaginary[bin]) = (real[bin] * scale[bin], imaginary[bin] * scale[bin]);
        tables.Fourier.Inverse(real, imaginary, even, odd);
        var evenLanes = MemoryMarshal.Cast<Vector<float>, float>(even.AsSpan());
        var oddLanes = MemoryMarshal.Cast<Vector<float>, float>(odd.AsSpan());
        for (var lane = 0; lane < FramesIn(group); lane++)
        {
            for (var k = 0; k < half; k++)
                (frame[2 * k], frame[2 * k + 1]) = (evenLanes[k * Lanes + lane], oddLanes[k * Lanes + lane]);
            var target = sum.AsSpan(Start(group, lane), frame.Length);
            TensorPrimitives.MultiplyAdd(frame, synthesis, target, target);
        }
    }

    /// <summary>Divides the sum by the overlap to get the new wave, and silences what lies beyond the ends.</summary>
    void EndRound()
    {
        (wave, sum) = (sum, wave);
        TensorPrimitives.Divide(wave, overlap, wave);
        var aside = tables.HopsAside * c.HopSamples;
        wave.AsSpan(0, aside).Clear();
        wave.AsSpan(wave.Length - aside).Clear();
        sum.AsSpan().Clear();
    }

    /// <summary>The sum of squared windows at each sample, with a lower bound because it is a divisor.</summary>
    float[] Overlap()
    {
        var squares = new float[(frames + 2 * tables.HopsAside) * c.HopSamples];
        for (var t = 0; t < frames; t++)
        {
            var target = squares.AsSpan(Start(0, t), c.FrameSamples);
            TensorPrimitives.MultiplyAdd(tables.Window, tables.Window, target, target);
        }
        TensorPrimitives.Max(squares, FourierRounds.LeastOverlap, squares);
        return squares;
    }

    int FramesIn(int group) => Math.Min(Lanes, frames - group * Lanes);

    /// <summary>First sample of a frame. A frame is centred on its hop.</summary>
    int Start(int group, int lane) => (group * Lanes + lane + tables.HopsAside) * c.HopSamples - (c.FrameSamples - c.HopSamples) / 2;

    static void SetLane(Span<Vector<float>> lanes, int lane, ReadOnlySpan<float> values)
    {
        var floats = MemoryMarshal.Cast<Vector<float>, float>(lanes);
        for (var i = 0; i < values.Length; i++)
            floats[i * Lanes + lane] = values[i];
    }
}
