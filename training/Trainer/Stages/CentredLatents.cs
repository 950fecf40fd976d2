using Rewas.Networks.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Gives every channel of the latent mean 0 and deviation 1 by changing the 1x1 convolutions next to it, so that encoder and decoder together do exactly what
/// they did. Diffusion starts from noise without a mean: what a channel has of one it would have to be taught from the last steps' faint traces.
/// </summary>
static class CentredLatents
{
    const string Quantise = "first_stage_model.quant_conv.", Unquantise = "first_stage_model.post_quant_conv.", PatchPath = "first_stage_model.patch_path.";

    /// <param name="encoder">Of the mel autoencoder.</param>
    /// <param name="decoder">Of the mel autoencoder.</param>
    /// <param name="latents">Means of the posterior of many sounds, [N, Z, F, M].</param>
    public static void Apply(TorchWeights encoder, TorchWeights decoder, torch.Tensor latents)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var channels = latents.shape[1];
        var flat = latents.transpose(0, 1).reshape(channels, -1);              // [Z, N F M]
        var (mean, deviation) = (flat.mean([1]), flat.std(1).clamp_min(1e-3));

        // z becomes (z - mean) / deviation, and its log variance less by twice the log of the deviation.
        var (weight, bias) = (encoder.Parameters[Quantise + "weight"], encoder.Parameters[Quantise + "bias"]);
        weight.narrow(0, 0, channels).div_(deviation.reshape(-1, 1, 1, 1));
        bias.narrow(0, 0, channels).sub_(mean).div_(deviation);
        bias.narrow(0, channels, channels).sub_(deviation.log() * 2);

        // W z + b of z = deviation z' + mean.
        foreach (var path in (string[])[Unquantise, PatchPath])
        {
            if (!decoder.Parameters.TryGetValue(path + "weight", out var after))
                continue;
            decoder.Parameters[path + "bias"].add_(after.reshape(after.shape[0], channels).matmul(mean));
            after.mul_(deviation.reshape(1, -1, 1, 1));
        }
    }
}
