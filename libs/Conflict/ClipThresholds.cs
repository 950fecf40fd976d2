using Rewas.Faults;

namespace Rewas.Conflict;

/// <summary>
/// When CLIP says that it does not know. The defaults are chosen, not calibrated: there was no trained CLIP to calibrate with. Published ViT-B/32 puts pictures and texts that
/// belong together at cosines of about 0.25 to 0.35.
/// </summary>
/// <param name="LeastProbability">Of the most likely label, 0 to 1.</param>
/// <param name="LeastMargin">Between the two most likely labels, 0 to 1.</param>
/// <param name="LeastSimilarity">Cosine of the picture and the most likely label, -1 to 1: a picture of nothing in the list still has a most likely label.</param>
public sealed record ClipThresholds(double LeastProbability = 0.5, double LeastMargin = 0.2, double LeastSimilarity = 0.2)
{
    /// <summary>Everything that is out of range.</summary>
    public IEnumerable<InputFault> Faults() =>
    [
        .. InputFault.OutOfRange(nameof(LeastProbability), LeastProbability, 0, 1),
        .. InputFault.OutOfRange(nameof(LeastMargin), LeastMargin, 0, 1),
        .. InputFault.OutOfRange(nameof(LeastSimilarity), LeastSimilarity, -1, 1),
    ];
}
