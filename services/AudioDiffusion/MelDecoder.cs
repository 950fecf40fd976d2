using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Sound.Mel;

namespace Rewas.AudioDiffusion;

/// <summary>Decodes a sampled latent to its log mel, and adds the grain of noise if the bundle's decoder predicts it.</summary>
public sealed class MelDecoder : IDisposable
{
    const string Network = "mel_decoder";

    readonly OnnxNetwork decoder;
    readonly long[] latentShape;
    readonly float latentScale;

    /// <param name="latentShape">[Z, H, W].</param>
    public MelDecoder(Bundle bundle, IOptions<OnnxOptions> onnx, long[] latentShape)
    {
        (decoder, this.latentShape, latentScale) =
            (OnnxNetwork.Deferred(bundle, Network, onnx.Value), latentShape, (float)bundle.Manifest.LatentScale);
    }

    /// <param name="latent">[Z, H, W], with the denoiser's scale.</param>
    /// <param name="noise">Grain of the sound.</param>
    /// <param name="firstFrame">Start of the window in the sound, in mel frames.</param>
    /// <returns>Natural-log mel, [512, 64].</returns>
    public float[] Decode(ReadOnlySpan<float> latent, GrainNoise noise, long firstFrame, StageClock clock, CancellationToken cancellation)
    {
        var unscaled = new float[latent.Length];
        TensorPrimitives.Divide(latent, latentScale, unscaled);
        HostTensor[] call = [HostTensor.Of(unscaled, [1, .. latentShape])], outputs = [];
        clock.Network(Network, call, () => (outputs = decoder.Run(call, cancellation))[0]);
        var mel = outputs[0].Floats.ToArray();
        if (outputs.Length > 1)
            TensorPrimitives.MultiplyAdd(outputs[1].Floats.Span, noise.Of(firstFrame, ClipTiming.MelFramesPerWindow), mel, mel);
        TensorPrimitives.Max(mel, SilenceFloor.LogMel, mel);
        return mel;
    }

    /// <summary>Loads the network unless it is loaded already.</summary>
    public void Load() => decoder.Load();

    public void Dispose() => decoder.Dispose();
}
