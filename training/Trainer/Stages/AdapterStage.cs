using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Sound;
using Rewas.Sound.Mel;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// The energy adapter. It starts as a copy of the backbone's encoder, and its zero convolutions let its effect grow gradually (Zhang and
/// Agrawala, 2023; ReWaS, section 3.3). The backbone is frozen, or learns too (<see cref="StageConfig.BackboneLearns"/>). Then a step costs
/// half as much again as a step of the backbone alone, and teaches both.
/// </summary>
sealed class AdapterStage : DiffusionStage
{
    /// <summary>Prefix of the adapter's weight names.</summary>
    public const string Adapter = "control_model.";

    /// <summary>The backbone, in its own stage and in this one if it learns here.</summary>
    public const string BackboneNetwork = "denoiser";

    const string Backbone = "model.diffusion_model.";
    const int BatchSize = 13, CandidatesRanked = 4, Noises = 8;

    readonly TrainingConfig config;
    readonly RunFolder run;
    readonly bool backboneLearns;
    readonly TorchWeights backbone, weights;
    readonly DiffusionUNet unet;
    readonly EnergyAdapter adapter;

    public AdapterStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
        : base(config, stage, data, run)
    {
        (this.config, this.run, backboneLearns) = (config, run, stage.BackboneLearns);
        // If the backbone learns with the adapter, both may start from random weights.
        backbone = backboneLearns && !run.Has("backbone", BackboneNetwork)
            ? TorchWeights.Fresh(config.Seed + 6)
            : TorchWeights.From(run.Read("backbone", BackboneNetwork));
        unet = new DiffusionUNet(new Scope(backbone) / "model" / "diffusion_model", config.UNet());
        backbone.ThrowIfFaulty("backbone");
        var stored = backbone.ToHost();
        foreach (var parameter in backbone.Parameters.Values)
            parameter.requires_grad_(backboneLearns);
        weights = TorchWeights.FromOrFresh(
            stored.Where(w => IsShared(w.Key)).Select(w => KeyValuePair.Create(Adapter + w.Key[Backbone.Length..], w.Value)),
            config.Seed + 7);
        adapter = new EnergyAdapter(new Scope(weights) / "control_model", config.UNet());
        weights.ThrowIfFaulty("adapter");
    }

    public override IReadOnlyDictionary<string, TorchWeights> Trained => backboneLearns
        ? new Dictionary<string, TorchWeights> { ["adapter"] = weights, [BackboneNetwork] = backbone }
        : new Dictionary<string, TorchWeights> { ["adapter"] = weights };

    /// <summary>
    /// Measures whether the sound follows the curve and whether it is what the text says. Uses prompts of all labels, each under the curve
    /// of a held-out recording of another label; the same prompts without control; phrases that training never saw; and curves drawn by
    /// hand.
    /// </summary>
    public override IReadOnlyDictionary<string, double> Evaluate()
    {
        var figures = base.Evaluate().ToDictionary();
        if (Judge.Load(config, run) is not { } judge)
            return figures;
        var recorded = Data.HeldOutRecordingsOf(judge.Labels, clipsEach: 1);
        if (recorded.Length == 0)
            return figures;
        var curves = judge.Labels.Select(OtherCurve).ToArray();
        string[] known = [.. judge.Labels.Select(label => Data.CaptionsOf(label)[1])],
            unseen = [.. judge.Labels.Select(Data.UnseenCaptionOf)];

        var candidates = Enumerable.Range(1, Noises).Select(seed => Generate(known, curves, (ulong)seed)).ToArray();
        float[][] controlled = [.. candidates.SelectMany(mels => mels)];
        // Many noises, because the judge may know one sound of a prompt and not the next, and 21 sounds alone say little.
        float[][] free = [.. Enumerable.Range(1, Noises).SelectMany(seed => Generate(known, (IReadOnlyList<Control>?)null, (ulong)seed))];
        float[][] rephrased = [.. Enumerable.Range(1, Noises).SelectMany(seed => Generate(unseen, curves, (ulong)seed))];
        var drawn = Enumerable.Range(0, 8).Select(DrawnCurve).ToArray();
        var followed = Generate([.. known.Take(drawn.Length)], drawn, seed: 3);

        figures["judged_labels"] = judge.Labels.Count;
        figures["control_correlation"] = controlled.Select((mel, i) => Correlation.Pearson(EnergyOf(mel), curves[i % curves.Length]))
            .Average();
        figures["control_correlation_drawn"] = followed.Select((mel, i) => Correlation.Pearson(EnergyOf(mel), drawn[i])).Average();
        figures["control_energy_bias"] = controlled.Select(
            (mel, i) => (double)EnergyOf(mel).Zip(curves[i % curves.Length], (made, asked) => made - asked).Average()).Average();
        figures["control_energy_mae"] =
            controlled.Select((mel, i) => Correlation.MeanAbsoluteError(EnergyOf(mel), curves[i % curves.Length])).Average();
        figures["text_only_energy_mae"] = free.Select((mel, i) => Correlation.MeanAbsoluteError(EnergyOf(mel), curves[i % curves.Length]))
            .Average();
        if (config.UNet().Descriptors)
            (figures["texture_distance_of_energy"], figures["texture_distance_of_texture"]) = TextureDistances();
        // How the judge scores real sound, and real sound rebuilt by the autoencoder. Generated sound can reach at most this.
        string[] kinds = [.. recorded.Select(clip => clip.Kind)];
        figures["label_accuracy_of_recordings"] = judge.Accuracy([.. recorded.Select(clip => clip.LogMel)], kinds);
        figures["label_accuracy_of_rebuilt_recordings"] = judge.Accuracy([.. recorded.Select(Rebuilt)], kinds);
        // How the judge scores real sound that is made to follow a foreign curve. Generated sound is asked to do the same.
        figures["label_accuracy_of_recordings_under_other_curves"] =
            judge.Accuracy([.. recorded.Select((clip, i) => Following(clip.LogMel, OtherCurve(clip.Kind, i)))], kinds);
        figures["label_accuracy"] = judge.Accuracy(controlled);
        figures[$"label_accuracy_best_of_{CandidatesRanked}"] =
            judge.Accuracy([.. candidates.Chunk(CandidatesRanked).SelectMany(some => BestFit(known, some))]);
        figures["label_accuracy_text_only"] = judge.Accuracy(free);
        figures["label_accuracy_unseen_phrases"] = judge.Accuracy(rephrased);
        return figures;

        // Never a curve of the same label.
        float[] OtherCurve(string label, int i) =>
            recorded.Skip(i * 7 % recorded.Length).Concat(recorded).First(clip => clip.Kind != label).Control;
    }

    protected override bool IsControlled => true;

    protected override Tensor Predict(torch.Tensor latent, torch.Tensor time, Tensor text, Hint? hint)
    {
        var control = hint is null
            ? null
            : adapter.Forward(
                weights.Wrap(latent),
                weights.Wrap(time),
                text,
                weights.Wrap(hint.Energy),
                hint.Descriptors is null ? null : weights.Wrap(hint.Descriptors));
        return unet.Forward(backbone.Wrap(latent), backbone.Wrap(time), text, control);
    }

    /// <summary>Texture distance between generated and true sounds, under energy alone and with their texture given.</summary>
    (double Energy, double Texture) TextureDistances()
    {
        var clips = Data.HeldOutScenes(BatchSize).Concat(Data.HeldOutRecordings(BatchSize)).ToArray();
        return (Of(ControlKind.Energy), Of(ControlKind.Texture));

        double Of(ControlKind kind) => Generate([.. clips.Select(c => c.Captions[0])], [.. clips.Select(c => Control.Of(c, kind))], seed: 4)
            .Zip(clips, (mel, clip) => SpectralTexture.Distance(SpectralTexture.OfLogMel(mel), SpectralTexture.OfLogMel(clip.LogMel)))
                .Average();
    }

    /// <summary>
    /// For each caption, the sound that fits it best by the embedding that text and sound share. AudioLDM ranks by CLAP in this way (Liu et
    /// al., 2023), and the platform ranks its candidates in this way. The judge has no part in the choice.
    /// </summary>
    /// <param name="captions">Captions of the sounds.</param>
    /// <param name="candidates">Candidates, each with one log mel [512, 64] per caption.</param>
    float[][] BestFit(string[] captions, IReadOnlyList<float[][]> candidates)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var soundWeights = run.Load("embedding", "audio_encoder");
        var encoder = config.Define("audio_encoder").Build(new Scope(soundWeights));
        var text = ((TorchTensor)CaptionEncoders.SharedWithSound(config, run).Encode(captions)).Value;
        var fits = candidates.Select(mels =>
        {
            var sounds =
                torch.tensor(mels.SelectMany(mel => mel).ToArray(), [mels.Length, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
            return (((TorchTensor)encoder([soundWeights.Wrap(sounds)])[0]).Value * text).sum(1).data<float>().ToArray();
        }).ToArray();
        return [.. captions.Select((_, i) => candidates[Enumerable.Range(0, candidates.Count).MaxBy(k => fits[k][i])][i])];
    }

    float[][] Generate(string[] captions, IReadOnlyList<float[]> curves, ulong seed) =>
        Generate(captions, [.. curves.Select(Control.OfCurve)], seed);

    float[][] Generate(string[] captions, IReadOnlyList<Control>? controls, ulong seed) =>
        [
            .. captions.Chunk(BatchSize).SelectMany(
                (part, i) => Sample(part, controls?.Skip(i * BatchSize).Take(part.Length).ToArray(), seed + 100 * (ulong)i)),
        ];

    /// <summary>Scales the sound frame by frame so that its energy is the curve.</summary>
    float[] Following(float[] logMel, float[] curve)
    {
        var energy = EnergyOf(logMel);
        return [
            .. logMel.Select(
                (value, i) => MathF.Max(SilenceFloor.LogMel, value + curve[i / ClipTiming.MelBins] - energy[i / ClipTiming.MelBins])),
        ];
    }

    float[] EnergyOf(float[] logMel) => Energy.Control(Energy.OfLogMel(logMel), config.Timing);

    /// <summary>Curves like those drawn by hand: steps, ramps, swells, separate strokes.</summary>
    float[] DrawnCurve(int number)
    {
        const float Quiet = -9, Loud = -4.5f;
        var curve = new float[ClipTiming.MelFramesPerWindow];
        for (var frame = 0; frame < curve.Length; frame++)
        {
            var at = (double)frame / curve.Length;
            var height = (number % 4) switch
            {
                0 => (int)(at * (2 + number)) % 2,                            // on and off
                1 => at * (number + 1) % 1,                                   // ramps
                2 => 0.5 - 0.5 * Math.Cos(2 * Math.PI * at * (number - 0.5)), // swells
                _ => Math.Exp(-8 * (at * (number + 2) % 1)),                  // strokes that die away
            };
            curve[frame] = Quiet + (Loud - Quiet) * (float)height;
        }
        return Energy.Control(curve, config.Timing);
    }

    static bool IsShared(string name) =>
        name.StartsWith(Backbone, StringComparison.Ordinal) && !name.StartsWith(Backbone + "out", StringComparison.Ordinal);
}
