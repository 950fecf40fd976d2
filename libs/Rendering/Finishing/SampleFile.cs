using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rewas.Sound.Levels;

namespace Rewas.Rendering.Finishing;

/// <param name="Loudness">LUFS; negative infinity for silence.</param>
/// <param name="TruePeak">Full scale 1.</param>
/// <param name="Range">Loudness range, LU.</param>
/// <param name="MostMomentary">Highest loudness of 400 ms, LUFS.</param>
/// <param name="MostShortTerm">Highest loudness of 3 s, LUFS.</param>
readonly record struct SoundLevels(double Loudness, double TruePeak, double Range, double MostMomentary, double MostShortTerm);

/// <summary>A file of float32 samples, channels interleaved, read and written in parts.</summary>
sealed record SampleFile(string Path, int SampleRate, int Channels)
{
    const int PartFrames = 16_384;

    public SampleWriter Create() => new(File.Create(Path));

    /// <summary>Each part is valid until the next one is requested.</summary>
    public async IAsyncEnumerable<Memory<float>> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var file = File.OpenRead(Path);
        var bytes = new byte[PartFrames * Channels * sizeof(float)];
        var samples = new float[PartFrames * Channels];
        while (await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation) is > 0 and var count)
        {
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, count)).CopyTo(samples);
            yield return samples.AsMemory(0, count / sizeof(float));
        }
    }

    /// <summary>
    /// The samples after the gain and, with a ceiling, the limiter. The number of samples is unchanged. Each part is valid until the
    /// next one is requested.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlyMemory<float>> LimitedAsync(
        double gainDecibels, double? ceiling, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var gain = (float)Math.Pow(10, gainDecibels / 20);
        var limiter = ceiling is { } highest ? new TruePeakLimiter(SampleRate, Channels, highest) : null;
        var early = (limiter?.DelayFrames ?? 0) * Channels;                  // the limiter's leading samples of silence
        await foreach (var part in ReadAsync(cancellation))
        {
            TensorPrimitives.Multiply(part.Span, gain, part.Span);
            limiter?.Process(part.Span);
            var dropped = Math.Min(early, part.Length);
            early -= dropped;
            yield return part[dropped..];
        }
        if (limiter is null)
            yield break;
        var rest = new float[limiter.DelayFrames * Channels];
        limiter.Process(rest);
        yield return rest.AsMemory(early);
    }

    public async Task<SoundLevels> MeasureAsync(CancellationToken cancellation)
    {
        var loudness = new LoudnessMeter(SampleRate, Channels);
        var peaks = Enumerable.Range(0, Channels).Select(_ => new TruePeak()).ToArray();
        float peak = 0;
        await foreach (var part in ReadAsync(cancellation))
        {
            loudness.Add(part.Span);
            peak = MathF.Max(peak, Peak(part.Span));
        }
        return new(
            loudness.Integrated(), MathF.Max(peak, Peak(new float[2 * TruePeak.Delay * Channels])), loudness.Range(),
            loudness.MostMomentary(), loudness.MostShortTerm());

        float Peak(ReadOnlySpan<float> samples)
        {
            float highest = 0;
            for (var i = 0; i < samples.Length; i++)
                highest = MathF.Max(highest, peaks[i % Channels].Next(samples[i]));
            return highest;
        }
    }
}

/// <summary>Writes samples and closes the file on disposal.</summary>
sealed class SampleWriter(FileStream file) : IAsyncDisposable
{
    public ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancellation) =>
        file.WriteAsync(MemoryMarshal.AsBytes(samples.Span).ToArray(), cancellation);

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
