using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Sound;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Trains the video encoder and the predictors together: energy, L_e = ||phi(E_v) - Resize(e)||^2 (ReWaS, equation 2), onsets and spectral
/// texture. The paper uses a pretrained encoder and trains phi alone; here everything starts from random weights.
/// </summary>
sealed class VideoStage : IStage
{
    const int HeldOutClips = 80, Pictures = 8;

    /// <summary>
    /// Weight of the level. The squared error is the sum of the error of a clip's level and the error of its curve. The level depends on
    /// kind and room more than on motion. In small batches its noise drowns the rest, so it counts less.
    /// </summary>
    const double LevelWeight = 0.1;

    /// <summary>
    /// Weight of 1 - correlation with the true curve. It makes the curve of a quiet clip count as much as that of a loud one.
    /// </summary>
    const double CourseWeight = 2;

    const double OnsetWeight = 1, TextureWeight = 5;

    const string Predictor = "energy_predictor";

    readonly TrainingConfig config;
    readonly TrainingData data;
    readonly ClipPool pool;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encoder, energy, onsets, texture;

    public VideoStage(TrainingConfig config, StageConfig stage, TrainingData data)
    {
        (this.config, this.data) = (config, data);
        if (config.Timing.TokenLayout != TokenLayout.TrueTimes || config.Timing.SegmentStride != ClipTiming.SegmentFrames)
            throw new NotSupportedException("this stage trains segments that do not overlap, at their true times");
        pool = data.PoolOf(data.Pictures, stage);
        var trained = new Dictionary<string, TorchWeights>();
        (encoder, energy, onsets, texture) = (
            Build("video_encoder"), Build(Predictor), Build("onset_predictor"), Build("texture_predictor"));
        Trained = trained;
        Start();

        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Build(string network)
        {
            trained[network] = TorchWeights.Fresh(config.Seed + (ulong)trained.Count);
            return config.Define(network).Build(new Scope(trained[network]));
        }
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained { get; }

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        var features = Features(torch.cat([.. clips.Select(clip => Appearance.Vary(Frames(clip), random))]), clips.Length);
        var truth = Tokens(c => c.TokenEnergy).squeeze(2);
        var predicted = Values(energy, features).squeeze(2);
        var error = predicted - truth;
        var level = error.mean([1], keepdim: true);
        return (error - level).square().mean()
            + LevelWeight * level.square().mean()
            + CourseWeight * (1 - Correlations(predicted, truth).mean())
            + OnsetWeight * torch.nn.functional.binary_cross_entropy_with_logits(Values(onsets, features), Tokens(c => c.TokenOnsets))
            + TextureWeight * (Values(texture, features) - Tokens(c => c.TokenTexture)).square().mean();

        torch.Tensor Tokens(Func<TrainingClip, float[]> of) => torch.tensor(
            clips.SelectMany(of).ToArray(),
            [clips.Length, config.Timing.TokensPerWindow, of(clips[0]).Length / config.Timing.TokensPerWindow]);
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var clips = data.HeldOutPictures(HeldOutClips);
        var predicted = clips.Select(Predict).ToArray();
        var scores = clips.Zip(predicted, (clip, p) => (clip.Kind, Score: Correlation.Pearson(p.Energy, clip.Control))).ToList();
        var found = clips.Zip(predicted)
            .SelectMany(pair => pair.First.TokenOnsets.Zip(pair.Second.Onsets))
            .OrderByDescending(t => t.Second)
            .ToArray();
        return scores.GroupBy(s => s.Kind).Select(g => KeyValuePair.Create($"energy_correlation_{g.Key}", g.Average(s => s.Score)))
            .Append(KeyValuePair.Create("energy_correlation", scores.Average(s => s.Score)))
            .Append(KeyValuePair.Create("onset_average_precision", AveragePrecision(found)))
            .Append(KeyValuePair.Create(
                "texture_error",
                clips.Zip(predicted).Average(pair => Correlation.MeanAbsoluteError(pair.First.TokenTexture, pair.Second.Texture))))
            .Append(KeyValuePair.Create("texture_error_of_the_mean", MeanTextureError(clips)))
            .Concat(Filmed())
            .ToDictionary();
    }

    IEnumerable<KeyValuePair<string, double>> Filmed() =>
        data.HeldOutFilms().Select(clip => Correlation.Pearson(Predict(clip).Energy, clip.Control)).ToArray() is { Length: > 0 } scores
            ? [new("energy_correlation_filmed", scores.Average())]
            : [];

    /// <summary>Fits the guard of the energy predictor, if it has one, to scenes as the platform sees their videos.</summary>
    public void Finish()
    {
        if (!IsGuarded)
            return;
        var (features, energy) = (new List<torch.Tensor>(), new List<float>());
        foreach (var clip in data.OtherPictures(config.Read<GuardedPhiConfiguration>(Predictor).References))
        {
            using var scope = torch.NewDisposeScope();
            features.Add(((TorchTensor)Features(Frames(clip), 1)).Value.MoveToOuterDisposeScope());
            energy.AddRange(clip.TokenEnergy);
        }
        var truth = torch.tensor(energy.ToArray(), [features.Count, config.Timing.TokensPerWindow]);
        GuardFit.Fit(Trained[Predictor], torch.cat([.. features]), truth, SceneClips.Qualities.Count);
    }

    public void WriteSamples(string folder)
    {
        foreach (var (number, clip) in data.HeldOutPictures(Pictures).Index())
            Samples.WriteCurves(Path.Combine(folder, $"{number}-{clip.Kind}.png"), clip.Captions[0], Predict(clip).Energy, clip.Control);
    }

    (float[] Energy, float[] Onsets, float[] Texture) Predict(TrainingClip clip)   // [512], [tokens], [tokens, 5]
    {
        using var scope = torch.NewDisposeScope();
        var features = Features(Frames(clip), 1);
        return (Energy.ControlFromTokens(Host(energy), config.Timing), Host(onsets), Host(texture));

        float[] Host(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> head) =>
            TorchWeights.ToHost(Values(head, features)).Floats.ToArray();
    }

    /// <summary>Initial weights: positions are smooth in time, and the predictor gives a typical energy.</summary>
    void Start()
    {
        const float TypicalEnergy = -6, TypicalTexture = 0.5f, RareOnset = -2;
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        (string, float)[] heads = [(Predictor, TypicalEnergy), ("onset_predictor", RareOnset), ("texture_predictor", TypicalTexture)];
        foreach (var (network, typical) in heads)
        {
            var weights = Trained[network];
            var phi = network == Predictor && IsGuarded
                ? config.Read<GuardedPhiConfiguration>(network).Phi
                : config.Read<PhiConfiguration>(network);
            var positions = weights.Parameters["phi.positions"];
            positions.copy_(torch.tensor(SmoothPositions.Of(phi.Channels, phi.Positions), positions.shape));
            weights.Parameters[$"phi.projection2.{2 * phi.HeadWidths.Length}.bias"].fill_(typical);
        }
    }

    bool IsGuarded => config.Networks[Predictor].Architecture == "guarded_phi";

    torch.Tensor Frames(TrainingClip clip)                                     // -> [S, 3, 16, H, W] in [-1, 1]
    {
        var size = config.Timing.FrameSize;
        var bytes = torch.tensor(clip.Frames, [config.Timing.SegmentsPerWindow, ClipTiming.SegmentFrames, size, size, 3]);
        return bytes.permute(0, 4, 1, 2, 3).to_type(torch.ScalarType.Float32).div_(127.5).sub_(1);
    }

    Tensor Features(torch.Tensor frames, int clips)                            // [B S, 3, 16, H, W] -> [B, tokens, C]
    {
        var features = encoder([Trained["video_encoder"].Wrap(frames)])[0];    // [B S, 8, C]
        return features.Reshape(clips, config.Timing.TokensPerWindow, features.Shape[2]);
    }

    // -> [B, tokens, O]
    static torch.Tensor Values(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> head, Tensor features) =>
        ((TorchTensor)head([features])[0]).Value;

    static torch.Tensor Correlations(torch.Tensor predicted, torch.Tensor truth)   // [B, tokens] each -> [B]
    {
        var (p, t) = (predicted - predicted.mean([1], keepdim: true), truth - truth.mean([1], keepdim: true));
        return (p * t).sum(1) / (p.square().sum(1) * t.square().sum(1) + 1e-4).sqrt();
    }

    /// <summary>Average precision of tokens, in order of falling confidence.</summary>
    static double AveragePrecision((float Truth, float Confidence)[] found)
    {
        var (hits, sum) = (0, 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i].Truth > 0)
                sum += (double)++hits / (i + 1);
        }
        return hits == 0 ? double.NaN : sum / hits;
    }

    /// <summary>The error of always predicting the mean of all clips.</summary>
    static double MeanTextureError(TrainingClip[] clips)
    {
        var mean = Enumerable.Range(0, SpectralTexture.Descriptors)
            .Select(d => clips.Average(c => c.TokenTexture.Where((_, i) => i % SpectralTexture.Descriptors == d).Average()))
            .ToArray();
        return clips.Average(c => c.TokenTexture.Select((value, i) => Math.Abs(value - mean[i % mean.Length])).Average());
    }
}
