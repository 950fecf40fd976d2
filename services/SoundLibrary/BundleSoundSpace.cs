using Rewas.Bundles;
using Rewas.Library.Measuring;
using Rewas.Networks.Onnx;
using Rewas.Rendering;

namespace Rewas.SoundLibrary;

/// <summary>The space in which a bundle's encoders put texts and sounds.</summary>
public static class BundleSoundSpace
{
    /// <returns>Null where the bundle has no encoder of sound.</returns>
    public static SoundSpace? Load(Bundle bundle, OnnxOptions options) => TextSimilarity.Load(bundle, options) is { } similarity
        ? new(similarity.Name, similarity.Embed, (wave, cancellation) => similarity.EmbedSound(wave.Span, cancellation))
        : null;
}
