namespace Rewas.Clip.Names;

/// <summary>Sample formats of sound files.</summary>
public static class SampleFormatNames
{
    public const string Pcm16 = "pcm16", Pcm24 = "pcm24", Pcm32 = "pcm32", Float32 = "float32";

    public static IReadOnlyList<string> All { get; } = [Pcm16, Pcm24, Pcm32, Float32];

    /// <summary>Those that FLAC holds.</summary>
    public static IReadOnlyList<string> InFlac { get; } = [Pcm16, Pcm24];
}
