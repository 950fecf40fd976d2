using Rewas.Networks;

namespace Rewas.Trainer.Data;

/// <summary>Captions as the denoiser takes them.</summary>
interface ICaptionEncoder
{
    /// <returns>Embeddings [B, T].</returns>
    Tensor Encode(IReadOnlyList<string> captions);
}
