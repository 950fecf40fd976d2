using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the vocoder. The defaults are the published ones for 16 kHz (55 M parameters once folded).</summary>
public sealed record HifiGanConfiguration
{
    public int MelBins { get; init; } = ClipTiming.MelBins;

    /// <summary>Upsampling factor of each stage. Their product is the hop, in samples.</summary>
    public int[] UpsampleRates { get; init; } = [5, 4, 2, 2, 2];

    public int[] UpsampleKernels { get; init; } = [16, 16, 8, 4, 4];

    /// <summary>Channels before the first stage; each stage halves them.</summary>
    public int InitialChannels { get; init; } = 1024;

    /// <summary>Kernel of each parallel residual block; odd.</summary>
    public int[] ResidualKernels { get; init; } = [3, 7, 11];

    /// <summary>Dilations of each parallel residual block.</summary>
    public int[][] ResidualDilations { get; init; } = [[1, 3, 5], [1, 3, 5], [1, 3, 5]];

    /// <summary>Whether weights are stored as direction and length (`weight_v`, `weight_g`), as trained, or folded (`weight`).</summary>
    public bool WeightNorm { get; init; } = true;

    internal int StageChannels(int stage) => InitialChannels >> (stage + 1);

    internal void Check()
    {
        var c = this;
        var check = new ConfigurationCheck()
            .InRange(c.MelBins, 1, 1024).InRange(c.InitialChannels, 1, 8192).EachInRange(c.UpsampleRates, 1, 64)
            .EachInRange(c.UpsampleKernels, 1, 128).EachInRange(c.ResidualKernels, 1, 63)
            .That(c.ResidualKernels.All(k => k % 2 == 1), "each of residualKernels must be odd")
            .That(c.UpsampleKernels.Length == c.UpsampleRates.Length, "upsampleKernels must have as many values as upsampleRates")
            .That(c.UpsampleKernels.Zip(c.UpsampleRates, (k, u) => k >= u).All(fits => fits),
            "no upsampling kernel may be smaller than its rate")
            .That(c.ResidualDilations.Length == c.ResidualKernels.Length, "residualDilations must have as many lists as residualKernels")
            .That(c.UpsampleRates.Aggregate(1.0, (product, u) => product * u) <= 8192, "the product of upsampleRates must be at most 8192")
            .Multiple(c.InitialChannels, 1L << c.UpsampleRates.Length, by: "2 to the number of stages");
        foreach (var dilations in c.ResidualDilations)
            check.That(dilations is not null && dilations.Length is > 0 and <= 16 && dilations.All(d => d is > 0 and <= 64),
                "each list of residualDilations must have 1 to 16 values from 1 to 64");
        check.ThrowIfAny();
    }
}
