namespace Rewas.Video;

/// <summary>How the display time of each frame is known.</summary>
public enum FrameOrder
{
    /// <summary>The file states it for every frame.</summary>
    Stated,

    /// <summary>Frames are shown in storage order.</summary>
    AsStored,

    /// <summary>The file states decoding times, and the codec is simple enough to derive display times from them.</summary>
    Generated,

    /// <summary>Frames are shown in another order than they are stored, and only decoding reveals it.</summary>
    Unknown,

    /// <summary>Some frames are stored inside others ("packed B-frames"), as DivX and Xvid write in AVI.</summary>
    Packed,
}
