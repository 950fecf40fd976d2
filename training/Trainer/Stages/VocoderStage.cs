using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Sound.Mel;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Losses;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// The vocoder, trained with the losses of HiFi-GAN (Kong et al., 2020): L1 of the log mel, adversarial and feature matching. Spectra at
/// several resolutions are added. They teach what 64 mel bins do not show, before the discriminator takes part.
/// </summary>
sealed class VocoderStage : IStage
{
    const double MelWeight = 8, SpectraWeight = 2, FeatureWeight = 2;
    const int HeldOutScenes = 24, HeldOutRecordings = 24, Sounds = 4;

    /// <summary>Frames to ignore at the ends of a crop, where the vocoder lacks frames that a whole clip would have.</summary>
    const int EdgeFrames = 4;

    /// <summary>The number of refinement rounds in training. More rounds would cost more than they teach.</summary>
    const int TrainedRefinements = 2;

    readonly StageConfig stage;
    readonly TrainingData data;
    readonly ClipPool pool;
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> vocoder, trained;
    readonly SpectralLoss spectra = new();
    readonly LogMel logMel = new();
    readonly SpectrogramImages images = new();
    readonly AdversarialLoss adversaries;

    public VocoderStage(TrainingConfig config, StageConfig stage, TrainingData data)
    {
        (this.stage, this.data) = (stage, data);
        pool = data.PoolOf(data.Sounds, stage);
        weights = TorchWeights.Fresh(config.Seed + 4);
        vocoder = config.Define("vocoder").Build(new Scope(weights));
        trained = config.Networks["vocoder"].Architecture != "vocos" ? vocoder
            : Vocos.Define(config.Read<VocosConfiguration>("vocoder") is var c && c.Refinements > TrainedRefinements
                ? c with { Refinements = TrainedRefinements, Corrections = 0 }
                : c with { Corrections = 0 }).Build(new Scope(weights));
        adversaries = new AdversarialLoss(config.Seed + 8, SpectrogramImages.Resolutions, FeatureWeight);
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained =>
        new Dictionary<string, TorchWeights> { ["vocoder"] = weights, ["discriminator"] = adversaries.Weights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        var crops = clips.Select(clip => (Clip: clip, First: random.Next(ClipTiming.MelFramesPerWindow - stage.CropFrames + 1))).ToArray();
        var mel = torch.stack(crops.Select(
            c =>
                torch.tensor(c.Clip.LogMel, [ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]).narrow(0, c.First, stage.CropFrames).t()));
        var real = torch.stack(
            crops.Select(
                c => torch.tensor(c.Clip.Wave).narrow(0, c.First * ClipTiming.HopSamples, stage.CropFrames * ClipTiming.HopSamples)));
        var made = Inner(Synthesize(trained, mel));
        real = Inner(real);
        var loss = MelWeight * (logMel.Of(made) - logMel.Of(real)).abs().mean() + SpectraWeight * spectra.Of(made, real);
        return step < stage.AdversarialFrom ? loss : loss + adversaries.Of(images.Of(made), images.Of(real));

        torch.Tensor Inner(torch.Tensor wave) =>
            wave.narrow(1, EdgeFrames * ClipTiming.HopSamples, (stage.CropFrames - 2 * EdgeFrames) * ClipTiming.HopSamples);
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var clips = data.HeldOutScenes(HeldOutScenes).Concat(data.HeldOutRecordings(HeldOutRecordings)).ToArray();
        return new Dictionary<string, double>
        {
            ["copy_synthesis_log_mel_l1"] = clips.Average(clip => Distance(clip, mel => Synthesize(vocoder, mel))),
            ["griffin_lim_log_mel_l1"] = clips.Average(clip => Distance(clip, GriffinLim.Synthesize)),
        };
    }

    public void WriteSamples(string folder)
    {
        foreach (var (number, clip) in data.HeldOutScenes(Sounds).Concat(data.HeldOutRecordings(Sounds)).Index())
        {
            using var scope = torch.NewDisposeScope();
            var mel = torch.tensor(clip.LogMel, [1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]).transpose(1, 2);
            Samples.WriteWave(Path.Combine(folder, $"{number}-{clip.Kind}-real.wav"), clip.Wave);
            Samples.WriteWave(
                Path.Combine(folder, $"{number}-{clip.Kind}-copy.wav"), TorchWeights.ToHost(Synthesize(vocoder, mel)).Floats.ToArray());
        }
    }

    static double Distance(TrainingClip clip, Func<torch.Tensor, torch.Tensor> synthesize)
    {
        using var scope = torch.NewDisposeScope();
        var mel = torch.tensor(clip.LogMel, [1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]).transpose(1, 2);
        var made = MelSpectrogram.LogMel(TorchWeights.ToHost(synthesize(mel)).Floats.Span);
        return made.Zip(clip.LogMel, (a, b) => Math.Abs(a - b)).Average();
    }

    torch.Tensor Synthesize(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> vocoder, torch.Tensor mel)   // [B, 64, T] -> [B, 160 T]
    {
        var wave = ((TorchTensor)vocoder([weights.Wrap(mel)])[0]).Value.squeeze(1);
        return wave.narrow(1, 0, mel.shape[2] * ClipTiming.HopSamples);
    }
}
