using Rewas.Networks;

namespace Rewas.Trainer.Data;

/// <summary>Encodes captions in the form that the denoiser takes.</summary>
interface ICaptionEncoder
{
    /// <returns>Embeddings [B, T].</returns>
    Tensor Encode(IReadOnlyList<string> captions);
}
