namespace Rewas.Evaluation;

/// <summary>What a network makes of a clip.</summary>
/// <param name="Embedding">[D], by which sets of clips are compared.</param>
/// <param name="Probabilities">[C], of each class; they sum to 1.</param>
public sealed record SoundFeatures(float[] Embedding, float[] Probabilities);

/// <summary>A network by whose eyes sounds are compared. Figures of different networks are not comparable, so each figure names its own.</summary>
public interface IFeatureNetwork : IDisposable
{
    /// <summary>Architecture and where its weights come from, as reports print it.</summary>
    string Name { get; }

    /// <summary>Hears a clip.</summary>
    /// <param name="samples">[T] at 16 kHz, full scale 1, not empty.</param>
    /// <param name="cancellation">Ends the call between two operations of the network.</param>
    SoundFeatures Of(ReadOnlySpan<float> samples, CancellationToken cancellation = default);
}
