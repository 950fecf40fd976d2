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
/// Trains the mel decoder alone, on the latents of the frozen mel encoder. The latents do not change, so a denoiser can be trained on them
/// at the same time. It starts from the mel stage's decoder, or from the inverse of a patch encoder. Losses are the same, with
/// discriminators from <see cref="StageConfig.AdversarialFrom"/> on.
/// </summary>
sealed class DecoderStage : IStage
{
    /// <summary>The stage, and its network in a bundle.</summary>
    public const string Stage = "decoder", Network = "mel_decoder";

    const double AdversarialWeight = 0.3;
    const int HeldOutClips = 24, HeldOutPerLabel = 1;

    readonly TrainingConfig config;
    readonly StageConfig stage;
    readonly TrainingData data;
    readonly RunFolder run;
    readonly ClipPool pool;
    readonly TorchWeights encoderWeights, weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encodeCrop, encodeWindow, decodeCrop, decodeWindow;
    readonly GrainLoss grains = new();
    readonly AdversarialLoss adversaries;

    public DecoderStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
    {
        (this.config, this.stage, this.data, this.run) = (config, stage, data, run);
        pool = data.PoolOf(data.Sounds, stage);
        encoderWeights = run.Load("mel", "mel_encoder");
        weights = run.Has("mel", Network) ? run.Load("mel", Network) : TorchWeights.Fresh(config.Seed + 12);
        (encodeCrop, encodeWindow) = (Encoder(stage.CropFrames), Encoder(ClipTiming.MelFramesPerWindow));
        (decodeCrop, decodeWindow) = (Decoder(stage.CropFrames), Decoder(ClipTiming.MelFramesPerWindow));
        encoderWeights.ThrowIfFaulty("mel_encoder");
        weights.ThrowIfFaulty(Network);
        if (config.Read<VaeConfiguration>(Network).PatchPath && !run.Has("mel", Network))
            PatchCosines.InvertInto(weights, encoderWeights);
        adversaries = new AdversarialLoss(config.Seed + 13, views: 2, featureWeight: 0);
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained =>
        new Dictionary<string, TorchWeights> { [Network] = weights, ["discriminator"] = adversaries.Weights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        var crops = clips.Select(clip => clip.LogMel.AsSpan(
            random.Next(ClipTiming.MelFramesPerWindow - stage.CropFrames + 1) * ClipTiming.MelBins,
            stage.CropFrames * ClipTiming.MelBins).ToArray());
        var mel = torch.tensor(crops.SelectMany(c => c).ToArray(), [clips.Length, 1, stage.CropFrames, ClipTiming.MelBins]);
        using var generator = new torch.Generator((ulong)step, torch.CPU);
        torch.Tensor latent;
        using (torch.no_grad())
        {
            var moments = ((TorchTensor)encodeCrop([encoderWeights.Wrap(mel)])[0]).Value.chunk(2, 1);
            latent = moments[0] + (moments[1].clamp(-30, 20) * 0.5).exp() * torch.randn(moments[0].shape, generator: generator);
            var noise =
                torch.tensor(clips.Select(_ => (float)(random.NextDouble() * stage.LatentNoise)).ToArray(), [clips.Length, 1, 1, 1]);
            latent += noise * torch.randn(latent.shape, generator: generator);
        }
        var (decoded, grain) = Decode(decodeCrop, latent);
        var loss = MelImageLoss.Of(decoded, mel) + MelStage.GrainWeight * grains.Of(decoded.detach(), grain, mel);
        if (step < stage.AdversarialFrom)
            return loss;
        var made = decoded + grain * WhiteNoiseGrain.Of(clips.Length, stage.CropFrames, random);
        return loss + AdversarialWeight * adversaries.Of(Views(made), Views(mel));
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var (l1, restlessness) = (new List<double>(), new List<(double Made, double Blurred, double Real)>());
        foreach (var (i, clip) in data.HeldOutScenes(HeldOutClips).Concat(data.HeldOutRecordings(HeldOutClips)).Index())
        {
            using var scope = torch.NewDisposeScope();
            var mel = new[] { clip }.LogMels();
            var (decoded, made) = Rebuild(mel, new Random(i));
            l1.Add((decoded - mel).abs().mean().item<float>());
            restlessness.Add((Restlessness(made), Restlessness(decoded), Restlessness(mel)));
        }
        return new Dictionary<string, double>
        {
            ["decoder_log_mel_l1"] = l1.Average(),
            ["decoder_restlessness"] = restlessness.Average(r => r.Made / r.Real),
            ["decoder_restlessness_without_grain"] = restlessness.Average(r => r.Blurred / r.Real),
        };
    }

    /// <summary>Writes held-out recordings as they are, rebuilt, and rebuilt without grain.</summary>
    public void WriteSamples(string folder)
    {
        var samples = new Samples(config, run);
        foreach (var (number, clip) in data.HeldOutRecordingsOf(
            config.Read<SoundEncoderConfiguration>(ClassifierStage.Network).Labels.ToHashSet(), HeldOutPerLabel).Index())
        {
            using var scope = torch.NewDisposeScope();
            var (decoded, made) = Rebuild(new[] { clip }.LogMels(), new Random(number));
            Samples.WriteWave(Path.Combine(folder, $"{clip.Kind}-{number}-real.wav"), clip.Wave);
            samples.WriteSound(Path.Combine(folder, $"{clip.Kind}-{number}-rebuilt.wav"), TorchWeights.ToHost(made).Floats.ToArray());
            samples.WriteSound(Path.Combine(folder, $"{clip.Kind}-{number}-blurred.wav"), TorchWeights.ToHost(decoded).Floats.ToArray());
        }
    }

    (torch.Tensor Decoded, torch.Tensor Made) Rebuild(torch.Tensor mel, Random random)
    {
        using var inference = torch.no_grad();
        var latent = ((TorchTensor)encodeWindow([encoderWeights.Wrap(mel)])[0]).Value.chunk(2, 1)[0];
        var (decoded, grain) = Decode(decodeWindow, latent);
        return (decoded, decoded + grain * WhiteNoiseGrain.Of((int)mel.shape[0], ClipTiming.MelFramesPerWindow, random));
    }

    /// <summary>The whole picture, and its changes from frame to frame, which show blur and grain.</summary>
    static torch.Tensor[] Views(torch.Tensor mel) => [(mel + 6) * 0.4, GrainLoss.Change(mel)];

    static double Restlessness(torch.Tensor mel) => GrainLoss.Change(mel).abs().mean().item<float>();

    (torch.Tensor Mel, torch.Tensor Grain) Decode(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> decode, torch.Tensor latent)
    {
        var outputs = decode([weights.Wrap(latent)]);
        return (((TorchTensor)outputs[0]).Value, ((TorchTensor)outputs[1]).Value);
    }

    Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Encoder(int frames) => (PatchCosines.AreOf(config)
        ? PatchEncoder.Define(config.Read<PatchEncoderConfiguration>("mel_encoder") with { MelFrames = frames })
        : VaeEncoder.Define(config.Read<VaeConfiguration>("mel_encoder") with { MelFrames = frames })).Build(new Scope(encoderWeights));

    Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Decoder(int frames) =>
        VaeDecoder.Define(config.Read<VaeConfiguration>(Network) with { MelFrames = frames }).Build(new Scope(weights));
}
