namespace Rewas.Evaluation;

/// <summary>What was measured of one generated clip.</summary>
/// <param name="Clip">Its name.</param>
/// <param name="Values">By the names of <see cref="ClipFigure"/>; what is not defined for the clip is left out.</param>
/// <param name="Real">What each network makes of the true sound, by the network's name; empty where there is none.</param>
/// <param name="Generated">What each network makes of the generated sound.</param>
/// <param name="Fit">Cosine of the generated sound and the clip's description, by the name of the encoders that tell; empty where none do.</param>
public sealed record ClipMeasures(
    string Clip,
    IReadOnlyDictionary<string, double> Values,
    IReadOnlyDictionary<string, SoundFeatures> Real,
    IReadOnlyDictionary<string, SoundFeatures> Generated,
    IReadOnlyDictionary<string, double> Fit);
