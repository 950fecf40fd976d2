using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Text;
using Rewas.Text.Memory;

namespace Rewas.AudioDiffusion;

/// <summary>A request's encoded texts: film of the prompt, and of the empty text or the negative prompt. Computed once.</summary>
public sealed record TextConditions(float[] Prompt, float[] Other);

/// <summary>
/// Turns text and the energy of one window into its log mel by latent diffusion (ReWaS, arXiv 2407.05551, sections 3.1 and 3.3; AudioLDM,
/// arXiv 2301.12503). The energy, drawn as a picture, is encoded like a mel and steers the denoiser through its adapter. This class does
/// what precedes and follows the steps; <see cref="SamplingLoop"/> does the steps.
/// </summary>
public sealed class EnergyToMel : ILoadable, IDisposable
{
    readonly double latentScale, energyFit;
    readonly ClipTiming timing;
    readonly TextEncoder textEncoder;
    readonly LoadedOnce<SoundMemory?> memory;
    readonly OnnxNetwork melEncoder;
    readonly MelDecoder melDecoder;
    float[]? emptyFilm, zeroFeatures;                                        // equal results whichever thread computes them

    public EnergyToMel(Bundle bundle, IOptions<OnnxOptions> onnx, IOptions<AudioDiffusionOptions> options)
    {
        (latentScale, energyFit, timing) = (bundle.Manifest.LatentScale, bundle.Manifest.Sampler.EnergyFit, bundle.Manifest.Timing);
        textEncoder = TextEncoder.Load(bundle, onnx.Value);
        memory = new(() => SoundMemory.Of(bundle, text => textEncoder.Encode(text)));
        melEncoder = OnnxNetwork.Deferred(bundle, "mel_encoder", onnx.Value);
        var precision = options.Value.Precision is { Length: > 0 } given ? given : null;
        Denoiser = new Denoiser(bundle, onnx.Value, options.Value.MaxBatchRows, precision);
        melDecoder = new(bundle, onnx, Denoiser.LatentShape);
    }

    public Denoiser Denoiser { get; }

    /// <summary>Recordings in the bundle, read on first use; null if there are none.</summary>
    public SoundMemory? Memory => memory.Value;

    /// <summary>Encodes a request's texts for the denoiser, once per request.</summary>
    public TextConditions EncodeTexts(SamplingRequest request, StageClock clock, CancellationToken cancellation) => new(
        Film(request.Prompt, clock, cancellation),
        request.NegativePrompt.Length > 0
            ? Film(request.NegativePrompt, clock, cancellation)
            : emptyFilm ??= Film("", clock, cancellation));

    /// <summary>Encodes a window's control for the denoiser, once for all candidates.</summary>
    /// <param name="window">With the inputs of this kind of control.</param>
    /// <param name="control">One of <see cref="ControlNames"/>.</param>
    public WindowConditions EncodeControl(
        TextConditions texts, WindowControl window, string control, StageClock clock, CancellationToken cancellation)
    {
        zeroFeatures ??= Features(new float[Denoiser.LatentLength], Descriptors([], []));
        var hasEnergy = control == ControlNames.Energy || control == ControlNames.Texture
            || (control == ControlNames.Onset && !Denoiser.TakesDescriptors);
        var latent = hasEnergy ? ControlLatent(window.Energy, clock, cancellation) : new float[Denoiser.LatentLength];
        var features = control switch
        {
            ControlNames.TextOnly => zeroFeatures,
            ControlNames.Onset when Denoiser.TakesDescriptors => Features(latent, Descriptors(window.Onsets, [])),
            ControlNames.Texture => Features(latent, Descriptors([], window.Texture)),
            _ => Features(latent, Descriptors([], [])),
        };
        return new(Nothing: new(texts.Other, zeroFeatures), Energy: new(texts.Other, features), Everything: new(texts.Prompt, features))
        {
            Start = latent,
        };

        float[] Descriptors(float[]? onsets, float[]? texture) => ControlDescriptors.Of(onsets, texture, Denoiser.LatentFrames);

        float[] Features(float[] latent, float[] descriptors) =>
            clock.Network(
                Denoiser.Network, [HostTensor.Of(latent, [1, .. Denoiser.LatentShape])],
                () => Row(Denoiser.Features(latent, descriptors, cancellation))).Floats.ToArray();
    }

    /// <summary>Decodes a sampled latent to its log mel and fits its energy to the control as far as the bundle does.</summary>
    /// <param name="latent">[Z, H, W].</param>
    /// <param name="candidate">Index from 0.</param>
    /// <param name="firstFrame">Start of the window in the sound, in mel frames.</param>
    /// <param name="window">Control of the window.</param>
    /// <returns>Natural-log mel, [512, 64].</returns>
    public float[] Decode(
        ReadOnlySpan<float> latent, SamplingRequest request, int candidate, long firstFrame, WindowControl window, StageClock clock,
        CancellationToken cancellation)
    {
        var mel = melDecoder.Decode(latent, new GrainNoise(request.Seed, candidate), firstFrame, clock, cancellation);
        Fit(mel, request, window);
        return mel;
    }

    void Fit(float[] mel, SamplingRequest request, WindowControl window)
    {
        if (request.FollowsEnergy && request.Guidance.EnergyScale > 0)
            EnergyFit.Apply(mel, window.Energy, timing, energyFit);
        else if (request.Level != 0)
            foreach (ref var value in mel.AsSpan())
                value = Math.Max(value + EnergyScale.OfDecibels(request.Level), EnergyScale.Silence);
    }

    /// <summary>
    /// Fits a finished log mel to the energy of its control, and encodes the latent that neighbouring windows continue from.
    /// </summary>
    public SampledWindow Decoded(
        float[] mel, SamplingRequest request, WindowControl window, StageClock clock, CancellationToken cancellation)
    {
        Fit(mel, request, window);
        return new(Encode(mel, clock, cancellation), mel);
    }

    /// <summary>
    /// Passes a log mel through encoder and decoder without diffusion. The grain is that of candidate 0 at the start of a sound.
    /// </summary>
    public float[] Rebuild(float[] mel, uint seed, StageClock clock, CancellationToken cancellation) =>
        melDecoder.Decode(Encode(mel, clock, cancellation), new GrainNoise(seed, candidate: 0), firstFrame: 0, clock, cancellation);

    /// <summary>Encodes a text and computes the denoiser's film of its embedding [1, E].</summary>
    float[] Film(string text, StageClock clock, CancellationToken cancellation)
    {
        var embedding = clock.Network(TextEncoder.Network, [], () => Row(textEncoder.Encode(text, cancellation))).Floats.ToArray();
        return clock.Network(Denoiser.Network, [Row(embedding)], () => Row(Denoiser.Film(embedding, cancellation))).Floats.ToArray();
    }

    /// <summary>Encodes the energy, repeated over the mel bins, as a latent, [Z, H, W].</summary>
    float[] ControlLatent(float[] energy, StageClock clock, CancellationToken cancellation)
    {
        var picture = new float[ClipTiming.MelFramesPerWindow * ClipTiming.MelBins];
        for (var frame = 0; frame < ClipTiming.MelFramesPerWindow; frame++)
            picture.AsSpan(frame * ClipTiming.MelBins, ClipTiming.MelBins).Fill(energy[frame]);
        return Encode(picture, clock, cancellation);
    }

    /// <summary>Encodes a log mel [512, 64] as the scaled mean of its posterior, [Z, H, W].</summary>
    public float[] Encode(float[] logMel, StageClock clock, CancellationToken cancellation)
    {
        HostTensor[] call = [HostTensor.Of(logMel, 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)];
        // [1, 2 Z, H, W]: means, then log variances
        var moments = Run(melEncoder, "mel_encoder", call, clock, cancellation);
        var latent = moments[..Denoiser.LatentLength].ToArray();
        TensorPrimitives.Multiply(latent, (float)latentScale, latent);
        return latent;
    }

    static Memory<float> Run(OnnxNetwork network, string name, HostTensor[] call, StageClock clock, CancellationToken cancellation) =>
        clock.Network(name, call, () => network.Run(call, cancellation)[0]).Floats;

    static HostTensor Row(float[] values) => HostTensor.Of(values, 1, values.Length);

    /// <summary>
    /// Runs all networks once on zeros where that pays: a device makes kernels and takes memory in its first run. On a CPU the first
    /// request takes as long as the next one, and a start would take twice as long. Call before the loop starts.
    /// </summary>
    public void WarmUp(StageClock clock)
    {
        if (Denoiser.Accelerator == OnnxOptions.Cpu)
            return;
        var emptyText = emptyFilm = Film("", clock, CancellationToken.None);
        var silence = new WindowControl(new float[ClipTiming.MelFramesPerWindow]);
        EncodeControl(new(emptyText, emptyText), silence, ControlNames.Energy, clock, CancellationToken.None);
        Denoiser.WarmUp();
        melDecoder.Decode(new float[Denoiser.LatentLength], new GrainNoise(0, 0), 0, clock, CancellationToken.None);
    }

    public void Load() => Load([]);

    /// <summary>
    /// Loads the denoiser, which takes longest, beside the other networks. Texts are encoded before: a sentence encoder remembers them, so
    /// its weights and the denoiser are not in memory at the same time.
    /// </summary>
    public void Load(IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
            _ = textEncoder.Encode(text);
        Task.WhenAll(
            Task.Run(Denoiser.Load),
            Task.Run(() =>
            {
                textEncoder.Load();
                melEncoder.Load();
                melDecoder.Load();
            })).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        textEncoder.Dispose();
        melEncoder.Dispose();
        melDecoder.Dispose();
        Denoiser.Dispose();
    }
}
