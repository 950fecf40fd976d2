using Rewas.Clip.Names;

namespace Rewas.Clip;

/// <summary>Positions of the windows of a sound or scene, in mel frames, and the order in which they depend on each other.</summary>
/// <param name="Join">One of <see cref="JoinNames"/>.</param>
public sealed record WindowLayout(string Join)
{
    /// <summary>Frames shared by neighbours if windows overlap: 0.96 s, 12 or 24 latent frames.</summary>
    public const int JoinFrames = 96;

    /// <summary>Frames shared by neighbours.</summary>
    public int Overlap => Join == JoinNames.Concatenate ? 0 : JoinFrames;

    /// <summary>Frames between the starts of adjacent windows.</summary>
    public int Stride => ClipTiming.MelFramesPerWindow - Overlap;

    /// <summary>First frame of a window.</summary>
    public long Start(int window) => (long)window * Stride;

    /// <summary>Number of windows that cover this many frames. The last window may reach past the end.</summary>
    public int WindowsFor(long frames) =>
        1 + checked((int)((Math.Max(0, frames - ClipTiming.MelFramesPerWindow) + Stride - 1) / Stride));

    /// <summary>Whether a window's start is fixed to the previous window, which must be sampled first.</summary>
    public bool FollowsPrevious(int window) => window > 0 && (Join == JoinNames.Continue || IsBridge(window));

    /// <summary>Whether a window's end is fixed to the next window, if there is one, which must be sampled first.</summary>
    public bool LeadsToNext(int window) => IsBridge(window);

    /// <summary>The frames of a window that no neighbour has made. With crossfades, those up to the start of the next window.</summary>
    /// <param name="window">Index from 0.</param>
    public (int First, int End) OwnFrames(int window, bool isLast) => (
        FollowsPrevious(window) ? Overlap : 0,
        !isLast && (LeadsToNext(window) || Join == JoinNames.Crossfade) ? Stride : ClipTiming.MelFramesPerWindow);

    bool IsBridge(int window) => Join == JoinNames.Bridge && window % 2 == 1;
}
