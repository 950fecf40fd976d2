using Rewas.Clip;
using Rewas.Networks;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>The trained mel decoder as the platform uses it: it decodes a mel and adds the grain of noise if the decoder has one.</summary>
sealed class MelDecoding
{
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> decoder;

    public MelDecoding(TrainingConfig config, RunFolder run)
    {
        weights = run.Load(DecoderStage.Stage, DecoderStage.Network);
        decoder = config.Define(DecoderStage.Network).Build(new Scope(weights));
        weights.ThrowIfFaulty(DecoderStage.Network);
    }

    /// <param name="latents">[B, Z, F, M], divided by the latent scale.</param>
    /// <param name="random">Source of the grain.</param>
    /// <returns>Log mels, each [512, 64].</returns>
    public float[][] Decode(torch.Tensor latents, Random random)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var outputs = decoder([weights.Wrap(latents)]).Select(output => ((TorchTensor)output).Value).ToArray();
        var mels = outputs.Length == 1
            ? outputs[0]
            : outputs[0] + outputs[1] * WhiteNoiseGrain.Of((int)latents.shape[0], ClipTiming.MelFramesPerWindow, random);
        return [.. Enumerable.Range(0, (int)latents.shape[0]).Select(i => TorchWeights.ToHost(mels[i]).Floats.ToArray())];
    }
}
