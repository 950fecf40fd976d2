namespace Rewas.Evaluation.Figures;

/// <summary>Direction in which a figure improves.</summary>
public enum Better
{
    Neither,
    Lower,
    Higher,
}

/// <summary>A figure of single clips. A set's figure is their mean.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="Unit">Unit or range.</param>
public sealed record ClipFigure(string Name, string Unit, Better Better)
{
    public static readonly ClipFigure EnergyError = new("energy MAE", "natural-log mel", Better.Lower);
    public static readonly ClipFigure EnergyCorrelation = new("energy correlation", "-1 to 1", Better.Higher);
    public static readonly ClipFigure OnsetAccuracy = new("onset accuracy", "0 to 1", Better.Higher);
    public static readonly ClipFigure OnsetPrecision = new("onset average precision", "0 to 1", Better.Higher);
    public static readonly ClipFigure OnsetF1 = new("onset F1", "0 to 1", Better.Higher);
    public static readonly ClipFigure TextureDistance = new("texture distance", "0 to 1", Better.Lower);
    public static readonly ClipFigure AvAlign = new("AV-align", "0 to 1", Better.Higher);
    public static readonly ClipFigure DeSync = new("DeSync", "s", Better.Lower);
    public static readonly ClipFigure IntegratedLoudness = new("loudness", "LUFS", Better.Neither);
    public static readonly ClipFigure Peak = new("peak", "dBFS", Better.Neither);
    public static readonly ClipFigure ClippedShare = new("clipped samples", "0 to 1", Better.Lower);
    public static readonly ClipFigure ReplacedPrompts = new("replaced prompts", "0 to 1", Better.Neither);

    /// <summary>All figures, in report order.</summary>
    public static readonly IReadOnlyList<ClipFigure> All =
        [
            EnergyError, EnergyCorrelation, OnsetAccuracy, OnsetPrecision, OnsetF1, TextureDistance, AvAlign, DeSync,
            IntegratedLoudness, Peak, ClippedShare, ReplacedPrompts,
        ];
}
