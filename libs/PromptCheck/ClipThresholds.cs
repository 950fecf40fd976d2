using Rewas.Clip.Faults;

namespace Rewas.PromptCheck;

/// <summary>
/// When CLIP abstains. The defaults are chosen, not calibrated, because no trained CLIP was available. Published ViT-B/32 gives matching
/// pictures and texts cosines of about 0.25 to 0.35.
/// </summary>
/// <param name="LeastProbability">Least probability of the most likely label, 0 to 1.</param>
/// <param name="LeastMargin">Least difference between the two most likely labels, 0 to 1.</param>
/// <param name="LeastSimilarity">Least cosine between the picture and the most likely label, -1 to 1. Without it, a picture that shows none
/// of the labels would still get the most likely one.</param>
public sealed record ClipThresholds(double LeastProbability = 0.5, double LeastMargin = 0.2, double LeastSimilarity = 0.2)
{
    /// <summary>Lists all thresholds that are out of range.</summary>
    public IEnumerable<InputFault> Faults() =>
    [
        .. InputFault.OutOfRange(nameof(LeastProbability), LeastProbability, 0, 1),
        .. InputFault.OutOfRange(nameof(LeastMargin), LeastMargin, 0, 1),
        .. InputFault.OutOfRange(nameof(LeastSimilarity), LeastSimilarity, -1, 1),
    ];
}
