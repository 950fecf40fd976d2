using System.Numerics.Tensors;

namespace Rewas.PromptCheck;

/// <summary>The concept head's classification of a picture.</summary>
/// <param name="Familiar">False: the picture is unlike the training data, and the probabilities mean nothing.</param>
/// <param name="Why">Why it is unfamiliar.</param>
/// <param name="Probabilities">Probability of each kind of scene, most likely first.</param>
public sealed record SeenKinds(bool Familiar, string Why, IReadOnlyList<(string Kind, double Probability)> Probabilities);

/// <summary>
/// Classifies the kind of scene from the video encoder's pooled features by a linear discriminant fitted to procedural scenes. A
/// discriminant is confident everywhere, so the head abstains on pictures far from its training data.
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
        var scores = head.Weights
            .Select((weights, k) => head.Sharpness * (TensorPrimitives.Dot<float>(weights, x) + head.Biases[k])).ToArray();
        var powers = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
        var kinds = powers.Select((power, k) => (head.Kinds[k], power / powers.Sum())).OrderByDescending(kind => kind.Item2).ToArray();
        var distance = Distance(x, head.Means);
        return distance <= head.LargestDistance
            ? new(true, "", kinds)
            : new(false, FormattableString.Invariant(
                $"the picture is unlike the training pictures (distance {distance:0.0}, known up to {head.LargestDistance:0.0})"), kinds);
    }

    float[] Standardised(float[] features)
    {
        var x = new float[features.Length];
        TensorPrimitives.Subtract(features, head.Centre, x);
        TensorPrimitives.Divide(x, head.Scale, x);
        return x;
    }

    /// <summary>Root mean square distance to the nearest mean, over the features. Familiar pictures are at about 1.</summary>
    public static double Distance(float[] x, float[][] means) =>
        means.Min(mean => TensorPrimitives.Distance<float>(x, mean)) / Math.Sqrt(x.Length);
}
