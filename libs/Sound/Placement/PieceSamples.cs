namespace Rewas.Sound.Placement;

/// <summary>
/// Reads the samples of pieces at the output rate, part by part. At the recording's own rate and speed, samples are copied unchanged.
/// </summary>
sealed class PieceSamples(IReadOnlyList<RecordedSamples> recordings, int sampleRate, int channels)
{
    /// <summary>Mono waves of the recordings at the output rate, if they were resampled before.</summary>
    public IReadOnlyList<float[]>? Waves { get; init; }

    readonly Dictionary<(int From, int To), Resampler> resamplers = [];

    /// <summary>Converts a sample of a recording to the output rate.</summary>
    public long AtOutput(PlacedPiece piece, long sample) =>
        recordings[piece.Recording].SampleRate == sampleRate
            ? sample
            : (long)Math.Round((double)sample * sampleRate / recordings[piece.Recording].SampleRate);

    /// <summary>Length of a piece in the sound, in samples.</summary>
    public long LengthOf(PlacedPiece piece) => (long)Math.Round(AtOutput(piece, piece.SourceLength) * 100.0 / piece.SpeedPercent);

    /// <summary>Reads a part of a piece without its gain.</summary>
    /// <param name="first">First sample of the part, from the start of the piece.</param>
    public void Read(PlacedPiece piece, int channel, long first, Span<float> target)
    {
        var start = AtOutput(piece, piece.SourceStart);
        if (piece.SpeedPercent == 100)
        {
            ReadAtRate(piece.Recording, channel, start + first, target);
            return;
        }
        var resampler = Between(piece.SpeedPercent, 100);
        var length = AtOutput(piece, piece.SourceStart + piece.SourceLength) - start;
        var (from, count) = resampler.SourceOf(first, target.Length);
        var source = new float[count];
        var (begin, end) = (Math.Max(0, from), Math.Min(length, from + count));
        if (end > begin)
            ReadAtRate(piece.Recording, channel, start + begin, source.AsSpan((int)(begin - from), (int)(end - begin)));
        resampler.Resample(source, from, first, target);
    }

    void ReadAtRate(int index, int channel, long first, Span<float> target)
    {
        if (Waves is not null)
        {
            var wave = Waves[index];
            target.Clear();
            if (first < wave.Length)
                wave.AsSpan((int)first, (int)Math.Min(target.Length, wave.Length - first)).CopyTo(target);
            return;
        }
        var recording = recordings[index];
        int? own = channels == 1 && recording.ChannelCount > 1 ? null : Math.Min(channel, recording.ChannelCount - 1);
        if (recording.SampleRate == sampleRate)
        {
            recording.Read(own, first, target);
            return;
        }
        var resampler = Between(recording.SampleRate, sampleRate);
        var (from, count) = resampler.SourceOf(first, target.Length);
        var source = new float[count];
        recording.Read(own, from, source);
        resampler.Resample(source, from, first, target);
    }

    Resampler Between(int from, int to) =>
        resamplers.TryGetValue((from, to), out var known) ? known : resamplers[(from, to)] = new(from, to);
}
