namespace Rewas.Video;

/// <summary>What happens to the video's own sound.</summary>
public enum OriginalSound
{
    /// <summary>It is dropped.</summary>
    Replace,

    /// <summary>It is mixed in at its own level.</summary>
    Keep,

    /// <summary>It is mixed in and made quieter where the new sound is audible.</summary>
    Duck,
}
