using Rewas.Clip;

namespace Rewas.Sound.Placement;

/// <summary>
/// Renders placed pieces at any rate and number of channels, part by part. At the recording's own rate and speed and a gain of 1, samples
/// are copied unchanged.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class PieceRenderer
{
    readonly IReadOnlyList<PlacedPiece> pieces;
    readonly IReadOnlyList<Recording> recordings;
    readonly int sampleRate, channels;
    readonly float[]?[][] waves;                                             // [recordings][channels], at the output rate
    readonly Dictionary<int, float[][]> played = [];                         // active pieces with another speed, by index
    readonly double[] endsBefore;                                            // running maximum of the pieces' ends, seconds

    /// <param name="pieces">In order of position.</param>
    /// <param name="recordings">The recordings that the pieces refer to.</param>
    /// <param name="sampleRate">Output rate, Hz.</param>
    /// <param name="channels">
    /// Output channels. A mono recording plays on all channels. A recording with more channels is mixed down to mono, or plays its
    /// first channels.
    /// </param>
    public PieceRenderer(
        IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<Recording> recordings, int sampleRate = ClipTiming.SampleRate, int channels = 1)
    {
        (this.pieces, this.recordings, this.sampleRate, this.channels) = (pieces, recordings, sampleRate, channels);
        waves = [.. recordings.Select(_ => new float[]?[channels])];
        endsBefore = new double[pieces.Count];
        for (var i = 0; i < endsBefore.Length; i++)
        {
            var end = pieces[i].Position + pieces[i].Duration(recordings[pieces[i].Recording].SampleRate);
            endsBefore[i] = Math.Max(i > 0 ? endsBefore[i - 1] : 0, end);
        }
    }

    /// <summary>Renders mono at the mel's rate, with waves that were resampled before.</summary>
    internal PieceRenderer(IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<Recording> recordings, IReadOnlyList<float[]> waves)
        : this(pieces, recordings)
    {
        for (var i = 0; i < waves.Count; i++)
            this.waves[i][0] = waves[i];
    }

    /// <summary>Renders the whole sound in mono.</summary>
    public float[] RenderMono(int samples)
    {
        var block = new float[samples];
        Render(0, [block]);
        return block;
    }

    /// <summary>Mixes a part of the sound into the blocks. Parts may be rendered in any order; ascending order is fastest.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="blocks">[channels][samples], all of the same length.</param>
    public void Render(long first, float[][] blocks)
    {
        if (blocks.Length != channels)
            throw new ArgumentException($"{channels} channels are rendered, but {blocks.Length} blocks were given", nameof(blocks));
        var end = first + blocks[0].Length;
        foreach (var (index, _) in played.Where(piece => End(piece.Key) <= first).ToList())
            played.Remove(index);
        for (var i = FirstAt((double)first / sampleRate); i < pieces.Count && Start(i) < end; i++)
            if (End(i) > first)
                Add(i, first, end, blocks);
    }

    void Add(int index, long first, long end, float[][] blocks)
    {
        var piece = pieces[index];
        var (start, length) = (Start(index), LengthOf(piece));
        var (from, to) = (Math.Max(first, start), Math.Min(end, start + length));
        var (fadeIn, fadeOut) = ((long)(piece.FadeIn * sampleRate), (long)(piece.FadeOut * sampleRate));
        var gain = new GainLine(piece, sampleRate);
        for (var channel = 0; channel < channels; channel++)
        {
            var (wave, offset) = Source(index, channel);
            var block = blocks[channel];
            for (var sample = from; sample < to; sample++)
            {
                var (at, source) = (sample - start, offset + sample - start);
                if (source >= wave.Length)
                    break;
                var factor = gain.At(at);
                if (at < fadeIn)
                    factor *= (float)Math.Sin(Math.PI / 2 * (at + 0.5) / fadeIn);
                if (length - at <= fadeOut)
                    factor *= (float)Math.Sin(Math.PI / 2 * (length - at - 0.5) / fadeOut);
                block[sample - first] += factor == 1 ? wave[source] : factor * wave[source];
            }
        }
    }

    /// <summary>The samples that play a piece, and the index of its start in them.</summary>
    (float[] Wave, long Offset) Source(int index, int channel)
    {
        var piece = pieces[index];
        var wave = waves[piece.Recording][channel] ??= AtRate(recordings[piece.Recording], channel);
        var start = SoundSample(piece, piece.SourceStart);
        if (piece.SpeedPercent == 100)
            return (wave, start);
        if (!played.TryGetValue(index, out var channelsOfPiece))
            played[index] = channelsOfPiece = new float[channels][];
        var end = Math.Min(wave.Length, SoundSample(piece, piece.SourceStart + piece.SourceLength));
        channelsOfPiece[channel] ??= new Resampler(piece.SpeedPercent, 100).Resample(wave.AsSpan((int)Math.Min(start, end)..(int)end));
        return (channelsOfPiece[channel], 0);
    }

    float[] AtRate(Recording recording, int channel)
    {
        var own = channels == 1 && recording.Channels.Count > 1
            ? recording.Mono()
            : recording.Channels[Math.Min(channel, recording.Channels.Count - 1)];
        return new Waveform(own, recording.SampleRate).At(sampleRate).Samples;
    }

    /// <summary>The first piece that may still sound at a time, by binary search in the running maxima.</summary>
    int FirstAt(double seconds)
    {
        var place = Array.BinarySearch(endsBefore, seconds);
        return Math.Max(0, (place < 0 ? ~place : place) - 1);
    }

    long Start(int index) => (long)Math.Round(pieces[index].Position * sampleRate);

    long End(int index) => Start(index) + LengthOf(pieces[index]);

    long LengthOf(PlacedPiece piece) => (long)Math.Round(SoundSample(piece, piece.SourceLength) * 100.0 / piece.SpeedPercent);

    /// <summary>Converts a sample of the recording to the output rate.</summary>
    long SoundSample(PlacedPiece piece, long sample) =>
        recordings[piece.Recording].SampleRate == sampleRate
            ? sample
            : (long)Math.Round((double)sample * sampleRate / recordings[piece.Recording].SampleRate);
}
