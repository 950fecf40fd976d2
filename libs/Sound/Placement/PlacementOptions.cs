using Rewas.Clip.Faults;

namespace Rewas.Sound.Placement;

/// <summary>How recordings are placed.</summary>
public sealed record PlacementOptions
{
    /// <summary>The same seed, curve and recordings give the same pieces.</summary>
    public uint Seed { get; init; }

    /// <summary>Random gain of one-shots, up to this many dB either way. Default 1, range 0 to 6.</summary>
    public double GainVariation { get; init; } = 1;

    /// <summary>Random speed of one-shots, up to this many percent either way. Default 2, range 0 to 10.</summary>
    public int SpeedVariation { get; init; } = 2;

    /// <summary>Largest gain that moves a recording to the curve, nepers. Default 4 (35 dB), range 0 to 6.</summary>
    public float MostGain { get; init; } = 4;

    /// <summary>Largest attenuation that moves a recording to the curve, nepers. Default 6 (52 dB), range 0 to 12.</summary>
    public float MostAttenuation { get; init; } = 6;

    /// <summary>
    /// True places separate sounds, false a continuous one. Null (default): recordings and curve decide. Recordings without separate sounds
    /// are always continuous.
    /// </summary>
    public bool? Separate { get; init; }

    /// <summary>
    /// Places separate sounds under any curve with attacks if no recording is longer than 2.5 s and one has a separate sound, such as a
    /// step or a hit. Parts of them make no continuous sound. Default false.
    /// </summary>
    public bool KeepShortWhole { get; init; }

    /// <summary>Pieces that are not placed again where they were.</summary>
    public IReadOnlyList<PieceChoice> Banned { get; init; } = [];

    /// <summary>Pieces that stay where they are. They end at silence like all others.</summary>
    public IReadOnlyList<PieceChoice> Pinned { get; init; } = [];

    /// <summary>Throws one fault that names all values out of range.</summary>
    public void Validate() => InputFault.ThrowIfAny(
    [
        .. InputFault.OutOfRange(nameof(GainVariation), GainVariation, 0, 6),
        .. InputFault.OutOfRange(nameof(SpeedVariation), SpeedVariation, 0, 10),
        .. InputFault.OutOfRange(nameof(MostGain), MostGain, 0, 6),
        .. InputFault.OutOfRange(nameof(MostAttenuation), MostAttenuation, 0, 12),
    ]);
}
