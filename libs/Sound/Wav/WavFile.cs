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
