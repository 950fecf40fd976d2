using Rewas.Audio;
using Rewas.Networks;

namespace Rewas.Placement;

/// <summary>
/// Plays placed pieces at any rate and with any number of channels, part by part. Where rate and speed are the recording's own and the gain is 1, samples are
/// copied as they are.
/// </summary>
/// <remarks>Not safe to call from several threads.</remarks>
public sealed class PieceRenderer
{
    readonly IReadOnlyList<PlacedPiece> pieces;
    readonly IReadOnlyList<Recording> recordings;
    readonly int sampleRate, channels;
    readonly float[]?[][] waves;                                             // [recordings][channels], at the rate of the sound
    readonly Dictionary<int, float[][]> played = [];                         // pieces at another speed that are being played, by index
    readonly double[] endsBefore;                                            // the latest end of all pieces up to each, seconds

    /// <param name="pieces">In order of their positions.</param>
    /// <param name="recordings">Those that they were placed from.</param>
    /// <param name="sampleRate">Of the sound.</param>
    /// <param name="channels">Of the sound. A recording of one channel is heard in all; one of more is mixed down to one, or gives its first ones.</param>
    public PieceRenderer(IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<Recording> recordings, int sampleRate = ClipTiming.SampleRate, int channels = 1)
    {
        (this.pieces, this.recordings, this.sampleRate, this.channels) = (pieces, recordings, sampleRate, channels);
        waves = [.. recordings.Select(_ => new float[]?[channels])];
        endsBefore = new double[pieces.Count];
        for (var i = 0; i < endsBefore.Length; i++)
            endsBefore[i] = Math.Max(i > 0 ? endsBefore[i - 1] : 0, pieces[i].Position + pieces[i].Duration(recordings[pieces[i].Recording].SampleRate));
    }

    /// <summary>For one channel at the rate of the mel, with the recordings' waves as they have been made for it.</summary>
    internal PieceRenderer(IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<Recording> recordings, IReadOnlyList<float[]> waves) : this(pieces, recordings)
    {
        for (var i = 0; i < waves.Count; i++)
            this.waves[i][0] = waves[i];
    }

    /// <summary>The whole sound, one channel.</summary>
    /// <param name="samples">How many samples.</param>
    public float[] RenderMono(int samples)
    {
        var block = new float[samples];
        Render(0, [block]);
        return block;
    }

    /// <summary>Adds a part of the sound to what is in the blocks. Parts may be asked for in any order; in order they are fastest.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="blocks">[channels][samples], all of one length.</param>
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

    /// <summary>Samples in which a piece is played, and the one at which it begins.</summary>
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
        var own = channels == 1 && recording.Channels.Count > 1 ? recording.Mono() : recording.Channels[Math.Min(channel, recording.Channels.Count - 1)];
        return new Waveform(own, recording.SampleRate).At(sampleRate).Samples;
    }

    /// <summary>The first piece that may not be over at a time: ends are looked for among the running maxima, which only grow.</summary>
    int FirstAt(double seconds)
    {
        var place = Array.BinarySearch(endsBefore, seconds);
        return Math.Max(0, (place < 0 ? ~place : place) - 1);
    }

    long Start(int index) => (long)Math.Round(pieces[index].Position * sampleRate);

    long End(int index) => Start(index) + LengthOf(pieces[index]);

    long LengthOf(PlacedPiece piece) => (long)Math.Round(SoundSample(piece, piece.SourceLength) * 100.0 / piece.SpeedPercent);

    /// <summary>A sample of the recording at the rate of the sound.</summary>
    long SoundSample(PlacedPiece piece, long sample) =>
        recordings[piece.Recording].SampleRate == sampleRate ? sample : (long)Math.Round((double)sample * sampleRate / recordings[piece.Recording].SampleRate);
}
