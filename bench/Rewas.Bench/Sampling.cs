using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Evaluation.Precision;

namespace Rewas.Bench;

/// <summary>
/// Requests that are the same for every sampler: the prompt is a label of the classifier, and the energy is that of blows.
/// </summary>
sealed class Sampling(Bundle bundle, int threads, int rows, string precision) : IDisposable
{
    readonly LocalSampling engine = new(
        bundle, new() { Threads = threads }, new() { MaxBatchRows = rows, QueueCapacity = 1000, Precision = precision });

    readonly LabelJudge judge = new(bundle);

    public SamplingRequest Request(string sampler, string spacing, int steps, int clip, double eta = 0)
    {
        var guidance = bundle.Manifest.Sampler.GuidanceScale;
        return new(
            (uint)clip,
            sampler,
            eta,
            new NoiseLevels(bundle.Manifest.Sampler, spacing, steps),
            new Guidance(guidance, bundle.Manifest.Sampler.EnergyGuidanceScale ?? guidance))
        { Prompt = judge.Prompt(clip) };
    }

    /// <summary>Log mel [512, 64].</summary>
    public Task<float[]> MelAsync(SamplingRequest request, int clip) => engine.MelAsync(request, new(Energy(clip)));

    /// <summary>Share of mels that the bundle's classifier assigns to their prompt.</summary>
    public double LabelAccuracy(float[][] mels) => judge.Accuracy(mels);

    public void Dispose()
    {
        engine.Dispose();
        judge.Dispose();
    }

    /// <summary>Energy of decaying blows over quiet background: [512].</summary>
    static float[] Energy(int clip)
    {
        var energy = new float[ClipTiming.MelFramesPerWindow];
        var period = 60 + 25 * (clip % 5);
        for (var frame = 0; frame < energy.Length; frame++)
            energy[frame] = -9 + 6 * MathF.Exp(-(frame % period) / 15f);
        return energy;
    }
}
