using Rewas.Clip;

namespace Rewas.Sound.Placement;

/// <summary>
/// Renders placed pieces at any rate and number of channels, part by part. At the recording's own rate and speed and a gain of 1, samples
/// are copied unchanged. Memory depends on the length of a part, not on the lengths of sound and recordings.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class PieceRenderer
{
    readonly IReadOnlyList<PlacedPiece> pieces;
    readonly PieceSamples samples;
    readonly int sampleRate, channels;
    readonly long[] endsBefore;                                              // running maximum of the pieces' ends, samples

    /// <param name="pieces">In order of position.</param>
    /// <param name="recordings">The recordings that the pieces refer to.</param>
    /// <param name="sampleRate">Output rate, Hz.</param>
    /// <param name="channels">
    /// Output channels. A mono recording plays on all channels. A recording with more channels is mixed down to mono, or plays its
    /// first channels.
    /// </param>
    public PieceRenderer(
        IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<RecordedSamples> recordings, int sampleRate = ClipTiming.SampleRate,
        int channels = 1)
        : this(pieces, new PieceSamples(recordings, sampleRate, channels), sampleRate, channels)
    {
    }

    /// <summary>Renders mono at the mel's rate, with waves that were resampled before.</summary>
    internal PieceRenderer(IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<RecordedSamples> recordings, IReadOnlyList<float[]> waves)
        : this(pieces, new PieceSamples(recordings, ClipTiming.SampleRate, 1) { Waves = waves }, ClipTiming.SampleRate, 1)
    {
    }

    PieceRenderer(IReadOnlyList<PlacedPiece> pieces, PieceSamples samples, int sampleRate, int channels)
    {
        (this.pieces, this.samples, this.sampleRate, this.channels) = (pieces, samples, sampleRate, channels);
        endsBefore = new long[pieces.Count];
        for (var i = 0; i < endsBefore.Length; i++)
            endsBefore[i] = Math.Max(i > 0 ? endsBefore[i - 1] : 0, End(i));
    }

    /// <summary>Renders the whole sound in mono.</summary>
    public float[] RenderMono(int samples)
    {
        var block = new float[samples];
        Render(0, [block]);
        return block;
    }

    /// <summary>Mixes a part of the sound into the blocks. Parts may be rendered in any order, and no part is kept.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="blocks">[channels][samples], all of the same length.</param>
    public void Render(long first, float[][] blocks)
    {
        if (blocks.Length != channels)
            throw new ArgumentException($"{channels} channels are rendered, but {blocks.Length} blocks were given", nameof(blocks));
        var end = first + blocks[0].Length;
        for (var i = FirstAt(first); i < pieces.Count && Start(i) < end; i++)
            if (End(i) > first)
                Add(i, first, end, blocks);
    }

    void Add(int index, long first, long end, float[][] blocks)
    {
        var piece = pieces[index];
        var (start, length) = (Start(index), samples.LengthOf(piece));
        var (from, to) = (Math.Max(first, start), Math.Min(end, start + length));
        var (fadeIn, fadeOut) = ((long)(piece.FadeIn * sampleRate), (long)(piece.FadeOut * sampleRate));
        var wave = new float[to - from];
        for (var channel = 0; channel < channels; channel++)
        {
            samples.Read(piece, channel, from - start, wave);
            var gain = new GainLine(piece, sampleRate, from - start);
            var block = blocks[channel];
            for (var sample = from; sample < to; sample++)
            {
                var at = sample - start;
                var factor = gain.At(at);
                if (at < fadeIn)
                    factor *= (float)Math.Sin(Math.PI / 2 * (at + 0.5) / fadeIn);
                if (length - at <= fadeOut)
                    factor *= (float)Math.Sin(Math.PI / 2 * (length - at - 0.5) / fadeOut);
                block[sample - first] += factor == 1 ? wave[sample - from] : factor * wave[sample - from];
            }
        }
    }

    /// <summary>The first piece that may still sound at a sample, by binary search in the running maxima.</summary>
    int FirstAt(long sample)
    {
        var place = Array.BinarySearch(endsBefore, sample);
        return Math.Max(0, (place < 0 ? ~place : place) - 1);
    }

    long Start(int index) => (long)Math.Round(pieces[index].Position * sampleRate);

    long End(int index) => Start(index) + samples.LengthOf(pieces[index]);
}
