using Rewas.Checkpoints;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Text;

/// <summary>Reads texts as the denoiser of a bundle takes them. All members may be used by several threads at once.</summary>
public abstract class TextEncoder : IDisposable
{
    /// <summary>Name in bundles.</summary>
    public const string Network = "text_encoder";

    /// <summary>
    /// The text encoder of a bundle: a network of its own with its vocabulary, or the sentence encoder that comes with the program.
    /// </summary>
    /// <exception cref="Faults.InputFault">The bundle has none, or it is faulty.</exception>
    public static TextEncoder Load(Bundle bundle, OnnxOptions options) =>
        bundle.Network(Network).Architecture == TextEncoderNames.Sentences
            ? new SentenceTextEncoder()
            : new NetworkTextEncoder(bundle, options);

    /// <summary>Loads what is not loaded yet; otherwise the first text does.</summary>
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
