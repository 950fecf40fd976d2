using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.EnergyPredictor;

/// <summary>
/// Collects the segments of consecutive windows and arranges their tokens as in the energy predictor's training
/// (<see cref="TokenLayout"/>).
/// </summary>
/// <param name="channels">Channels per token.</param>
public sealed class WindowTokens(ClipTiming timing, int channels)
{
    readonly float[] sums = new float[timing.TokensPerWindow * channels];
    readonly int[] counts = new int[timing.TokensPerWindow];

    /// <summary>Index of the current window.</summary>
    public int Window { get; private set; }

    /// <summary>Number of its segments received so far.</summary>
    public int Segments { get; private set; }

    /// <summary>Adds the next segment.</summary>
    /// <param name="window">Must be the current window.</param>
    /// <param name="segment">Must be the next segment in it.</param>
    /// <param name="features">[8, C].</param>
    /// <returns>The window's tokens, [tokens, C], after its last segment; otherwise null.</returns>
    /// <exception cref="InputFault">The segment is out of order.</exception>
    public float[]? Add(int window, int segment, ReadOnlySpan<float> features)
    {
        if (window != Window || segment != Segments)
            throw InputFault.Invalid(
                "segment",
                $"must come in order: window {Window} segment {Segments} is next, but window {window} segment {segment} came");

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

    /// <summary>
    /// Position of a token in its window. At true times, tokens of overlapping segments that see the same frames share a position.
    /// </summary>
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
