namespace Rewas.Video;

/// <summary>What becomes of the sound that a video already has.</summary>
public enum OriginalSound
{
    /// <summary>It is left out.</summary>
    Replace,

    /// <summary>It is mixed in at its own level.</summary>
    Keep,

    /// <summary>It is mixed in, and made quieter wherever the new sound is heard.</summary>
    Duck,
}
