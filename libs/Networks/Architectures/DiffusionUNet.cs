using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The denoiser: predicts the noise in a noisy latent from the time step and the text embedding. An adapter, if present, steers it by
/// adding to the skip connections. AudioLDM (Liu et al., 2023, arXiv 2301.12503), section 3; published as UNetModel of haoheliu/AudioLDM,
/// ControlledUnetModel of naver-ai/rewas.
/// </summary>
public sealed class DiffusionUNet
{
    readonly UNetTrunk trunk;
    readonly List<Func<Tensor, Tensor, Tensor>> up = [];
    readonly GroupNorm norm;
    readonly Conv2d head;

    public DiffusionUNet(Scope at, UNetConfiguration c)
    {
        Condition = new(at, c);
        trunk = new(at, c);
        var skips = new Stack<int>(trunk.Channels);
        var width = skips.Peek();
        for (var level = c.ChannelMultipliers.Length - 1; level >= 0; level--)
        {
            for (var i = 0; i <= c.ResidualBlocks; i++)
            {
                var here = at / "output_blocks" / up.Count;
                var block = new UNetBlock(here, c, width + skips.Pop(), c.LevelChannels(level), c.Attends(level));
                width = c.LevelChannels(level);
                if (level > 0 && i == c.ResidualBlocks)
                {
                    var smooth = new Conv2d(here / (c.Attends(level) ? 2 : 1) / "conv", width, width, 3, onPath: true);
                    up.Add((x, embedding) => smooth.Forward(block.Forward(x, embedding).UpsampleNearest(2)));   // [B, C, 2 H, 2 W]
                }
                else
                    up.Add(block.Forward);
            }
        }
        norm = new(at / "out" / 0, c.Groups, width, 1e-5f);
        head = new(at / "out" / 2, width, c.LatentChannels, 3, zero: true);
    }

    public UNetCondition Condition { get; }

    /// <param name="latent">Noisy latent [B, Z, F, M], published [B, 8, 128, 16].</param>
    /// <param name="time">Training step [B], 0 to 999.</param>
    /// <param name="text">Text embedding [B, T], published [B, 512].</param>
    /// <param name="control">The adapter's outputs, or null without an adapter.</param>
    /// <returns>The predicted noise, shaped like the latent.</returns>
    public Tensor Forward(Tensor latent, Tensor time, Tensor text, IReadOnlyList<Tensor>? control = null) =>
        Forward(latent, Condition.Forward(time, text), control);

    /// <summary>Runs with a condition computed earlier by <see cref="UNetCondition.Join"/>.</summary>
    public Tensor Forward(Tensor latent, Tensor embedding, IReadOnlyList<Tensor>? control = null)
    {
        var skips = trunk.Forward(latent, embedding);                        // shapes as UNetTrunk says; the middle's is the last
        var next = skips.Count - 1;
        var h = Controlled(next);                                            // [B, 5 C, F / 8, M / 8], published [B, 960, 16, 2]
        foreach (var step in up)
            h = step(h.Concat(1, Controlled(--next)), embedding);            // last: [B, C, F, M], published [B, 192, 128, 16]
        return head.Forward(norm.Forward(h).Silu());                         // [B, Z, F, M]

        Tensor Controlled(int i) => control is null ? skips[i] : skips[i] + control[i];
    }
}
