namespace Rewas.Video;

/// <summary>How it is known when each frame is shown.</summary>
public enum FrameOrder
{
    /// <summary>The file says so of every frame.</summary>
    Stated,

    /// <summary>Frames are shown in the order in which they are stored.</summary>
    AsStored,

    /// <summary>The file says when frames are decoded, and its codec is simple enough to tell from this when they are shown.</summary>
    Generated,

    /// <summary>Frames are shown in another order than they are stored in, and only decoding them shows in which.</summary>
    Unknown,

    /// <summary>Some frames are stored inside others ("packed B-frames"), as DivX and Xvid do in AVI.</summary>
    Packed,
}
