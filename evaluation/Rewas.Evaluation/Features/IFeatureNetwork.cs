namespace Rewas.Evaluation.Features;

/// <summary>A network's features of a clip.</summary>
/// <param name="Embedding">[D], for comparing sets of clips.</param>
/// <param name="Probabilities">[C], one per class; they sum to 1.</param>
public sealed record SoundFeatures(float[] Embedding, float[] Probabilities);

/// <summary>
/// A network whose features sounds are compared by. Figures of different networks are not comparable, so each figure names its network.
/// </summary>
public interface IFeatureNetwork : IDisposable
{
    /// <summary>Architecture and origin of its weights, for reports.</summary>
    string Name { get; }

    /// <summary>Computes the features of a clip.</summary>
    /// <param name="samples">[T] at 16 kHz, full scale 1, not empty.</param>
    /// <param name="cancellation">Ends the call between two operations of the network.</param>
    SoundFeatures Of(ReadOnlySpan<float> samples, CancellationToken cancellation = default);
}
