using Microsoft.Extensions.Options;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Protocol;

namespace Rewas.AudioDiffusion;

/// <summary>The engine without the wire: what the service runs between its messages. Measurements use it.</summary>
public sealed class LocalSampling : IDisposable
{
    readonly Bundle bundle;
    readonly EnergyToMel energyToMel;
    readonly DiffusionQueue queue;
    readonly SamplingLoop loop;

    public LocalSampling(Bundle bundle, OnnxOptions onnx, AudioDiffusionOptions options)
    {
        this.bundle = bundle;
        energyToMel = new(bundle, Options.Create(onnx), Options.Create(options));
        queue = new(options.QueueCapacity, options.BatchDelay);
        loop = new(queue, energyToMel.Denoiser);
        loop.Start();
    }

    /// <summary>What the bundle is asked for by default.</summary>
    /// <param name="prompt">What to hear.</param>
    /// <param name="seed">Of the noise.</param>
    public SamplingRequest Request(string prompt, uint seed) =>
        SamplingRequest.From(new() { Prompt = prompt, Seed = seed }, bundle.Manifest.Sampler, [ControlNames.Energy]);

    /// <summary>Window 0 of a request: log mel [512, 64]. Requests made at once share calls.</summary>
    /// <param name="request">How it is sampled.</param>
    /// <param name="control">The energy of the window.</param>
    public async Task<float[]> MelAsync(SamplingRequest request, WindowControl control)
    {
        var clock = new StageClock(StageNames.AudioDiffusion, bundle);
        var conditions = energyToMel.EncodeControl(energyToMel.EncodeTexts(request, clock, default), control, request.Control, clock, default);
        var sampler = new WindowSampler(request, conditions, energyToMel.Denoiser.LatentLength, window: 0);
        using var place = queue.TryAdmit() ?? throw new InvalidOperationException($"more than {queue.Capacity} requests at once");
        var work = new SamplingWork(sampler, place, null, null, default);
        queue.Add(work);
        await work.Ended;
        return energyToMel.Decode(sampler.Latent, request, candidate: 0, firstFrame: 0, control, clock, default);
    }

    /// <summary>A log mel [512, 64] through mel encoder and decoder, with no diffusion between.</summary>
    /// <param name="mel">Natural-log mel, [512, 64].</param>
    /// <param name="seed">Of the grain.</param>
    /// <param name="cancellation">Ends the running network.</param>
    public float[] Rebuild(float[] mel, uint seed, CancellationToken cancellation = default) =>
        energyToMel.Rebuild(mel, seed, new StageClock(StageNames.AudioDiffusion, bundle), cancellation);

    public void Dispose()
    {
        loop.Dispose();
        energyToMel.Dispose();
    }
}
