using Rewas.Bundles;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;
using Rewas.Networks.Onnx;

namespace Rewas.Text;

/// <summary>A text encoder whose weights and vocabulary are in the bundle, such as CLAP's.</summary>
sealed class NetworkTextEncoder(Bundle bundle, OnnxOptions options) : TextEncoder
{
    readonly PromptTokenizer tokenizer = PromptTokenizer.Load(bundle);
    readonly OnnxNetwork network = OnnxNetwork.Deferred(bundle, Network, options);

    public override void Load() => network.Load();

    public override float[] Encode(string text, CancellationToken cancellation = default)
    {
        var ids = tokenizer.Encode(text);
        return network.Run([HostTensor.Of(ids, 1, ids.Length)], cancellation)[0].Floats.ToArray();
    }

    protected override void Dispose(bool disposing) => network.Dispose();
}
