using Rewas.Faults;

namespace Rewas.Placement;

/// <summary>How recordings are placed.</summary>
public sealed record PlacementOptions
{
    /// <summary>The same seed, curve and recordings give the same pieces.</summary>
    public uint Seed { get; init; }

    /// <summary>One-shots are louder or softer by up to this much, dB. Default 1, 0 to 6.</summary>
    public double GainVariation { get; init; } = 1;

    /// <summary>One-shots are faster or slower by up to this much, percent. Default 2, 0 to 10.</summary>
    public int SpeedVariation { get; init; } = 2;

    /// <summary>The most that a recording is made louder to meet the curve, nepers. Default 4 (35 dB), 0 to 6.</summary>
    public float MostGain { get; init; } = 4;

    /// <summary>The most that a recording is made softer to meet the curve, nepers. Default 6 (52 dB), 0 to 12.</summary>
    public float MostAttenuation { get; init; } = 6;

    /// <summary>Throws one fault that tells all values out of range.</summary>
    public void Validate() => InputFault.ThrowIfAny(
    [
        .. InputFault.OutOfRange(nameof(GainVariation), GainVariation, 0, 6),
        .. InputFault.OutOfRange(nameof(SpeedVariation), SpeedVariation, 0, 10),
        .. InputFault.OutOfRange(nameof(MostGain), MostGain, 0, 6),
        .. InputFault.OutOfRange(nameof(MostAttenuation), MostAttenuation, 0, 12),
    ]);
}
