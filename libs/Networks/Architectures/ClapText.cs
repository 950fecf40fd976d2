using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the text encoder; the defaults are the published ones (RoBERTa base and a projection to 512).</summary>
public sealed record ClapTextConfiguration
{
    /// <summary>Upper limit of token ids, exclusive.</summary>
    public int Vocabulary { get; init; } = 50_265;

    /// <summary>Rows of the position table: the longest text, plus <see cref="PadId"/> + 1 unused rows.</summary>
    public int Positions { get; init; } = 514;

    /// <summary>The token that pads shorter texts of a batch. It does not affect the result.</summary>
    public int PadId { get; init; } = 1;

    public int Channels { get; init; } = 768;

    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides <see cref="Channels"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward layers, in units of <see cref="Channels"/>.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingChannels { get; init; } = 512;

    /// <summary>Dropout after each part while training.</summary>
    public float Dropout { get; init; } = 0.1f;

    internal int LongestText => Positions - PadId - 1;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.Vocabulary, 1, 1_000_000).InRange(c.PadId, 0, c.Vocabulary - 1.0).InRange(c.Positions, c.PadId + 2.0, 65_536)
            .InRange(c.Channels, 1, 4096).InRange(c.Depth, 1, 64).InRange(c.Heads, 1, 256).Multiple(c.Channels, c.Heads)
            .InRange(c.FeedForwardFactor, 1, 16).InRange(c.EmbeddingChannels, 1, 8192).InRange(c.Dropout, 0, 0.9).ThrowIfAny();
    }
}

/// <summary>
/// The text encoder: embeds token ids as a unit-length vector in the space that CLAP shares between text and sound. RoBERTa (Liu et al.,
/// 2019, arXiv 1907.11692) and the projection of CLAP (Wu et al., 2023, arXiv 2211.06687); published as `text_branch` and `text_projection`
/// of LAION-AI/CLAP.
/// </summary>
public sealed class ClapText
{
    const float Masked = -1e9f;                                              // a score so low that softmax gives exactly 0
    readonly ClapTextConfiguration c;
    readonly Tensor words, positions, type;
    readonly LayerNorm norm;
    readonly RobertaLayer[] layers;
    readonly Linear pooler, projection1, projection2;

    public ClapText(Scope at, ClapTextConfiguration configuration)
    {
        c = configuration;
        var (branch, embeddings) = (at / "text_branch", at / "text_branch" / "embeddings");
        words = (embeddings / "word_embeddings").Get("weight", Init.Normal, c.Vocabulary, c.Channels);
        positions = (embeddings / "position_embeddings").Get("weight", Init.Normal, c.Positions, c.Channels);
        type = (embeddings / "token_type_embeddings").Get("weight", Init.Normal, 1, c.Channels);
        norm = new(embeddings / "LayerNorm", c.Channels, 1e-5f);
        layers = [.. Enumerable.Range(0, c.Depth).Select(i => new RobertaLayer(branch / "encoder" / "layer" / i, c))];
        pooler = new(branch / "pooler" / "dense", c.Channels, c.Channels);
        projection1 = new(at / "text_projection" / 0, c.Channels, c.EmbeddingChannels);
        projection2 = new(at / "text_projection" / 2, c.EmbeddingChannels, c.EmbeddingChannels);
    }

    public static NetworkDefinition Define(ClapTextConfiguration c)
    {
        c.Check();
        return new("clap_text",
            [new("ids", ElementType.Int64, [-1, -1], $"Token ids, at most {c.LongestText} a text, padded with {c.PadId}.")],
            [new("embedding", ElementType.Float32, [-1, c.EmbeddingChannels], "Text embedding of unit length.")],
            scope =>
            {
                var network = new ClapText(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor ids)                                        // [B, L] int64
    {
        var padding = ids.EqualTo(c.PadId);                                  // [B, L]: 1 where there is no token
        var bias = padding.ToFloat().Reshape(ids.Shape[0], 1, 1, ids.Shape[1]) * Masked;        // [B, 1, 1, L]
        var x = words.Gather(ids) + positions.Gather(PositionIds(padding)) + type;              // [B, L, C]
        x = norm.Forward(x).Dropout(c.Dropout);
        foreach (var layer in layers)
            x = layer.Forward(x, bias);
        var pooled = pooler.Forward(x.Slice(1, 0, 1).Reshape(-1, c.Channels)).Tanh();   // [B, C]: the first token represents the text
        return projection2.Forward(projection1.Forward(pooled).Relu()).L2Normalize(-1);         // [B, 512]
    }

    /// <summary>Positions count up from <see cref="ClapTextConfiguration.PadId"/> + 1. Padding has that id itself.</summary>
    Tensor PositionIds(Tensor padding)                                       // [B, L] int64
    {
        var tokens = padding.EqualTo(0);
        return tokens.CumulativeSum(1) * tokens + tokens.Constant([(long)c.PadId], 1);
    }
}

/// <summary>Attention and a feed-forward layer, each followed by its normalisation.</summary>
sealed class RobertaLayer(Scope at, ClapTextConfiguration c)
{
    readonly Linear query = new(at / "attention" / "self" / "query", c.Channels, c.Channels);
    readonly Linear key = new(at / "attention" / "self" / "key", c.Channels, c.Channels);
    readonly Linear value = new(at / "attention" / "self" / "value", c.Channels, c.Channels);
    readonly Linear output = new(at / "attention" / "output" / "dense", c.Channels, c.Channels);
    readonly LayerNorm norm1 = new(at / "attention" / "output" / "LayerNorm", c.Channels, 1e-5f);
    readonly Linear widen = new(at / "intermediate" / "dense", c.Channels, c.FeedForwardFactor * c.Channels);
    readonly Linear narrow = new(at / "output" / "dense", c.FeedForwardFactor * c.Channels, c.Channels);
    readonly LayerNorm norm2 = new(at / "output" / "LayerNorm", c.Channels, 1e-5f);

    public Tensor Forward(Tensor x, Tensor bias)                             // [B, L, C] -> [B, L, C]
    {
        var attended = query.Forward(x).MultiHeadAttention(key.Forward(x), value.Forward(x), c.Heads, bias);
        x = norm1.Forward(x + output.Forward(attended).Dropout(c.Dropout));
        return norm2.Forward(x + narrow.Forward(widen.Forward(x).Gelu()).Dropout(c.Dropout));
    }
}
