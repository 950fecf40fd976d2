namespace Rewas.Sound.Wav;

/// <summary>The form of a written WAV file.</summary>
/// <param name="SampleRate">Samples per second of a channel.</param>
public sealed record WavForm(int SampleRate, WavEncoding Encoding)
{
    /// <summary>Channels, interleaved.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Further chunks, written between the format and the samples.</summary>
    public IReadOnlyList<WavChunk> Chunks { get; init; } = [];

    /// <summary>Bytes of one sample of all channels.</summary>
    public int FrameBytes => Channels * Encoding.SampleBytes();

    /// <summary>More than two channels need the extensible format, which says that they are no loudspeakers.</summary>
    internal bool IsMultitrack => Channels > 2;

    internal bool IsFloat => Encoding == WavEncoding.Float32;
}

/// <summary>A chunk of a WAV file.</summary>
/// <param name="Id">Four ASCII characters, such as "bext".</param>
public sealed record WavChunk(string Id, ReadOnlyMemory<byte> Content);
