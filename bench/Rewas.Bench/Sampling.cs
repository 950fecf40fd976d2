using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.Bench;

/// <summary>Requests that are the same for every sampler: a prompt and the energy of blows.</summary>
sealed class Sampling(Bundle bundle, int threads, int rows, string precision) : IDisposable
{
    static readonly string[] Prompts =
        ["a hammer striking metal", "a ball bouncing on a wooden floor", "rain on a roof", "footsteps on gravel", "an engine idling", "water dripping"];

    readonly LocalSampling engine = new(bundle, new() { Threads = threads }, new() { MaxBatchRows = rows, QueueCapacity = 1000, Precision = precision });

    public SamplingRequest Request(string sampler, string spacing, int steps, int clip, double eta = 0)
    {
        var guidance = bundle.Manifest.Sampler.GuidanceScale;
        return new((uint)clip, sampler, eta, new NoiseLevels(bundle.Manifest.Sampler, spacing, steps), new Guidance(guidance, bundle.Manifest.Sampler.EnergyGuidanceScale ?? guidance)) { Prompt = Prompts[clip % Prompts.Length] };
    }

    /// <summary>Log mel [512, 64].</summary>
    public Task<float[]> MelAsync(SamplingRequest request, int clip) => engine.MelAsync(request, new(Energy(clip)));

    public void Dispose() => engine.Dispose();

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
