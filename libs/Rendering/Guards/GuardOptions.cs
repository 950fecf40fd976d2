using System.ComponentModel.DataAnnotations;

namespace Rewas.Rendering.Guards;

/// <summary>
/// From which probability CNN14 of PANNs hears a kind of sound. Configuration section "Guard". The defaults were chosen, not measured,
/// because the weights were not available. The bundle's own network has its thresholds from its training.
/// </summary>
public sealed record GuardOptions
{
    public const string Section = "Guard";

    const double Usual = 0.3, Least = 0.01, Most = 0.99;

    /// <summary>Probability of speech. Default 0.3, range 0.01 to 0.99.</summary>
    [Range(Least, Most)]
    public double PannsSpeech { get; init; } = Usual;

    /// <summary>Probability of singing. Default 0.3, range 0.01 to 0.99.</summary>
    [Range(Least, Most)]
    public double PannsSinging { get; init; } = Usual;

    /// <summary>Probability of music. Default 0.3, range 0.01 to 0.99.</summary>
    [Range(Least, Most)]
    public double PannsMusic { get; init; } = Usual;
}
