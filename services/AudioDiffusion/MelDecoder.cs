using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Audio;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>A sampled latent to its log mel: the mel decoder, and the grain of noise where the bundle's decoder tells of one.</summary>
public sealed class MelDecoder : IDisposable
{
    const string Network = "mel_decoder";

    readonly OnnxNetwork decoder;
    readonly long[] latentShape;
    readonly float latentScale;

    /// <param name="bundle">Has the decoder.</param>
    /// <param name="onnx">How it is run.</param>
    /// <param name="latentShape">[Z, H, W].</param>
    public MelDecoder(Bundle bundle, IOptions<OnnxOptions> onnx, long[] latentShape)
    {
        (decoder, this.latentShape, latentScale) = (OnnxNetwork.Deferred(bundle, Network, onnx.Value), latentShape, (float)bundle.Manifest.LatentScale);
    }

    /// <param name="latent">[Z, H, W], scaled as the denoiser has it.</param>
    /// <param name="noise">Of the sound.</param>
    /// <param name="firstFrame">Where the window lies in the sound, in mel frames.</param>
    /// <param name="clock">Counts the network's time.</param>
    /// <param name="cancellation">Ends the running network.</param>
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

    /// <summary>Loads the network, if it is not loaded yet.</summary>
    public void Load() => decoder.Load();

    public void Dispose() => decoder.Dispose();
}
