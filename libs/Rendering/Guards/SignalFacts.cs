namespace Rewas.Rendering.Guards;

/// <summary>Facts of a signal that need no network: they are counted or measured exactly.</summary>
/// <param name="Silent">Share of 20 ms frames below -60 dB of full scale.</param>
/// <param name="Clipped">Share of samples at full scale.</param>
/// <param name="Clicks">Number of single jumps of the wave.</param>
/// <param name="HumHertz">Mains hum, 50 or 60; null for none.</param>
public sealed record SignalFacts(double Silent, double Clipped, int Clicks, int? HumHertz)
{
    /// <summary>Share of samples at full scale from which clipping is audible.</summary>
    const double AudibleClipping = 0.001;

    /// <summary>The faults by name: silence, clipping, click, hum. Silence is one only if nothing else is there.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Silent >= 1 ? (string[])["silence"] : [],
        .. Clipped > AudibleClipping ? (string[])["clipping"] : [],
        .. Clicks > 0 ? (string[])["click"] : [],
        .. HumHertz is not null ? (string[])["hum"] : [],
    ];
}
