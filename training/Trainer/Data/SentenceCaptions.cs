using System.Collections.Concurrent;
using Rewas.Networks;
using Rewas.Text;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>
/// Captions from the sentence encoder, which is not trained. Each caption is encoded once and kept: some thousands are used again and
/// again, 1.5 KiB each. The empty caption, which stands for a dropped text, is all zeros.
/// </summary>
/// <param name="weights">Weights of the network that takes the result.</param>
sealed class SentenceCaptions(TorchWeights weights) : ICaptionEncoder
{
    readonly ConcurrentDictionary<string, float[]> embeddings = new(StringComparer.Ordinal);

    public Tensor Encode(IReadOnlyList<string> captions)                       // -> [B, 384]
    {
        // Copied, because a tensor over a .NET array may start at any address, and the last bits of a matrix product depend on the address.
        using var given = torch.tensor(captions.SelectMany(Embedding).ToArray(), [captions.Count, SentenceEncoder.Channels]);
        return weights.Wrap(given.clone());
    }

    float[] Embedding(string caption) => embeddings.GetOrAdd(caption, static text => SentenceEncoder.Shared.Encode(text));
}
