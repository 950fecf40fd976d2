using Rewas.Clip.Faults;

namespace Rewas.Sound.Wav;

/// <summary>Reads and writes whole WAV files. <see cref="WavReader"/> and <see cref="WavWriter"/> work in parts.</summary>
public static class WavFile
{
    const int PartSamples = 16_384;

    /// <summary>
    /// Reads all samples of a WAV file as mono. Parameters and errors are those of <see cref="WavReader.OpenAsync"/>; a file without
    /// samples is an error too.
    /// </summary>
    public static async Task<Waveform> ReadAsync(
        Stream stream, WavLimits limits, string field, CancellationToken cancellationToken = default)
    {
        var reader = await WavReader.OpenAsync(stream, limits, field, cancellationToken);
        var samples = new List<float>(); // grows with the data, because the header may lie about the length
        var part = new float[PartSamples];
        while (await reader.ReadAsync(part, cancellationToken) is > 0 and var count)
            samples.AddRange(part.AsSpan(0, count));
        if (samples.Count == 0)
            throw InputFault.Invalid(field, "the WAV file holds no samples");
        return new([.. samples], reader.SampleRate);
    }

    /// <summary>
    /// Reads a WAV file as mono at another sample rate. It is resampled while it is read, so that the memory is that of the result.
    /// Parameters and errors are those of <see cref="ReadAsync(Stream, WavLimits, string, CancellationToken)"/>.
    /// </summary>
    public static async Task<float[]> ReadAtAsync(
        Stream stream, int sampleRate, WavLimits limits, string field, CancellationToken cancellationToken = default)
    {
        var reader = await WavReader.OpenAsync(stream, limits, field, cancellationToken);
        var resampled = new ResampledParts(reader.SampleRate, sampleRate);
        // The exact length, if the stream has one and the header tells the truth.
        var samples = new float[stream.CanSeek ? resampled.LengthOf(reader.MostSamples(stream.Length - stream.Position)) : 0];
        var filled = 0;
        var part = new float[PartSamples];
        while (await reader.ReadAsync(part, cancellationToken) is > 0 and var count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Append(resampled.Add(part.AsSpan(0, count)));
        }
        Append(resampled.End());
        if (filled == 0)
            throw InputFault.Invalid(field, "the WAV file holds no samples");
        Array.Resize(ref samples, filled);
        return samples;

        void Append(float[] more)
        {
            if (filled + more.Length > samples.Length)
                Array.Resize(ref samples, Math.Max(filled + more.Length, samples.Length + samples.Length / 2));
            more.CopyTo(samples, filled);
            filled += more.Length;
        }
    }

    /// <inheritdoc cref="ReadAsync(Stream, WavLimits, string, CancellationToken)"/>
    public static async Task<Waveform> ReadAsync(
        string path, WavLimits limits, string field, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(path))
            throw InputFault.NotFound(
                field, Directory.Exists(path) ? $"'{path}' is a directory, not a file" : $"file '{path}' does not exist");
        await using var file = File.OpenRead(path);
        return await ReadAsync(file, limits, field, cancellationToken);
    }

    /// <summary>Writes a WAV file and replaces an existing one.</summary>
    public static async Task WriteAsync(
        string path, Waveform wave, WavEncoding encoding = WavEncoding.Float32, CancellationToken cancellationToken = default)
    {
        await using var file = File.Create(path);
        await using var writer = await WavWriter.CreateAsync(file, wave.SampleRate, encoding, wave.Samples.Length, cancellationToken);
        await writer.WriteAsync(wave.Samples, cancellationToken);
    }
}
