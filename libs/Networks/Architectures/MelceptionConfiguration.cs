namespace Rewas.Networks.Architectures;

/// <summary>Sizes of Melception; the defaults are the published ones (25 M parameters).</summary>
public sealed record MelceptionConfiguration
{
    public int MelBins { get; init; } = 80;

    /// <summary>Frames of the spectrogram: 848 for 9.85 s.</summary>
    public int MelFrames { get; init; } = 848;

    /// <summary>Kinds of sound: those of VGGSound.</summary>
    public int Classes { get; init; } = 309;

    /// <summary>Divisor of all channels except the input's. Published: 1.</summary>
    public int ChannelDivisor { get; init; } = 1;

    /// <summary>Mean of each mel bin over the training set, subtracted from the input. Empty: not subtracted.</summary>
    public float[] MelMeans { get; init; } = [];

    /// <summary>Standard deviation of each mel bin over the training set, by which the input is divided. Empty: no division.</summary>
    public float[] MelDeviations { get; init; } = [];

    internal int Channels(int published) => published / ChannelDivisor;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.MelBins, 75, 512).InRange(c.MelFrames, 75, 65_536).InRange(c.Classes, 1, 65_536).InRange(c.ChannelDivisor, 1, 16)
            .Multiple(16, c.ChannelDivisor)
            .That(c.MelMeans.Length == 0 || c.MelMeans.Length == c.MelBins, "melMeans must be empty or have a value for each of melBins")
            .That(c.MelDeviations.Length == c.MelMeans.Length && c.MelDeviations.All(d => d > 0),
            "melDeviations must be above 0 and as many as melMeans")
            .ThrowIfAny();
    }
}
