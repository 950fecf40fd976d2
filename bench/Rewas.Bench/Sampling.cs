using Microsoft.Extensions.Options;
using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Bench;

/// <summary>The engine without the wire: what the service runs between its messages.</summary>
sealed class Sampling : IDisposable
{
    static readonly string[] Prompts =
        ["a hammer striking metal", "a ball bouncing on a wooden floor", "rain on a roof", "footsteps on gravel", "an engine idling", "water dripping"];

    readonly Bundle bundle;
    readonly EnergyToMel energyToMel;
    readonly SamplingLoop loop;

    public Sampling(Bundle bundle, int threads, int rows)
    {
        this.bundle = bundle;
        energyToMel = new(bundle, Options.Create(new OnnxOptions { Threads = threads }), Options.Create(new AudioDiffusionOptions { MaxBatchRows = rows }));
        Queue = new(1000, TimeSpan.FromMinutes(1));
        loop = new(Queue, energyToMel.Denoiser);
        loop.Start();
    }

    public DiffusionQueue Queue { get; }

    public SamplingRequest Request(string sampler, string spacing, int steps, int clip, double eta = 0)
    {
        var guidance = bundle.Manifest.Sampler.GuidanceScale;
        return new((uint)clip, sampler, eta, new NoiseLevels(bundle.Manifest.Sampler, spacing, steps), new Guidance(guidance, bundle.Manifest.Sampler.EnergyGuidanceScale ?? guidance)) { Prompt = Prompts[clip % Prompts.Length] };
    }

    /// <summary>Window 0 of a request with the energy of so many blows: latent and log mel [512, 64].</summary>
    public async Task<float[]> MelAsync(SamplingRequest request, int clip)
    {
        var clock = new StageClock("bench", bundle);
        var conditions = energyToMel.EncodeControl(energyToMel.EncodeTexts(request, clock, default), new(Energy(clip)), request.Control, clock, default);
        var sampler = new WindowSampler(request, conditions, energyToMel.Denoiser.LatentLength, window: 0);
        using var place = Queue.TryAdmit()!;
        var work = new SamplingWork(sampler, place, null, null, default);
        Queue.Add(work);
        await work.Ended;
        return energyToMel.Decode(sampler.Latent, clock, default).Floats.ToArray();
    }

    public void Dispose()
    {
        loop.Dispose();
        energyToMel.Dispose();
    }

    /// <summary>Blows that decay, over a quiet ground: [512].</summary>
    static float[] Energy(int clip)
    {
        var energy = new float[ClipTiming.MelFramesPerWindow];
        var period = 60 + 25 * (clip % 5);
        for (var frame = 0; frame < energy.Length; frame++)
            energy[frame] = -9 + 6 * MathF.Exp(-(frame % period) / 15f);
        return energy;
    }
}
