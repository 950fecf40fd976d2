using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of CLIP's image encoder. The defaults are those of the published ViT-B/32.</summary>
public sealed record ClipImageConfiguration
{
    /// <summary>Side of the square picture, pixels.</summary>
    public int PictureSize { get; init; } = 224;

    /// <summary>Side of the patches that become tokens, pixels.</summary>
    public int PatchSize { get; init; } = 32;

    public int Channels { get; init; } = 768;

    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides <see cref="Channels"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward layers, in units of <see cref="Channels"/>.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingChannels { get; init; } = 512;

    internal int Patches => PictureSize / PatchSize * (PictureSize / PatchSize);

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.PictureSize, 1, 1024).InRange(c.PatchSize, 1, 256).Multiple(c.PictureSize, c.PatchSize)
            .InRange(c.Channels, 1, 4096).InRange(c.Depth, 1, 64).InRange(c.Heads, 1, 256).Multiple(c.Channels, c.Heads)
            .InRange(c.FeedForwardFactor, 1, 16).InRange(c.EmbeddingChannels, 1, 8192).ThrowIfAny();
    }
}

/// <summary>
/// The image encoder of CLIP: embeds pictures as unit-length vectors in the space shared with texts. A vision transformer (Dosovitskiy et
/// al., 2021, arXiv 2010.11929) as in CLIP (Radford et al., 2021, arXiv 2103.00020), section 2.4; published as `visual` of openai/CLIP,
/// ViT-B/32. <see cref="ClipText"/> is the rest of the same file.
/// </summary>
public sealed class ClipImage
{
    readonly ClipImageConfiguration c;
    readonly Tensor patchWeight, classToken, positions, projection;
    readonly LayerNorm normBefore, normAfter;
    readonly ClipTransformer transformer;

    public ClipImage(Scope at, ClipImageConfiguration configuration)
    {
        c = configuration;
        patchWeight = (at / "conv1")["weight", c.Channels, 3, c.PatchSize, c.PatchSize];
        classToken = at.Get("class_embedding", Init.Normal, c.Channels);
        positions = at.Get("positional_embedding", Init.Normal, c.Patches + 1, c.Channels);
        normBefore = new(at / "ln_pre", c.Channels, 1e-5f);
        transformer = new(at / "transformer", c.Depth, c.Channels, c.Heads, c.FeedForwardFactor);
        normAfter = new(at / "ln_post", c.Channels, 1e-5f);
        projection = at["proj", c.Channels, c.EmbeddingChannels];
    }

    public static NetworkDefinition Define(ClipImageConfiguration c)
    {
        c.Check();
        return new("clip_image",
            [new("image", ElementType.Float32, [-1, 3, c.PictureSize, c.PictureSize],
                $"RGB pictures, the shorter side resized to {c.PictureSize} (bicubic), cropped to the centre, "
                + "then (value / 255 - mean) / deviation"
                + " with means 0.48145466, 0.4578275, 0.40821073 and deviations 0.26862954, 0.26130258, 0.27577711.")],
            [new("embedding", ElementType.Float32, [-1, c.EmbeddingChannels], "Picture embedding of unit length.")],
            scope =>
            {
                var network = new ClipImage(scope / "visual", c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor image)                                      // [B, 3, S, S], published [B, 3, 224, 224]
    {
        var patches = image.Conv2d(patchWeight, null, stride: c.PatchSize).ToTokens();             // [B, n, C], published [B, 49, 768]
        var x = classToken.Reshape(1, 1, c.Channels).RepeatAs(patches).Concat(1, patches) + positions;   // [B, 1 + n, C]
        x = transformer.Forward(normBefore.Forward(x));
        var pooled = normAfter.Forward(x.Slice(1, 0, 1).Reshape(-1, c.Channels));   // [B, C]: the class token represents the picture
        return pooled.MatMul(projection).L2Normalize(-1);                    // [B, 512]
    }
}
