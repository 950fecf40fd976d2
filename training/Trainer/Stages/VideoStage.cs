using Rewas.Audio;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Torch;
using Rewas.Trainer.Data;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Video encoder and energy predictor together, L_e = ||phi(E_v) - Resize(e)||^2 (ReWaS, equation 2). The paper takes a pretrained encoder
/// and trains phi alone; here both start from nothing.
/// </summary>
sealed class VideoStage : IStage
{
    const int HeldOutClips = 80, Pictures = 8;

    /// <summary>
    /// The squared error is the sum of that of a clip's level and that of its course. The level follows from kind and room more than from motion, and in
    /// small batches its noise drowns what is to be learnt, so it counts less.
    /// </summary>
    const double LevelWeight = 0.1;

    readonly TrainingConfig config;
    readonly TrainingData data;
    readonly ClipPool pool;
    readonly TorchWeights encoderWeights, predictorWeights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encoder, predictor;

    public VideoStage(TrainingConfig config, StageConfig stage, TrainingData data)
    {
        (this.config, this.data) = (config, data);
        if (config.Timing.TokenLayout != TokenLayout.TrueTimes || config.Timing.SegmentStride != ClipTiming.SegmentFrames)
            throw new NotSupportedException("this stage trains segments that do not overlap, at their true times");
        pool = new ClipPool(data.Pictures, config.Seed, stage);
        (encoderWeights, predictorWeights) = (TorchWeights.Fresh(config.Seed), TorchWeights.Fresh(config.Seed + 1));
        encoder = config.Define("video_encoder").Build(new Scope(encoderWeights));
        predictor = config.Define("energy_predictor").Build(new Scope(predictorWeights));
        StartFromMotion(config.Read<MotionformerConfiguration>("video_encoder"), config.Read<PhiConfiguration>("energy_predictor"));
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { ["video_encoder"] = encoderWeights, ["energy_predictor"] = predictorWeights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        var target = torch.tensor(clips.SelectMany(c => c.TokenEnergy).ToArray(), [clips.Length, config.Timing.TokensPerWindow]);
        var frames = clips.Select(clip => Appearance.Vary(Frames([clip]), random)).ToArray();
        var error = Predict(torch.cat(frames), clips.Length) - target;
        var level = error.mean([1], keepdim: true);
        return (error - level).square().mean() + LevelWeight * level.square().mean();
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var clips = data.Pictures.MakeHeldOut(HeldOutClips);
        var scores = clips.Select(clip => (clip.Kind, Score: Correlation.Pearson(ControlOf(clip), clip.Control))).ToList();
        return scores.GroupBy(s => s.Kind).Select(g => KeyValuePair.Create($"energy_correlation_{g.Key}", g.Average(s => s.Score)))
            .Append(KeyValuePair.Create("energy_correlation", scores.Average(s => s.Score))).ToDictionary();
    }

    public void WriteSamples(string folder)
    {
        foreach (var (number, clip) in data.Pictures.MakeHeldOut(Pictures).Index())
            Samples.WriteCurves(Path.Combine(folder, $"{number}-{clip.Kind}.png"), clip.Captions[0], ControlOf(clip), clip.Control);
    }

    float[] ControlOf(TrainingClip clip)                                       // -> [512]
    {
        using var scope = torch.NewDisposeScope();
        return Energy.ControlFromTokens(TorchWeights.ToHost(Predict(Frames([clip]), 1)).Floats.Span, config.Timing);
    }

    /// <summary>Where training starts: the patch embedding sees motion, positions are smooth in time and space, and the predictor says a typical energy.</summary>
    void StartFromMotion(MotionformerConfiguration encoder, PhiConfiguration phi)
    {
        const float TypicalEnergy = -6;
        var (times, side) = (ClipTiming.TokensPerSegment, encoder.FrameSize / encoder.PatchSize);
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Start(encoderWeights, "vfeat_extractor.patch_embed_3d.proj.weight", InitialVideoWeights.MotionFilters(encoder.Channels, encoder.PatchSize));
        Start(encoderWeights, "vfeat_extractor.temp_embed", InitialVideoWeights.Positions(encoder.Channels, times));
        Start(encoderWeights, "vfeat_extractor.pos_embed", [.. new float[encoder.Channels], .. InitialVideoWeights.Positions(encoder.Channels, side, side)]);
        Start(predictorWeights, "phi.positions", InitialVideoWeights.Positions(phi.Channels, phi.Positions));
        predictorWeights.Parameters[$"phi.projection2.{2 * phi.HeadWidths.Length}.bias"].fill_(TypicalEnergy);

        static void Start(TorchWeights weights, string name, float[] values) => weights.Parameters[name].copy_(torch.tensor(values, weights.Parameters[name].shape));
    }

    torch.Tensor Frames(TrainingClip[] clips)                                  // -> [B S, 3, 16, H, W] in [-1, 1]
    {
        var size = config.Timing.FrameSize;
        var bytes = torch.tensor(clips.SelectMany(c => c.Frames).ToArray(), [clips.Length * config.Timing.SegmentsPerWindow, ClipTiming.SegmentFrames, size, size, 3]);
        return bytes.permute(0, 4, 1, 2, 3).to_type(torch.ScalarType.Float32).div_(127.5).sub_(1);
    }

    torch.Tensor Predict(torch.Tensor frames, int clips)                       // [B S, 3, 16, H, W] -> [B, tokens]
    {
        var features = encoder([encoderWeights.Wrap(frames)])[0];                                          // [B S, 8, C]
        var tokens = features.Reshape(clips, config.Timing.TokensPerWindow, features.Shape[2]);
        return ((TorchTensor)predictor([tokens])[0]).Value.squeeze(2);
    }
}
