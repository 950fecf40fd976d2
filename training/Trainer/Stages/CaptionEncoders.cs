using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Torch;

namespace Rewas.Trainer.Stages;

/// <summary>The caption encoders of the bundle in training.</summary>
static class CaptionEncoders
{
    /// <summary>Captions as the denoiser reads them.</summary>
    public static ICaptionEncoder OfDenoiser(TrainingConfig config, RunFolder run) =>
        config.ReadsSentences ? new SentenceCaptions(TorchWeights.Fresh(0)) : Learnt(config, run);

    /// <summary>Captions in the space in which they are compared with sounds.</summary>
    public static ICaptionEncoder SharedWithSound(TrainingConfig config, RunFolder run) =>
        config.ReadsSentences ? new ProjectedCaptions(config, run.Load("embedding", TrainingConfig.TextProjection)) : Learnt(config, run);

    static LearntCaptions Learnt(TrainingConfig config, RunFolder run) =>
        new(config, run.Tokenizer(), run.Load("embedding", TrainingConfig.TextEncoder));
}
