using Rewas.Sound;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Losses;

/// <summary>
/// Teaches a decoder the share of grain. The loss is a negative log likelihood: the true mel's change from frame to frame, minus the
/// decoded mel's change, is normal. Its deviation is the share of grain times the deviation of white noise. So the decoded mel plus its
/// grain is as restless as the recording.
/// </summary>
sealed class GrainLoss
{
    readonly torch.Tensor change = torch.tensor(NoiseGrain.Change.ToArray()).log().DetachFromDisposeScope();   // [64]

    /// <param name="decoded">[B, 1, F, 64], without gradient.</param>
    /// <param name="grain">[B, 1, F, 64], the share.</param>
    /// <param name="mel">[B, 1, F, 64].</param>
    public torch.Tensor Of(torch.Tensor decoded, torch.Tensor grain, torch.Tensor mel)
    {
        var residual = Change(mel) - Change(decoded);                          // [B, 1, F - 1, M]
        var frames = mel.shape[2] - 1;
        var log = ((grain.narrow(2, 0, frames) + grain.narrow(2, 1, frames)) * 0.5).log() + change;
        return (log + residual.square() * (log * -2).exp() * 0.5).mean();
    }

    /// <summary>From each frame to the next: [B, 1, F, M] to [B, 1, F - 1, M].</summary>
    public static torch.Tensor Change(torch.Tensor mel) => mel.narrow(2, 1, mel.shape[2] - 1) - mel.narrow(2, 0, mel.shape[2] - 1);
}
