using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the projection of text embeddings.</summary>
public sealed record TextProjectionConfiguration
{
    /// <summary>Length of the input text embedding.</summary>
    public int InputChannels { get; init; } = 384;

    /// <summary>Length of the embedding shared by text and sound.</summary>
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
/// Projects the embedding of a sentence encoder, which knows only text, into the space shared by text and sound, as the last layer of
/// CLAP's text encoder does.
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
