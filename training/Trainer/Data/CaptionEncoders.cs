using Rewas.Networks.Torch;

namespace Rewas.Trainer.Data;

/// <summary>How the bundle that is trained reads captions.</summary>
static class CaptionEncoders
{
    /// <summary>As the denoiser reads them.</summary>
    public static ICaptionEncoder OfDenoiser(TrainingConfig config, RunFolder run) =>
        config.ReadsSentences ? new SentenceCaptions(TorchWeights.Fresh(0)) : Learnt(config, run);

    /// <summary>As they are compared with sounds.</summary>
    public static ICaptionEncoder SharedWithSound(TrainingConfig config, RunFolder run) =>
        config.ReadsSentences ? new ProjectedCaptions(config, run.Load("embedding", TrainingConfig.TextProjection)) : Learnt(config, run);

    static LearntCaptions Learnt(TrainingConfig config, RunFolder run) =>
        new(config, run.Tokenizer(), run.Load("embedding", TrainingConfig.TextEncoder));
}
