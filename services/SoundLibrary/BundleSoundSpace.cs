using Rewas.Bundles;
using Rewas.Library.Measuring;
using Rewas.Networks.Onnx;
using Rewas.Rendering;

namespace Rewas.SoundLibrary;

/// <summary>The space of a bundle's text and audio encoders.</summary>
public static class BundleSoundSpace
{
    /// <returns>Null if the bundle has no audio encoder.</returns>
    public static SoundSpace? Load(Bundle bundle, OnnxOptions options) => TextSimilarity.Load(bundle, options) is { } similarity
        ? new(similarity.Name, similarity.Embed, (wave, cancellation) => similarity.EmbedSound(wave.Span, cancellation))
        : null;
}
