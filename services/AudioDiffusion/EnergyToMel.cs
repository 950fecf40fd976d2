using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Text;

namespace Rewas.AudioDiffusion;

/// <summary>One window to sample.</summary>
/// <param name="Request">Seed, guidance and schedule.</param>
/// <param name="Text">Embedding of the prompt, [E].</param>
/// <param name="Index">Window, from 0; part of what its noise is drawn from.</param>
/// <param name="Energy">Mean log-mel of each frame, [512].</param>
/// <param name="Clock">Counts the networks' time.</param>
public sealed record Window(SamplingRequest Request, float[] Text, int Index, float[] Energy, StageClock Clock);

/// <summary>
/// Text and the energy of one window to its log mel by latent diffusion (ReWaS, arXiv 2407.05551, sections 3.1 and 3.3; AudioLDM, arXiv
/// 2301.12503): the energy, drawn as a picture, is encoded like a mel and steers the denoiser through its adapter.
/// </summary>
public sealed class EnergyToMel : IDisposable
{
    readonly double latentScale;
    readonly PromptTokenizer tokenizer;
    readonly OnnxNetwork textEncoder, melEncoder, denoiser, melDecoder;
    readonly long[] latentShape;                                             // [Z, H, W]
    readonly int latentLength;
    float[]? emptyText;                                                      // the same whoever computes it

    public EnergyToMel(Bundle bundle, IOptions<OnnxOptions> onnx)
    {
        latentScale = bundle.Manifest.LatentScale;
        tokenizer = PromptTokenizer.Load(bundle);
        textEncoder = OnnxNetwork.Load(bundle, "text_encoder", onnx.Value);
        melEncoder = OnnxNetwork.Load(bundle, "mel_encoder", onnx.Value);
        denoiser = OnnxNetwork.Load(bundle, "denoiser", onnx.Value);
        melDecoder = OnnxNetwork.Load(bundle, "mel_decoder", onnx.Value);
        latentShape = [.. denoiser.Definition.Inputs[0].Shape.Skip(1)];
        latentLength = (int)TensorPrimitives.Product<long>(latentShape);
    }

    public string Accelerator => denoiser.Accelerator;

    /// <summary>Text embedding, [E].</summary>
    public float[] EncodeText(string text, StageClock clock, CancellationToken cancellation)
    {
        var ids = tokenizer.Encode(text);
        return Run(textEncoder, "text_encoder", [HostTensor.Of(ids, 1, ids.Length)], clock, cancellation).ToArray();
    }

    /// <summary>Samples one window.</summary>
    /// <param name="window">What to sample.</param>
    /// <param name="stepDone">Told after each step: steps done.</param>
    /// <param name="cancellation">Ends the running step.</param>
    /// <returns>Natural-log mel, [512, 64].</returns>
    public HostTensor Sample(Window window, Action<int> stepDone, CancellationToken cancellation)
    {
        var (request, text) = (window.Request, window.Text);
        var sampler = new DdimSampler(
            request.Schedule,
            request.GuidanceScale,
            conditional: new Condition(text, ControlLatent(window, cancellation)),
            unconditional: new Condition(EmptyText(window.Clock, cancellation), new float[latentLength]),
            new LatentNoise(request.Seed),
            window.Index);

        // The buffers are tied to the denoiser once, so that a step allocates nothing.
        var rows = sampler.Rows;
        var (x, t, y, hint) = (new float[rows * latentLength], new float[rows], new float[rows * text.Length], new float[rows * latentLength]);
        var predicted = new float[rows * latentLength];
        long[] shape = [rows, .. latentShape];
        using var step = denoiser.Bind(
            [HostTensor.Of(x, shape), HostTensor.Of(t, rows), HostTensor.Of(y, rows, text.Length), HostTensor.Of(hint, shape)], [HostTensor.Of(predicted, shape)]);
        while (!sampler.IsDone)
        {
            sampler.WriteCall(x, t, y, hint);
            window.Clock.Network("denoiser", () => step.Run(cancellation));
            sampler.Accept(predicted);
            stepDone(sampler.StepsDone);
        }
        return Decode(sampler.Latent, window.Clock, cancellation);
    }

    /// <summary>The energy repeated over the mel bins, [1, 1, 512, 64], through the mel encoder: the mean of its posterior, scaled. [Z, H, W].</summary>
    float[] ControlLatent(Window window, CancellationToken cancellation)
    {
        var picture = new float[ClipTiming.MelFramesPerWindow * ClipTiming.MelBins];
        for (var frame = 0; frame < ClipTiming.MelFramesPerWindow; frame++)
            picture.AsSpan(frame * ClipTiming.MelBins, ClipTiming.MelBins).Fill(window.Energy[frame]);
        HostTensor[] call = [HostTensor.Of(picture, 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)];
        var moments = Run(melEncoder, "mel_encoder", call, window.Clock, cancellation);                      // [1, 2 Z, H, W]: means, then log variances
        var control = moments[..latentLength].ToArray();
        TensorPrimitives.Multiply(control, (float)latentScale, control);
        return control;
    }

    HostTensor Decode(ReadOnlySpan<float> latent, StageClock clock, CancellationToken cancellation)
    {
        var unscaled = new float[latentLength];
        TensorPrimitives.Divide(latent, (float)latentScale, unscaled);
        var mel = Run(melDecoder, "mel_decoder", [HostTensor.Of(unscaled, [1, .. latentShape])], clock, cancellation);
        return HostTensor.Of(mel, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins);
    }

    float[] EmptyText(StageClock clock, CancellationToken cancellation) => emptyText ??= EncodeText("", clock, cancellation);

    static Memory<float> Run(OnnxNetwork network, string name, HostTensor[] call, StageClock clock, CancellationToken cancellation) =>
        clock.Network(name, () => network.Run(call, cancellation)[0]).Floats;

    public void Dispose()
    {
        textEncoder.Dispose();
        melEncoder.Dispose();
        denoiser.Dispose();
        melDecoder.Dispose();
    }
}
