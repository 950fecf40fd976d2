using Rewas.Bundles;
using Rewas.Clip.Names;
using Rewas.Networks.Onnx;

namespace Rewas.Text;

/// <summary>Encodes texts for the denoiser of a bundle. Thread-safe.</summary>
public abstract class TextEncoder : IDisposable
{
    /// <summary>Name in bundles.</summary>
    public const string Network = "text_encoder";

    /// <summary>
    /// Loads the text encoder of a bundle: a network with its vocabulary, or the sentence encoder that ships with the program.
    /// </summary>
    /// <exception cref="Rewas.Clip.Faults.InputFault">The bundle has none, or it is invalid.</exception>
    public static TextEncoder Load(Bundle bundle, OnnxOptions options) =>
        bundle.Network(Network).Architecture == TextEncoderNames.Sentences
            ? new SentenceTextEncoder()
            : new NetworkTextEncoder(bundle, options);

    /// <summary>Loads the encoder now instead of at the first text.</summary>
    public abstract void Load();

    /// <summary>A text's embedding.</summary>
    public abstract float[] Encode(string text, CancellationToken cancellation = default);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
