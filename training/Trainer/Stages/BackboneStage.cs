using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>The backbone: the U-Net without control.</summary>
sealed class BackboneStage : DiffusionStage
{
    readonly TorchWeights weights;
    readonly DiffusionUNet unet;

    public BackboneStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
        : base(config, stage, data, run)
    {
        weights = TorchWeights.Fresh(config.Seed + 6);
        unet = new DiffusionUNet(new Scope(weights) / "model" / "diffusion_model", config.UNet());
    }

    public override IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { ["denoiser"] = weights };

    protected override bool IsControlled => false;

    protected override Tensor Predict(torch.Tensor latent, torch.Tensor time, Tensor text, Hint? hint) =>
        unet.Forward(weights.Wrap(latent), weights.Wrap(time), text, control: null);
}
