using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>The encoder and the middle, which the denoiser and its adapter share.</summary>
sealed class UNetTrunk
{
    readonly Conv2d stem;
    readonly List<Func<Tensor, Tensor, Tensor>> down = [];
    readonly UNetBlock middle;
    readonly UNetResidualBlock afterMiddle;
    readonly List<int> channels = [];

    public UNetTrunk(Scope at, UNetConfiguration c)
    {
        var inputs = at / "input_blocks";
        var width = c.ModelChannels;
        stem = new(inputs / 0 / 0, c.LatentChannels, width, 3);
        channels.Add(width);
        for (var level = 0; level < c.ChannelMultipliers.Length; level++)
        {
            for (var i = 0; i < c.ResidualBlocks; i++)
            {
                down.Add(new UNetBlock(inputs / channels.Count, c, width, c.LevelChannels(level), c.Attends(level)).Forward);
                channels.Add(width = c.LevelChannels(level));
            }
            if (level < c.ChannelMultipliers.Length - 1)
            {
                var halve = new Conv2d(inputs / channels.Count / 0 / "op", width, width, 3, stride: 2, onPath: true);
                down.Add((x, _) => halve.Forward(x));                        // [B, C, H / 2, W / 2]
                channels.Add(width);
            }
        }
        middle = new(at / "middle_block", c, width, width, attends: true);
        afterMiddle = new(at / "middle_block" / 2, c, width, width);
    }

    /// <summary>Channels of each output of the encoder. The middle has as many as the last.</summary>
    public IReadOnlyList<int> Channels => channels;

    /// <param name="latent">[B, Z, F, M].</param>
    /// <param name="embedding">[B, 8 C].</param>
    /// <param name="hint">Added after the first convolution: [B, C, F, M].</param>
    /// <returns>All outputs of the encoder, then that of the middle; published: 12 + 1.</returns>
    public List<Tensor> Forward(Tensor latent, Tensor embedding, Tensor? hint = null)
    {
        var h = stem.Forward(latent);                                        // [B, C, F, M], published [B, 192, 128, 16]
        if (hint is not null)
            h += hint;
        List<Tensor> outputs = [h];
        foreach (var step in down)
            outputs.Add(h = step(h, embedding));                             // last: [B, 5 C, F / 8, M / 8], published [B, 960, 16, 2]
        outputs.Add(afterMiddle.Forward(middle.Forward(h, embedding), embedding));
        return outputs;
    }
}
