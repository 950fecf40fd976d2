using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Losses;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// The mel VAE. Encoder and decoder learn with <see cref="MelImageLoss"/>, the decoder's grain with <see cref="GrainLoss"/>, and a light KL
/// term is added (Kingma and Welling, 2013; with latent diffusion's weight, Rombach et al., 2021).
/// </summary>
sealed class MelStage : IStage
{
    const double DivergenceWeight = 3e-4;

    /// <summary>Weight of the grain's likelihood, relative to the mel distance.</summary>
    public const double GrainWeight = 0.1;

    const int HeldOutClips = 24, Sounds = 4, ClipsToCentre = 160;

    readonly TrainingConfig config;
    readonly StageConfig stage;
    readonly TrainingData data;
    readonly ClipPool pool;
    readonly TorchWeights encoderWeights, decoderWeights;
    readonly GrainLoss grains = new();
    readonly Autoencoder crops, windows;                                       // the same weights at two lengths

    public MelStage(TrainingConfig config, StageConfig stage, TrainingData data)
    {
        (this.config, this.stage, this.data) = (config, stage, data);
        pool = data.PoolOf(data.Sounds, stage);
        (encoderWeights, decoderWeights) = (TorchWeights.Fresh(config.Seed + 2), TorchWeights.Fresh(config.Seed + 3));
        (crops, windows) = (Build(stage.CropFrames), Build(ClipTiming.MelFramesPerWindow));
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained =>
        new Dictionary<string, TorchWeights> { ["mel_encoder"] = encoderWeights, ["mel_decoder"] = decoderWeights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        // A third of the examples are control images: the energy repeated over all bins. The same encoder must carry these to the adapter.
        var images = clips.Select((clip, i) => Crop(i % 3 == 2 ? ControlImage(clip.Control) : clip.LogMel, random)).ToArray();
        var mel = torch.tensor(images.SelectMany(c => c).ToArray(), [images.Length, 1, stage.CropFrames, ClipTiming.MelBins]);
        var (mean, logVariance) = Moments(crops, mel);
        using var generator = new torch.Generator((ulong)step, torch.CPU);
        var latent = mean + (logVariance * 0.5).exp() * torch.randn(mean.shape, generator: generator);
        var outputs = Decode(crops, latent);
        var decoded = outputs[0];
        var divergence = (mean.square() + logVariance.exp() - 1 - logVariance).mean() * 0.5;
        var loss = MelImageLoss.Of(decoded, mel) + DivergenceWeight * divergence;
        return outputs.Length > 1 ? loss + GrainWeight * grains.Of(decoded.detach(), outputs[1], mel) : loss;
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var figures = new List<(double L1, double Square)>();
        foreach (var clip in data.HeldOutScenes(HeldOutClips).Concat(data.HeldOutRecordings(HeldOutClips)))
        {
            using var scope = torch.NewDisposeScope();
            var mel = new[] { clip }.LogMels();
            var (mean, _) = Moments(windows, mel);
            figures.Add(((Decode(windows, mean)[0] - mel).abs().mean().item<float>(), mean.square().mean().item<float>()));
        }
        return new Dictionary<string, double>
        {
            ["log_mel_l1"] = figures.Average(f => f.L1),
            ["latent_scale"] = 1 / Math.Sqrt(figures.Average(f => f.Square)),
        };
    }

    public void Finish()
    {
        var latents = Enumerable.Range(0, ClipsToCentre)
            .Select(i => data.Sounds.Make(config.Seed + (ulong)i))
            .Chunk(8)
            .Select(part => Moments(windows, part.LogMels()).Mean)
            .ToArray();
        CentredLatents.Apply(encoderWeights, decoderWeights, torch.cat(latents));
    }

    public void WriteSamples(string folder)
    {
        var samples = new Samples(config, run: null);
        foreach (var (number, clip) in data.HeldOutScenes(Sounds).Concat(data.HeldOutRecordings(Sounds)).Index())
        {
            using var scope = torch.NewDisposeScope();
            var (mean, _) = Moments(windows, new[] { clip }.LogMels());
            Samples.WriteWave(Path.Combine(folder, $"{number}-{clip.Kind}-real.wav"), clip.Wave);
            samples.WriteSound(
                Path.Combine(folder, $"{number}-{clip.Kind}-rebuilt.wav"), TorchWeights.ToHost(Decode(windows, mean)[0]).Floats.ToArray());
        }
    }

    /// <summary>[512] to [512, 64].</summary>
    public static float[] ControlImage(float[] control)
    {
        var image = new float[control.Length * ClipTiming.MelBins];
        for (var frame = 0; frame < control.Length; frame++)
            Array.Fill(image, control[frame], frame * ClipTiming.MelBins, ClipTiming.MelBins);
        return image;
    }

    float[] Crop(float[] image, Random random)
    {
        var first = random.Next(ClipTiming.MelFramesPerWindow - stage.CropFrames + 1);
        return image.AsSpan(first * ClipTiming.MelBins, stage.CropFrames * ClipTiming.MelBins).ToArray();
    }

    Autoencoder Build(int frames) => new(
        VaeEncoder.Define(config.Read<VaeConfiguration>("mel_encoder") with { MelFrames = frames }).Build(new Scope(encoderWeights)),
        VaeDecoder.Define(config.Read<VaeConfiguration>("mel_decoder") with { MelFrames = frames }).Build(new Scope(decoderWeights)));

    (torch.Tensor Mean, torch.Tensor LogVariance) Moments(Autoencoder autoencoder, torch.Tensor mel)
    {
        var parts = ((TorchTensor)autoencoder.Encode([encoderWeights.Wrap(mel)])[0]).Value.chunk(2, 1);
        return (parts[0], parts[1].clamp(-30, 20));
    }

    /// <summary>The mel, and the grain if the decoder has one.</summary>
    torch.Tensor[] Decode(Autoencoder autoencoder, torch.Tensor latent) =>
        [.. autoencoder.Decode([decoderWeights.Wrap(latent)]).Select(output => ((TorchTensor)output).Value)];

    sealed record Autoencoder(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Encode, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Decode);
}
