using System.Globalization;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// The mel stage of a <see cref="PatchEncoder"/>. Nothing is trained, only measured. Its directions are cosines over a patch, more along
/// frequency than along time. So tonal sounds keep their partials, and impacts keep their attack. Each direction is scaled by its deviation
/// over clips.
/// </summary>
static class PatchCosines
{
    const string Architecture = "patch_encoder", Weight = "projection.weight", Bias = "projection.bias";
    const string EncoderScale = "compander.scale", DecoderScale = "first_stage_model.compander.scale";
    const string PathWeight = "first_stage_model.patch_path.weight", PathBias = "first_stage_model.patch_path.bias";
    const int Clips = 600;

    /// <summary>The deviation of a normal distribution, divided by its median absolute deviation.</summary>
    const double DeviationPerMedian = 1.4826;

    /// <summary>Divisor of the level of a patch before a compander. The level has no tails, so it should stay linear.</summary>
    const double LevelShare = 20;

    /// <summary>The number of cosines along frequency for each cosine along time, slowest first.</summary>
    static readonly int[] AlongFrequency = [8, 3, 2, 1, 1, 1];

    /// <summary>Whether the configuration's mel encoder is a patch encoder.</summary>
    public static bool AreOf(TrainingConfig config) => config.Networks["mel_encoder"].Architecture == Architecture;

    /// <summary>Writes the encoder and its figures into the stage's folder.</summary>
    public static void Fit(TrainingConfig config, TrainingData data, string folder, TextWriter log)
    {
        using var scope = torch.NewDisposeScope();
        var c = config.Read<PatchEncoderConfiguration>("mel_encoder");
        var (weights, latentScale) = Measure(c, Enumerable.Range(0, Clips).Select(i => data.Sounds.Make(config.Seed + (ulong)i).LogMel));
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(
            Path.Combine(folder, "mel_encoder.safetensors"), [.. weights.Select(weight => Stored(weight.Key, weight.Value))]);
        File.WriteAllText(
            Path.Combine(folder, TrainingLoop.EvaluationFile),
            string.Create(CultureInfo.InvariantCulture, $"latent_scale = {latentScale:G5}\n"));
        log.WriteLine($"{c.LatentChannels} directions measured over {Clips} clips");
    }

    /// <summary>Measures the encoder's weights, so that its latents have mean 0 and deviation 1 over sounds.</summary>
    /// <param name="logMels">Log mels of sounds, each [512, 64].</param>
    /// <returns>Weights by name, and one over the latents' root mean square.</returns>
    public static (
        Dictionary<string, torch.Tensor> Weights, float LatentScale) Measure(PatchEncoderConfiguration c, IEnumerable<float[]> logMels)
    {
        var basis = Basis(c);                                                // [Z, p p]
        var patches = torch.cat([.. logMels.Select(mel => Patches(mel, c.PatchSize))]);   // [N, p p]
        var values = patches.matmul(basis.t());                              // [N, Z]
        var (mean, deviation) = c.Compand ? CoreOf(values) : (values.mean([0]), values.std(0).clamp_min(1e-3));
        var latents = (values - mean) / deviation;
        var weights = new Dictionary<string, torch.Tensor>
        {
            [Weight] = (basis / deviation.unsqueeze(1)).reshape(c.LatentChannels, c.PatchSize * c.PatchSize, 1, 1),
            [Bias] = -mean / deviation,
        };
        if (c.Compand)
        {
            latents = latents.asinh();
            var scale = 1 / latents.std(0).clamp_min(1e-3);
            latents *= scale;
            weights[EncoderScale] = scale.reshape(1, -1, 1, 1);
        }
        return (weights, 1 / latents.square().mean().sqrt().item<float>());
    }

    /// <summary>Sets a decoder's patch path to the inverse of the encoder.</summary>
    public static void InvertInto(TorchWeights decoder, TorchWeights encoder)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scaled = encoder.Parameters[Weight].flatten(1);                  // [Z, p p], rows of length 1 / deviation
        var deviation = 1 / scaled.norm(1);                                  // [Z]
        var basis = scaled * deviation.unsqueeze(1);
        decoder.Parameters[PathWeight].copy_((basis * deviation.unsqueeze(1)).t().reshape(decoder.Parameters[PathWeight].shape));
        if (encoder.Buffers.TryGetValue(EncoderScale, out var scale))
            decoder.Buffers[DecoderScale].copy_(scale);
        decoder.Parameters[PathBias].copy_((-encoder.Parameters[Bias] * deviation).matmul(basis));
    }

    /// <summary>
    /// Mean and deviation of the core of each channel, without its tails. The first channel, the level, is taken as a whole.
    /// </summary>
    static (torch.Tensor Mean, torch.Tensor Deviation) CoreOf(torch.Tensor values)
    {
        var mean = values.mean([0]);
        var deviation = torch.stack([.. (values - mean).abs().unbind(1).Select(channel => channel.median())])
            .clamp_min(1e-3) * DeviationPerMedian;
        deviation[0] = values.std(0)[0] * LevelShare;
        return (mean, deviation);
    }

    /// <summary>Orthonormal cosines, each over a patch, frames first: [Z, p p].</summary>
    static torch.Tensor Basis(PatchEncoderConfiguration c)
    {
        var directions = AlongFrequency.SelectMany((count, time) => Enumerable.Range(0, count).Select(frequency => (time, frequency)))
            .ToArray();
        if (directions.Length != c.LatentChannels
            || AlongFrequency.Any(count => count > c.PatchSize)
            || AlongFrequency.Length > c.PatchSize)
            throw Rewas.Clip.Faults.InputFault.Invalid(
                "mel_encoder", $"must have {directions.Length} latent channels and patches of at least {AlongFrequency.Max()}");
        var p = c.PatchSize;
        return torch.tensor(
            directions.SelectMany(
                d => Enumerable.Range(0, p * p).Select(i => (float)(Cosine(d.time, i / p, p) * Cosine(d.frequency, i % p, p)))).ToArray(),
            [directions.Length, p * p]);
    }

    static double Cosine(int order, int at, int count) =>
        Math.Sqrt((order == 0 ? 1.0 : 2.0) / count) * Math.Cos(Math.PI * order * (at + 0.5) / count);

    /// <summary>[F, M] to [F M / (p p), p p].</summary>
    static torch.Tensor Patches(float[] mel, int p) =>
        torch.tensor(mel, [ClipTiming.MelFramesPerWindow / p, p, ClipTiming.MelBins / p, p]).permute(0, 2, 1, 3).reshape(-1, p * p);

    static WeightToStore Stored(string name, torch.Tensor value) => new(name, value.shape, () => TorchWeights.ToHost(value).Floats);
}
