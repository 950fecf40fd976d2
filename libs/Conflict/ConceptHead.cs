using System.Numerics.Tensors;

namespace Rewas.Conflict;

/// <summary>What the concept head makes of a picture.</summary>
/// <param name="Familiar">False: nothing like it was shown to the head, and the probabilities mean nothing.</param>
/// <param name="Why">Why it is not.</param>
/// <param name="Probabilities">Of each kind of scene, most likely first.</param>
public sealed record SeenKinds(bool Familiar, string Why, IReadOnlyList<(string Kind, double Probability)> Probabilities);

/// <summary>
/// Kinds of scene from the pooled features of the video encoder: a linear discriminant, fitted over procedural scenes. It abstains on what is far from all that it was
/// fitted on, for a discriminant alone is sure of everything.
/// </summary>
public sealed class ConceptHead(ConflictStatistics statistics)
{
    readonly HeadStatistics head = statistics.Head;

    public SeenKinds See(SeenVideo video)
    {
        if (video.BundleSha256 != statistics.BundleSha256)
            return new(false, $"what is known of pictures was fitted for another bundle ({statistics.Bundle})", []);
        if (video.Features.Length != head.Centre.Length)
            return new(false, "the video encoder's features are not known", []);
        var x = Standardised(video.Features);
        var scores = head.Weights.Select((weights, k) => head.Sharpness * (TensorPrimitives.Dot<float>(weights, x) + head.Biases[k])).ToArray();
        var powers = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
        var kinds = powers.Select((power, k) => (head.Kinds[k], power / powers.Sum())).OrderByDescending(kind => kind.Item2).ToArray();
        var distance = Distance(x, head.Means);
        return distance <= head.LargestDistance
            ? new(true, "", kinds)
            : new(false, FormattableString.Invariant($"the picture is unlike all that it was fitted on (distance {distance:0.0}, known up to {head.LargestDistance:0.0})"), kinds);
    }

    float[] Standardised(float[] features)
    {
        var x = new float[features.Length];
        TensorPrimitives.Subtract(features, head.Centre, x);
        TensorPrimitives.Divide(x, head.Scale, x);
        return x;
    }

    /// <summary>Root mean square over the features, to the nearest mean: about 1 for what is known.</summary>
    public static double Distance(float[] x, float[][] means) => means.Min(mean => TensorPrimitives.Distance<float>(x, mean)) / Math.Sqrt(x.Length);
}
