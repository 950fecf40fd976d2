using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Protocol;

namespace Rewas.AudioDiffusion;

/// <summary>The sampling engine without gRPC, for measurements.</summary>
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

    /// <summary>A request with the bundle's defaults.</summary>
    public SamplingRequest Request(string prompt, uint seed) =>
        SamplingRequest.From(new() { Prompt = prompt, Seed = seed }, bundle.Manifest.Sampler, [ControlNames.Energy]);

    /// <summary>Samples window 0 of a request: log mel [512, 64]. Concurrent requests share calls.</summary>
    /// <param name="control">Control of the window.</param>
    public async Task<float[]> MelAsync(SamplingRequest request, WindowControl control)
    {
        var clock = new StageClock(StageNames.AudioDiffusion, bundle);
        var texts = energyToMel.EncodeTexts(request, clock, default);
        var conditions = energyToMel.EncodeControl(texts, control, request.Control, clock, default);
        var sampler = new WindowSampler(request, conditions, energyToMel.Denoiser.LatentLength, window: 0);
        using var place = queue.TryAdmit() ?? throw new InvalidOperationException($"more than {queue.Capacity} requests at once");
        var work = new SamplingWork(sampler, place, null, null, default);
        queue.Add(work);
        await work.Ended;
        return energyToMel.Decode(sampler.Latent, request, candidate: 0, firstFrame: 0, control, clock, default);
    }

    /// <summary>Passes a log mel [512, 64] through encoder and decoder without diffusion.</summary>
    public float[] Rebuild(float[] mel, uint seed, CancellationToken cancellation = default) =>
        energyToMel.Rebuild(mel, seed, new StageClock(StageNames.AudioDiffusion, bundle), cancellation);

    public void Dispose()
    {
        loop.Dispose();
        energyToMel.Dispose();
    }
}
