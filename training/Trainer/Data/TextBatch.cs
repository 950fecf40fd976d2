using Rewas.Bundles.Tokenizers;
using Rewas.Networks;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>Captions in the form that the text encoder reads.</summary>
static class TextBatch
{
    /// <returns>Token ids [B, L]. Shorter texts are padded.</returns>
    public static Tensor Of(IReadOnlyList<string> captions, PromptTokenizer tokenizer, TorchWeights weights)
    {
        var ids = captions.Select(tokenizer.Encode).ToArray();
        var length = ids.Max(i => i.Length);
        var padded = ids.SelectMany(i => i.Concat(Enumerable.Repeat((long)PromptTokenizer.Padding, length - i.Length))).ToArray();
        return weights.Wrap(torch.tensor(padded, [ids.Length, length]));
    }
}
