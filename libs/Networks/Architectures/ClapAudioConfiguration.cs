namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the audio encoder; the defaults are the published ones (HTS-AT base, 71 M parameters).</summary>
public sealed record ClapAudioConfiguration
{
    /// <summary>Frames of the mel spectrogram: one for the first sample and one per hop of 10 s.</summary>
    public int MelFrames { get; init; } = 1001;

    public int MelBins { get; init; } = 64;

    /// <summary>Side of the square picture made from the spectrogram.</summary>
    public int PictureSize { get; init; } = 256;

    /// <summary>Side of the patches that become tokens.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>Tokens along each side of an attention window.</summary>
    public int WindowSize { get; init; } = 8;

    /// <summary>Channels of the first level. Each further level has twice as many, and a quarter of the tokens.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Blocks of each level.</summary>
    public int[] Depths { get; init; } = [2, 2, 12, 2];

    /// <summary>Attention heads of each level; divide its channels.</summary>
    public int[] Heads { get; init; } = [4, 8, 16, 32];

    /// <summary>Width of the feed-forward layers, in units of the level's channels.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingChannels { get; init; } = 512;

    /// <summary>Samples under a mel frame's window. Only the size of unused filters in published files depends on it.</summary>
    public int FrameSamples { get; init; } = 1024;

    /// <summary>Number of sound classes. Only the size of unused heads in published files depends on it.</summary>
    public int Classes { get; init; } = 527;

    internal int LastLevel => Depths.Length - 1;

    /// <summary>Number of time strips of the spectrogram, which are stacked.</summary>
    internal int Strips => PictureSize / MelBins;

    internal int LevelChannels(int level) => Channels << level;

    /// <summary>Tokens along each side of the picture at a level.</summary>
    internal int LevelSide(int level) => PictureSize / PatchSize >> level;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.MelFrames, 1, 65_536).InRange(c.MelBins, 1, 512).InRange(c.PictureSize, 2, 4096).InRange(c.PatchSize, 1, 256)
            .InRange(c.WindowSize, 1, 64).InRange(c.Channels, 1, 1024).EachInRange(c.Depths, 1, 64).EachInRange(c.Heads, 1, 256)
            .InRange(c.FeedForwardFactor, 1, 16).InRange(c.EmbeddingChannels, 1, 8192)
            .InRange(c.FrameSamples, 2, 65_536).InRange(c.Classes, 1, 65_536)
            .Multiple(c.PictureSize, c.MelBins)
            .Multiple(c.MelBins, (long)c.PatchSize << LastLevel, by: "mel bins per token of the last level")
            .Multiple(c.PictureSize, (long)c.PatchSize * c.WindowSize << LastLevel, by: "side of a window of the last level")
            .That((long)c.MelFrames * c.MelBins <= (long)c.PictureSize * c.PictureSize,
            "melFrames times melBins must not be more than pictureSize squared")
            .That(c.Heads.Length == c.Depths.Length, "heads must have as many values as depths")
            .That(
                c.Heads.Select((heads, level) => heads < 1 || LevelChannels(level) % heads == 0).All(fits => fits),
                "each of heads must divide the channels of its level")
            .ThrowIfAny();
    }
}
