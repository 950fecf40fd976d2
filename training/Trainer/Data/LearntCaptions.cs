using Rewas.Bundles.Tokenizers;
using Rewas.Networks;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Torch;

namespace Rewas.Trainer.Data;

/// <summary>Captions from a text encoder in training: unit length, in the space that text and sound share.</summary>
sealed class LearntCaptions : ICaptionEncoder
{
    readonly PromptTokenizer tokenizer;
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encoder;

    public LearntCaptions(TrainingConfig config, PromptTokenizer tokenizer, TorchWeights weights)
    {
        (this.tokenizer, this.weights) = (tokenizer, weights);
        encoder = config.Define(TrainingConfig.TextEncoder).Build(new Scope(weights));
        weights.ThrowIfFaulty(TrainingConfig.TextEncoder);
    }

    public Tensor Encode(IReadOnlyList<string> captions) => encoder([TextBatch.Of(captions, tokenizer, weights)])[0];
}
