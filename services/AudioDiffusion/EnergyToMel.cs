using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Audio;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Memory;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Text;

namespace Rewas.AudioDiffusion;

/// <summary>What a request's texts become, once: film of the prompt, and of the empty text or the negative prompt.</summary>
public sealed record TextConditions(float[] Prompt, float[] Other);

/// <summary>
/// Text and the energy of one window to its log mel by latent diffusion (ReWaS, arXiv 2407.05551, sections 3.1 and 3.3; AudioLDM, arXiv
/// 2301.12503): the energy, drawn as a picture, is encoded like a mel and steers the denoiser through its adapter. What is before the steps and
/// after them is here; the steps are <see cref="SamplingLoop"/>'s.
/// </summary>
public sealed class EnergyToMel : ILoadable, IDisposable
{
    readonly double latentScale, energyFit;
    readonly ClipTiming timing;
    readonly TextEncoder textEncoder;
    readonly Lazy<SoundMemory?> memory;
    readonly OnnxNetwork melEncoder;
    readonly MelDecoder melDecoder;
    float[]? emptyFilm, zeroFeatures;                                        // the same whoever computes them

    public EnergyToMel(Bundle bundle, IOptions<OnnxOptions> onnx, IOptions<AudioDiffusionOptions> options)
    {
        (latentScale, energyFit, timing) = (bundle.Manifest.LatentScale, bundle.Manifest.Sampler.EnergyFit, bundle.Manifest.Timing);
        textEncoder = TextEncoder.Load(bundle, onnx.Value);
        memory = new(() => SoundMemory.Of(bundle, text => textEncoder.Encode(text)));
        melEncoder = OnnxNetwork.Deferred(bundle, "mel_encoder", onnx.Value);
        Denoiser = new Denoiser(bundle, onnx.Value, options.Value.MaxBatchRows, options.Value.Precision is { Length: > 0 } precision ? precision : null);
        melDecoder = new(bundle, onnx, Denoiser.LatentShape);
    }

    public Denoiser Denoiser { get; }

    /// <summary>Recordings that the bundle carries, read when they are first asked for; null for none.</summary>
    public SoundMemory? Memory => memory.Value;

    /// <summary>Computes once for a request what its texts are to the denoiser.</summary>
    public TextConditions EncodeTexts(SamplingRequest request, StageClock clock, CancellationToken cancellation) => new(
        Film(request.Prompt, clock, cancellation),
        request.NegativePrompt.Length > 0 ? Film(request.NegativePrompt, clock, cancellation) : emptyFilm ??= Film("", clock, cancellation));

    /// <summary>Computes once for a window what its control is to the denoiser; candidates share it.</summary>
    /// <param name="texts">The request's texts.</param>
    /// <param name="window">Has what the kind of control needs.</param>
    /// <param name="control">One of <see cref="ControlNames"/>.</param>
    /// <param name="clock">Counts the networks' time.</param>
    /// <param name="cancellation">Ends the running network.</param>
    public WindowConditions EncodeControl(TextConditions texts, WindowControl window, string control, StageClock clock, CancellationToken cancellation)
    {
        zeroFeatures ??= Features(new float[Denoiser.LatentLength], Descriptors([], []));
        var hasEnergy = control == ControlNames.Energy || control == ControlNames.Texture || (control == ControlNames.Onset && !Denoiser.TakesDescriptors);
        var latent = hasEnergy ? ControlLatent(window.Energy, clock, cancellation) : new float[Denoiser.LatentLength];
        var features = control switch
        {
            ControlNames.TextOnly => zeroFeatures,
            ControlNames.Onset when Denoiser.TakesDescriptors => Features(latent, Descriptors(window.Onsets, [])),
            ControlNames.Texture => Features(latent, Descriptors([], window.Texture)),
            _ => Features(latent, Descriptors([], [])),
        };
        return new(Nothing: new(texts.Other, zeroFeatures), Energy: new(texts.Other, features), Everything: new(texts.Prompt, features)) { Start = latent };

        float[] Descriptors(float[]? onsets, float[]? texture) => ControlDescriptors.Of(onsets, texture, Denoiser.LatentFrames);

        float[] Features(float[] latent, float[] descriptors) =>
            clock.Network(Denoiser.Network, [HostTensor.Of(latent, [1, .. Denoiser.LatentShape])], () => Row(Denoiser.Features(latent, descriptors, cancellation))).Floats.ToArray();
    }

    /// <summary>A sampled latent to its log mel, with the energy that its control asks for as far as the bundle goes.</summary>
    /// <param name="latent">[Z, H, W].</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="candidate">Candidate, from 0.</param>
    /// <param name="firstFrame">Where the window lies in the sound, in mel frames.</param>
    /// <param name="window">What controlled it.</param>
    /// <param name="clock">Counts the network's time.</param>
    /// <param name="cancellation">Ends the running network.</param>
    /// <returns>Natural-log mel, [512, 64].</returns>
    public float[] Decode(
        ReadOnlySpan<float> latent, SamplingRequest request, int candidate, long firstFrame, WindowControl window, StageClock clock, CancellationToken cancellation)
    {
        var mel = melDecoder.Decode(latent, new GrainNoise(request.Seed, candidate), firstFrame, clock, cancellation);
        Fit(mel, request, window);
        return mel;
    }

    void Fit(float[] mel, SamplingRequest request, WindowControl window)
    {
        if (request.Control is ControlNames.Energy or ControlNames.Texture && request.Guidance.EnergyScale > 0)
            EnergyFit.Apply(mel, window.Energy, timing, energyFit);
    }

    /// <summary>A log mel that is heard as it is, with the energy that its control asks for, and the latent that neighbouring windows go on from.</summary>
    public SampledWindow Decoded(float[] mel, SamplingRequest request, WindowControl window, StageClock clock, CancellationToken cancellation)
    {
        Fit(mel, request, window);
        return new(Encode(mel, clock, cancellation), mel);
    }

    /// <summary>A log mel through mel encoder and decoder, with no diffusion between. The grain is of candidate 0 at the start of a sound.</summary>
    public float[] Rebuild(float[] mel, uint seed, StageClock clock, CancellationToken cancellation) =>
        melDecoder.Decode(Encode(mel, clock, cancellation), new GrainNoise(seed, candidate: 0), firstFrame: 0, clock, cancellation);

    /// <summary>A text to its embedding [1, E] to the denoiser's film.</summary>
    float[] Film(string text, StageClock clock, CancellationToken cancellation)
    {
        var embedding = clock.Network(TextEncoder.Network, [], () => Row(textEncoder.Encode(text, cancellation))).Floats.ToArray();
        return clock.Network(Denoiser.Network, [Row(embedding)], () => Row(Denoiser.Film(embedding, cancellation))).Floats.ToArray();
    }

    /// <summary>The energy repeated over the mel bins, as a latent, [Z, H, W].</summary>
    float[] ControlLatent(float[] energy, StageClock clock, CancellationToken cancellation)
    {
        var picture = new float[ClipTiming.MelFramesPerWindow * ClipTiming.MelBins];
        for (var frame = 0; frame < ClipTiming.MelFramesPerWindow; frame++)
            picture.AsSpan(frame * ClipTiming.MelBins, ClipTiming.MelBins).Fill(energy[frame]);
        return Encode(picture, clock, cancellation);
    }

    /// <summary>A log mel, [512, 64], through the mel encoder: the mean of its posterior, scaled. [Z, H, W].</summary>
    public float[] Encode(float[] logMel, StageClock clock, CancellationToken cancellation)
    {
        HostTensor[] call = [HostTensor.Of(logMel, 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)];
        var moments = Run(melEncoder, "mel_encoder", call, clock, cancellation);                             // [1, 2 Z, H, W]: means, then log variances
        var latent = moments[..Denoiser.LatentLength].ToArray();
        TensorPrimitives.Multiply(latent, (float)latentScale, latent);
        return latent;
    }

    static Memory<float> Run(OnnxNetwork network, string name, HostTensor[] call, StageClock clock, CancellationToken cancellation) =>
        clock.Network(name, call, () => network.Run(call, cancellation)[0]).Floats;

    static HostTensor Row(float[] values) => HostTensor.Of(values, 1, values.Length);

    /// <summary>Runs all networks once on nothing. Call before the loop samples.</summary>
    public void WarmUp(StageClock clock)
    {
        var emptyText = emptyFilm = Film("", clock, CancellationToken.None);
        EncodeControl(new(emptyText, emptyText), new WindowControl(new float[ClipTiming.MelFramesPerWindow]), ControlNames.Energy, clock, CancellationToken.None);
        Denoiser.WarmUp();
        melDecoder.Decode(new float[Denoiser.LatentLength], new GrainNoise(0, 0), 0, clock, CancellationToken.None);
    }

    /// <summary>In the order in which a request needs them.</summary>
    public void Load()
    {
        textEncoder.Load();
        melEncoder.Load();
        Denoiser.Load();
        melDecoder.Load();
    }

    public void Dispose()
    {
        textEncoder.Dispose();
        melEncoder.Dispose();
        melDecoder.Dispose();
        Denoiser.Dispose();
    }
}
