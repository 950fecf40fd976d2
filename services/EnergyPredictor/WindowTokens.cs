using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.EnergyPredictor;

/// <summary>
/// Gathers the segments of one window after another and lays their tokens out as the energy predictor was trained to see
/// them (<see cref="TokenLayout"/>).
/// </summary>
/// <param name="timing">How the bundle cuts time.</param>
/// <param name="channels">Channels of a token.</param>
public sealed class WindowTokens(ClipTiming timing, int channels)
{
    readonly float[] sums = new float[timing.TokensPerWindow * channels];
    readonly int[] counts = new int[timing.TokensPerWindow];

    /// <summary>Window that is being gathered, from 0.</summary>
    public int Window { get; private set; }

    /// <summary>Segments of it that have come.</summary>
    public int Segments { get; private set; }

    /// <summary>Adds the next segment.</summary>
    /// <param name="window">Its window; must be the one being gathered.</param>
    /// <param name="segment">Its place in the window; must be the next.</param>
    /// <param name="features">[8, C].</param>
    /// <returns>The window's tokens, [tokens, C], if this was its last segment; else null.</returns>
    /// <exception cref="InputFault">The segment is out of order.</exception>
    public float[]? Add(int window, int segment, ReadOnlySpan<float> features)
    {
        if (window != Window || segment != Segments)
            throw InputFault.Invalid("segment", $"must come in order: window {Window} segment {Segments} is next, but window {window} segment {segment} came");

        for (var token = 0; token < ClipTiming.TokensPerSegment; token++)
            AddToken(PlaceOf(segment, token), features.Slice(token * channels, channels));
        if (++Segments < timing.SegmentsPerWindow)
            return null;

        var tokens = Averages();
        (Window, Segments) = (Window + 1, 0);
        Array.Clear(sums);
        Array.Clear(counts);
        return tokens;
    }

    /// <summary>Where a token stands in its window. At true times, tokens of overlapping segments that see the same frames share a place.</summary>
    int PlaceOf(int segment, int token) => timing.TokenLayout == TokenLayout.EndToEnd
        ? segment * ClipTiming.TokensPerSegment + token
        : segment * timing.SegmentStride / ClipTiming.FramesPerToken + token;

    void AddToken(int place, ReadOnlySpan<float> token)
    {
        counts[place]++;
        var sum = sums.AsSpan(place * channels, channels);
        for (var c = 0; c < channels; c++)
            sum[c] += token[c];
    }

    float[] Averages()
    {
        var tokens = (float[])sums.Clone();
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] /= Math.Max(1, counts[i / channels]);
        return tokens;
    }
}
