using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Gives every channel of the latent mean 0 and deviation 1. It changes the 1x1 convolutions next to the latent, so encoder and decoder
/// together compute the same as before. Diffusion starts from noise without a mean. A channel's mean would have to be learnt from the faint
/// traces in the last steps.
/// </summary>
static class CentredLatents
{
    const string Quantise = "first_stage_model.quant_conv.",
        Unquantise = "first_stage_model.post_quant_conv.",
        PatchPath = "first_stage_model.patch_path.";

    /// <param name="encoder">Encoder of the mel autoencoder.</param>
    /// <param name="decoder">Decoder of the mel autoencoder.</param>
    /// <param name="latents">Posterior means of many sounds, [N, Z, F, M].</param>
    public static void Apply(TorchWeights encoder, TorchWeights decoder, torch.Tensor latents)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var channels = latents.shape[1];
        var flat = latents.transpose(0, 1).reshape(channels, -1);              // [Z, N F M]
        var (mean, deviation) = (flat.mean([1]), flat.std(1).clamp_min(1e-3));

        // z becomes (z - mean) / deviation. Its log variance decreases by twice the log of the deviation.
        var (weight, bias) = (encoder.Parameters[Quantise + "weight"], encoder.Parameters[Quantise + "bias"]);
        weight.narrow(0, 0, channels).div_(deviation.reshape(-1, 1, 1, 1));
        bias.narrow(0, 0, channels).sub_(mean).div_(deviation);
        bias.narrow(0, channels, channels).sub_(deviation.log() * 2);

        // W z + b, with z = deviation z' + mean.
        foreach (var path in (string[])[Unquantise, PatchPath])
        {
            if (!decoder.Parameters.TryGetValue(path + "weight", out var after))
                continue;
            decoder.Parameters[path + "bias"].add_(after.reshape(after.shape[0], channels).matmul(mean));
            after.mul_(deviation.reshape(1, -1, 1, 1));
        }
    }
}
