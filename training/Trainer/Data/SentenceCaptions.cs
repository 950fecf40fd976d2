using System.Collections.Concurrent;
using Rewas.Networks;
using Rewas.Networks.Torch;
using Rewas.Text;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>
/// Captions by the sentence encoder, which is not trained. Each caption is encoded once and kept: some thousands of them, 1.5 KiB each,
/// come again and again. The empty caption, which stands for a dropped text, is all zeros.
/// </summary>
/// <param name="weights">Of the network that takes the result.</param>
sealed class SentenceCaptions(TorchWeights weights) : ICaptionEncoder
{
    readonly ConcurrentDictionary<string, float[]> embeddings = new(StringComparer.Ordinal);

    public Tensor Encode(IReadOnlyList<string> captions)                       // -> [B, 384]
    {
        // A copy, for a tensor over an array of .NET lies at any address, and the last bits of a matrix product depend on it.
        using var given = torch.tensor(captions.SelectMany(Embedding).ToArray(), [captions.Count, SentenceEncoder.Channels]);
        return weights.Wrap(given.clone());
    }

    float[] Embedding(string caption) => embeddings.GetOrAdd(caption, static text => SentenceEncoder.Shared.Encode(text));
}
