using Rewas.Audio;
using Rewas.Networks;
using Rewas.Networks.Torch;
using Rewas.Trainer.Data;
using Rewas.Trainer.Losses;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>The HiFi-GAN generator (Kong et al., 2020), trained on multi-resolution spectra; without the adversarial terms.</summary>
sealed class VocoderStage : IStage
{
    const int HeldOutClips = 12;

    readonly StageConfig stage;
    readonly TrainingData data;
    readonly ClipPool pool;
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> vocoder;
    readonly SpectralLoss spectra = new();

    public VocoderStage(TrainingConfig config, StageConfig stage, TrainingData data)
    {
        (this.stage, this.data) = (stage, data);
        pool = new ClipPool(data.Sounds, config.Seed, stage);
        weights = TorchWeights.Fresh(config.Seed + 4);
        vocoder = config.Define("vocoder").Build(new Scope(weights));
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { ["vocoder"] = weights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        var crops = clips.Select(clip => (Clip: clip, First: random.Next(ClipTiming.MelFramesPerWindow - stage.CropFrames + 1))).ToArray();
        var mel = torch.stack(crops.Select(c => torch.tensor(c.Clip.LogMel, [ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]).narrow(0, c.First, stage.CropFrames).t()));
        var real = torch.stack(crops.Select(c => torch.tensor(c.Clip.Wave).narrow(0, c.First * ClipTiming.HopSamples, stage.CropFrames * ClipTiming.HopSamples)));
        return spectra.Of(Synthesize(mel), real);
    }

    public IReadOnlyDictionary<string, double> Evaluate() => new Dictionary<string, double>
    {
        ["copy_synthesis_log_mel_l1"] = data.HeldOutScenes(HeldOutClips).Average(clip =>
        {
            using var scope = torch.NewDisposeScope();
            var mel = torch.tensor(clip.LogMel, [1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]).transpose(1, 2);
            var made = MelSpectrogram.LogMel(TorchWeights.ToHost(Synthesize(mel)).Floats.Span);
            return made.Zip(clip.LogMel, (a, b) => Math.Abs(a - b)).Average();
        }),
    };

    torch.Tensor Synthesize(torch.Tensor mel)                                  // [B, 64, T] -> [B, 160 T]
    {
        var wave = ((TorchTensor)vocoder([weights.Wrap(mel)])[0]).Value.squeeze(1);
        return wave.narrow(1, 0, mel.shape[2] * ClipTiming.HopSamples);
    }
}
