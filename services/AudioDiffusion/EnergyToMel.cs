using System.Numerics.Tensors;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Text;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Text and the energy of one window to its log mel by latent diffusion (ReWaS, arXiv 2407.05551, sections 3.1 and 3.3; AudioLDM, arXiv
/// 2301.12503): the energy, drawn as a picture, is encoded like a mel and steers the denoiser through its adapter.
/// </summary>
public sealed class EnergyToMel : IDisposable
{
    readonly BundleManifest manifest;
    readonly PromptTokenizer tokenizer;
    readonly OnnxNetwork textEncoder, melEncoder, denoiser, melDecoder;
    readonly long[] latentShape;                                             // [Z, H, W]
    readonly int latentLength;
    readonly Lazy<float[]> emptyText;

    public EnergyToMel(Bundle bundle, OnnxOptions onnx)
    {
        manifest = bundle.Manifest;
        tokenizer = PromptTokenizer.Load(bundle);
        textEncoder = OnnxNetwork.Load(bundle, "text_encoder", onnx);
        melEncoder = OnnxNetwork.Load(bundle, "mel_encoder", onnx);
        denoiser = OnnxNetwork.Load(bundle, "denoiser", onnx);
        melDecoder = OnnxNetwork.Load(bundle, "mel_decoder", onnx);
        latentShape = [.. denoiser.Definition.Inputs[0].Shape.Skip(1)];
        latentLength = (int)TensorPrimitives.Product<long>(latentShape);
        emptyText = new(() => EncodeText("", CancellationToken.None));
    }

    public string Accelerator => denoiser.Accelerator;

    /// <summary>Text embedding, [E].</summary>
    public float[] EncodeText(string text, CancellationToken cancellation)
    {
        var ids = tokenizer.Encode(text);
        return textEncoder.Run([HostTensor.Of(ids, 1, ids.Length)], cancellation)[0].Floats.ToArray();
    }

    /// <summary>Samples one window.</summary>
    /// <param name="request">Seed, guidance and schedule.</param>
    /// <param name="text">Embedding of the prompt, [E].</param>
    /// <param name="window">Window, from 0; part of what its noise is drawn from.</param>
    /// <param name="energy">Mean log-mel of each frame, [512].</param>
    /// <param name="stepDone">Told after each step: steps done.</param>
    /// <param name="cancellation">Ends the running step.</param>
    /// <returns>Natural-log mel, [512, 64].</returns>
    public HostTensor Sample(
        SamplingRequest request, ReadOnlyMemory<float> text, int window, ReadOnlySpan<float> energy, Action<int> stepDone, CancellationToken cancellation)
    {
        var sampler = new DdimSampler(
            request.Schedule,
            request.GuidanceScale,
            conditional: new Condition(text, ControlLatent(energy, cancellation)),
            unconditional: new Condition(emptyText.Value, new float[latentLength]),
            new LatentNoise(request.Seed),
            window);

        var rows = sampler.Rows;
        var (x, t, y, hint) = (new float[rows * latentLength], new float[rows], new float[rows * text.Length], new float[rows * latentLength]);
        HostTensor[] call = [HostTensor.Of(x, [rows, .. latentShape]), HostTensor.Of(t, rows), HostTensor.Of(y, rows, text.Length), HostTensor.Of(hint, [rows, .. latentShape])];
        while (!sampler.IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            sampler.WriteCall(x, t, y, hint);
            sampler.Accept(denoiser.Run(call, cancellation)[0].Floats.Span);
            stepDone(sampler.StepsDone);
        }
        return Decode(sampler.Latent, cancellation);
    }

    /// <summary>The energy repeated over the mel bins, [1, 1, 512, 64], through the mel encoder: the mean of its posterior, scaled. [Z, H, W].</summary>
    float[] ControlLatent(ReadOnlySpan<float> energy, CancellationToken cancellation)
    {
        var picture = new float[ClipTiming.MelFramesPerWindow * ClipTiming.MelBins];
        for (var frame = 0; frame < energy.Length; frame++)
            picture.AsSpan(frame * ClipTiming.MelBins, ClipTiming.MelBins).Fill(energy[frame]);
        var moments = melEncoder.Run([HostTensor.Of(picture, 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)], cancellation)[0];
        var control = moments.Floats[..latentLength].ToArray();              // [1, 2 Z, H, W]: means, then log variances
        TensorPrimitives.Multiply(control, (float)manifest.LatentScale, control);
        return control;
    }

    HostTensor Decode(ReadOnlySpan<float> latent, CancellationToken cancellation)
    {
        var scaled = new float[latentLength];
        TensorPrimitives.Divide(latent, (float)manifest.LatentScale, scaled);
        var mel = melDecoder.Run([HostTensor.Of(scaled, [1, .. latentShape])], cancellation)[0];
        return HostTensor.Of(mel.Floats, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins);
    }

    public void Dispose()
    {
        textEncoder.Dispose();
        melEncoder.Dispose();
        denoiser.Dispose();
        melDecoder.Dispose();
    }
}
