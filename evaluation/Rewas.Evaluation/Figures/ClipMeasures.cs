using Rewas.Evaluation.Features;

namespace Rewas.Evaluation.Figures;

/// <summary>Measurements of one generated clip.</summary>
/// <param name="Values">By names of <see cref="ClipFigure"/>. Undefined figures are omitted.</param>
/// <param name="Real">Features of the true sound, by name of the network; empty without a true sound.</param>
/// <param name="Generated">Features of the generated sound, by name of the network.</param>
/// <param name="Fit">
/// Cosine of the generated sound and the clip's description, by name of the encoders; empty without encoders.
/// </param>
public sealed record ClipMeasures(
    string Clip,
    IReadOnlyDictionary<string, double> Values,
    IReadOnlyDictionary<string, SoundFeatures> Real,
    IReadOnlyDictionary<string, SoundFeatures> Generated,
    IReadOnlyDictionary<string, double> Fit);
