using Rewas.Clip;

namespace Rewas.Sound;

/// <summary>
/// Onsets as a control: 1 at each token that contains an onset, 0 elsewhere. This is the onset model of ReWaS (arXiv 2407.05551, section
/// 4.2).
/// </summary>
public static class OnsetCurve
{
    static readonly OnsetSettings Settings = new();

    /// <summary>Onsets of a window of sound: [81920] at 16 kHz to [timing.TokensPerWindow].</summary>
    public static float[] Tokens(ReadOnlySpan<float> samples, ClipTiming timing)
    {
        var tokens = new float[timing.TokensPerWindow];
        var seconds = (double)ClipTiming.SamplesPerWindow / ClipTiming.SampleRate;
        foreach (var onset in OnsetDetection.Find(samples, Settings))
            tokens[Math.Min((int)(onset.Seconds / seconds * tokens.Length), tokens.Length - 1)] = 1;
        return tokens;
    }

    /// <summary>Makes a window's control from tokens: nearest-neighbour resizing to [512].</summary>
    public static float[] ControlFromTokens(ReadOnlySpan<float> tokens) => NearestResize.To(ClipTiming.MelFramesPerWindow, tokens);
}
