using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the projection of text embeddings.</summary>
public sealed record TextProjectionConfiguration
{
    /// <summary>Length of the text embedding that goes in.</summary>
    public int InputChannels { get; init; } = 384;

    /// <summary>Length of the embedding that text and sound share.</summary>
    public int EmbeddingChannels { get; init; } = 128;

    /// <summary>Dropout of the text embedding while training.</summary>
    public float Dropout { get; init; } = 0.1f;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.InputChannels, 1, 8192).InRange(c.EmbeddingChannels, 1, 8192).InRange(c.Dropout, 0, 0.9).ThrowIfAny();
    }
}

/// <summary>
/// Takes the embedding of a sentence encoder, which knows text alone, to the space that text and sound share, as the text side of CLAP
/// ends.
/// </summary>
public sealed class TextProjection(Scope at, TextProjectionConfiguration c)
{
    readonly Linear projection = new(at, c.InputChannels, c.EmbeddingChannels);

    public static NetworkDefinition Define(TextProjectionConfiguration c)
    {
        c.Check();
        return new("text_projection",
            [new("text", ElementType.Float32, [-1, c.InputChannels], "Text embedding of the sentence encoder.")],
            [new("embedding", ElementType.Float32, [-1, c.EmbeddingChannels], "Of unit length, in the space shared with sound.")],
            scope =>
            {
                var network = new TextProjection(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor text) => projection.Forward(text.Dropout(c.Dropout)).L2Normalize(-1);       // [B, I] -> [B, E]
}
