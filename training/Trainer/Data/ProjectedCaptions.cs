using Rewas.Networks;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Torch;

namespace Rewas.Trainer.Data;

/// <summary>Captions from the sentence encoder and its projection: unit length, in the space that text and sound share.</summary>
sealed class ProjectedCaptions : ICaptionEncoder
{
    readonly SentenceCaptions sentences;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> projection;

    public ProjectedCaptions(TrainingConfig config, TorchWeights weights)
    {
        sentences = new SentenceCaptions(weights);
        projection = config.Define(TrainingConfig.TextProjection).Build(new Scope(weights));
        weights.ThrowIfFaulty(TrainingConfig.TextProjection);
    }

    public Tensor Encode(IReadOnlyList<string> captions) => projection([sentences.Encode(captions)])[0];
}
