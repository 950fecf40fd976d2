namespace Rewas.Networks;

/// <summary>Where the windows of a sound, or of a scene of it, lie, in mel frames, and which of them are made from others.</summary>
/// <param name="Join">One of <see cref="JoinNames"/>.</param>
public sealed record WindowLayout(string Join)
{
    /// <summary>Frames that neighbours share: 0.96 s, 12 or 24 frames of a latent.</summary>
    public const int JoinFrames = 96;

    /// <summary>Frames that neighbours share.</summary>
    public int Overlap => Join == JoinNames.Concatenate ? 0 : JoinFrames;

    /// <summary>Frames from one window's start to the next one's.</summary>
    public int Stride => ClipTiming.MelFramesPerWindow - Overlap;

    /// <summary>First frame of a window.</summary>
    public long Start(int window) => (long)window * Stride;

    /// <summary>Windows that cover so many frames; the last may reach past the end.</summary>
    public int WindowsFor(long frames) =>
        1 + checked((int)((Math.Max(0, frames - ClipTiming.MelFramesPerWindow) + Stride - 1) / Stride));

    /// <summary>Whether a window's first frames are those of the one before it, which must be made earlier.</summary>
    public bool FollowsPrevious(int window) => window > 0 && (Join == JoinNames.Continue || IsBridge(window));

    /// <summary>Whether a window's last frames are those of the one after it, where there is one, which must be made earlier.</summary>
    public bool LeadsToNext(int window) => IsBridge(window);

    /// <summary>Frames of a window that are its own, and not a neighbour's; where neighbours are crossfaded, those up to the next one's.</summary>
    /// <param name="window">Window, from 0.</param>
    /// <param name="isLast">Whether none follows.</param>
    public (int First, int End) OwnFrames(int window, bool isLast) => (
        FollowsPrevious(window) ? Overlap : 0,
        !isLast && (LeadsToNext(window) || Join == JoinNames.Crossfade) ? Stride : ClipTiming.MelFramesPerWindow);

    bool IsBridge(int window) => Join == JoinNames.Bridge && window % 2 == 1;
}
