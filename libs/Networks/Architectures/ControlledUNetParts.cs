using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>
/// <see cref="ControlledUNet"/>, split where inputs stay constant. The parts that depend only on the text or only on the control latent are
/// computed once, and every step reuses their results. All three parts use the same weights and together equal the whole network.
/// </summary>
public static class ControlledUNetParts
{
    /// <summary>The text's half of the condition: the denoiser's, then the adapter's.</summary>
    public static NetworkDefinition Text(UNetConfiguration c) => Define(
        c,
        [new("y", ElementType.Float32, [-1, c.FilmChannels], "Text embedding, L2-normalised.")],
        Film(c),
        (network, x) => network.Denoiser.Condition.Film(x[0]).Concat(1, network.Adapter.Condition.Film(x[0])));   // [B, T] -> [B, 8 C]

    /// <summary>The input layers of the adapter for the control latent.</summary>
    public static NetworkDefinition Hint(UNetConfiguration c) => Define(
        c,
        [
            new("hint", ElementType.Float32, Latent(c),
            "Control latent: the encoded energy curve, times the latent scale; zeros for none."),
            .. c.Descriptors ? [ControlledUNet.DescriptorPort(c)] : Array.Empty<Port>(),
        ],
        Features(c),
        (network, x) => network.Adapter.Hint(x[0], x.ElementAtOrDefault(1)));                   // [B, Z, F, M] -> [B, C, F, M]

    /// <summary>The part that runs in every step.</summary>
    public static NetworkDefinition Step(UNetConfiguration c) => Define(
        c,
        [
            new("x", ElementType.Float32, Latent(c), "Noisy latent."),
            new("t", ElementType.Float32, [-1], "Training step, 0 to 999."),
            Film(c),
            Features(c),
        ],
        new("eps", ElementType.Float32, Latent(c), "Predicted noise."),
        (network, x) =>
        {
            var films = x[2].Split(2, axis: 1);                              // 2 times [B, 4 C]
            var control = network.Adapter.Forward(x[0], Embedding(network.Adapter.Condition, films[1]), x[3]);
            return network.Denoiser.Forward(x[0], Embedding(network.Denoiser.Condition, films[0]), control);   // [B, Z, F, M]

            Tensor Embedding(UNetCondition condition, Tensor film) => UNetCondition.Join(condition.Time(x[1]), film);   // [B, 8 C]
        });

    static NetworkDefinition Define(UNetConfiguration c, Port[] inputs, Port output,
        Func<ControlledUNet, IReadOnlyList<Tensor>, Tensor> forward)
    {
        c.Check();
        return new("controlled_unet", inputs, [output], scope =>
        {
            var network = new ControlledUNet(scope, c);
            return x => [forward(network, x)];
        });
    }

    static Port Film(UNetConfiguration c) =>
        new("film", ElementType.Float32, [-1, 2 * c.EmbeddingChannels], "The text's half of the condition.");

    static Port Features(UNetConfiguration c) =>
        new("features", ElementType.Float32, [-1, c.ModelChannels, c.LatentFrames, c.LatentBins],
        "The control latent on its way into the adapter.");

    static long[] Latent(UNetConfiguration c) => [-1, c.LatentChannels, c.LatentFrames, c.LatentBins];
}
