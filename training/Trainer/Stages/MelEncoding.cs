using Rewas.Clip;
using Rewas.Networks;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>The trained mel encoder, frozen, as the platform uses it: the mean of the posterior, scaled.</summary>
sealed class MelEncoding
{
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encoder;
    readonly double scale;

    public MelEncoding(TrainingConfig config, RunFolder run)
    {
        weights = run.Load("mel", "mel_encoder");
        encoder = config.Define("mel_encoder").Build(new Scope(weights));
        weights.ThrowIfFaulty("mel_encoder");
        scale = run.LatentScale();
    }

    /// <summary>Encodes log mels, or energies drawn as mels, to latents.</summary>
    /// <param name="images">Each [512, 64].</param>
    /// <returns>[B, Z, F, M].</returns>
    public torch.Tensor Encode(IReadOnlyList<float[]> images)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var mel =
            torch.tensor(images.SelectMany(image => image).ToArray(), [images.Count, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
        return (((TorchTensor)encoder([weights.Wrap(mel)])[0]).Value.chunk(2, 1)[0] * scale).MoveToOuterDisposeScope();
    }

    /// <summary>The latents that the diffusion stages of a run draw from. They are made at the first call.</summary>
    public StoredLatents Stored(TrainingConfig config, RunFolder run, TrainingData data) =>
        run.Latents(config.LatentClips, number => data.Sounds.Make(config.Seed + (ulong)number), Encode);
}
