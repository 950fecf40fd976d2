using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Sound;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Shared by the diffusion stages: latents and text embeddings of frozen encoders, sampling, and the loss. The loss is that of noise
/// prediction, ||eps - eps_theta(z_t, t, E_y, c_e)||^2 (Ho et al., 2020; ReWaS, equation 3), or the same for the velocity (Salimans and Ho,
/// 2022).
/// </summary>
abstract class DiffusionStage : IStage
{
    const int HeldOutClips = 48, Sounds = 8;

    readonly TrainingConfig config;
    readonly StageConfig stage;
    readonly RunFolder run;
    readonly StoredLatents clips;
    readonly ICaptionEncoder captionEncoder;
    readonly MelEncoding melEncoder;
    readonly Lazy<MelDecoding> melDecoder;                                     // it may still be in training while the denoiser is
    readonly double latentScale;
    readonly double[] alphas;                                                  // share of signal power after each time step
    readonly Ddim sampler;

    protected DiffusionStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
    {
        (this.config, this.stage, this.run, Data, sampler) = (config, stage, run, data, new Ddim(config.Sampler));
        captionEncoder = CaptionEncoders.OfDenoiser(config, run);
        latentScale = run.LatentScale();
        melEncoder = new(config, run);
        melDecoder = new(() => new(config, run));
        alphas = config.Sampler.CumulativeAlphas();
        clips = melEncoder.Stored(config, run, data);
    }

    public abstract IReadOnlyDictionary<string, TorchWeights> Trained { get; }

    protected TrainingData Data { get; }

    /// <summary>Whether the stage trains with control.</summary>
    protected abstract bool IsControlled { get; }

    /// <summary>The predicted noise or velocity. The hint is null without control.</summary>
    protected abstract Tensor Predict(torch.Tensor latent, torch.Tensor time, Tensor text, Hint? hint);

    public torch.Tensor Loss(int step)
    {
        var random = SeededRandom.For(config.Seed + (ulong)step);
        using var generator = new torch.Generator((ulong)step, torch.CPU);
        int[] drawn = [.. Enumerable.Range(0, stage.Batch).Select(_ => random.Next(clips.Count))];
        int[] times = [.. drawn.Select(_ => (int)(config.Sampler.TrainingSteps * Math.Pow(random.NextDouble(), stage.TimeExponent)))];
        string[] captions =
        [
            .. drawn.Select(
                clip => random.NextDouble() < stage.TextDrop ? "" : clips.Captions(clip)[random.Next(clips.Captions(clip).Count)]),
        ];
        ControlKind[] kinds = [.. drawn.Select(_ => random.NextDouble() < stage.ControlDrop ? ControlKind.None : AnyOf(random))];
        Hint? hint = null;
        if (IsControlled)
        {
            var descriptors = drawn.Zip(kinds, (clip, kind) => clips.Descriptors(clip) is var (onsets, texture)
                ? new Control(null, kind is ControlKind.Onsets ? onsets : [], kind is ControlKind.Texture ? texture : []) : Control.None);
            hint = new(clips.Controls(drawn) * HasEnergy(kinds), DescriptorsOf([.. descriptors]));
        }
        return Loss(clips.Sounds(drawn), captions, times, hint, generator);
    }

    public virtual IReadOnlyDictionary<string, double> Evaluate()
    {
        using var generator = new torch.Generator(0, torch.CPU);
        var clips = Data.HeldOutScenes(HeldOutClips).Concat(Data.HeldOutRecordings(HeldOutClips)).ToArray();
        var losses = clips.Chunk(8).Select(part =>
        {
            using var scope = torch.NewDisposeScope();
            var times = part.Select((_, i) => (i * 2 + 1) * config.Sampler.TrainingSteps / (part.Length * 2)).ToArray();
            var hint = IsControlled ? HintOf([.. part.Select(Control.Energy)]) : null;
            return Loss(melEncoder.Encode([.. part.Select(c => c.LogMel)]), [.. part.Select(c => c.Captions[0])], times, hint, generator)
                .item<float>();
        });
        return new Dictionary<string, double> { ["denoising_loss"] = losses.Average() };
    }

    /// <summary>Writes sounds of held-out captions under the curves of their own clips.</summary>
    public void WriteSamples(string folder)
    {
        var clips = Data.HeldOutRecordings(Sounds).Concat(Data.HeldOutScenes(Sounds)).ToArray();
        var samples = new Samples(config, run);
        foreach (
            var ((number, clip), mel) in clips.Index().Zip(
                Sample([.. clips.Select(c => c.Captions[0])], [.. clips.Select(Control.Energy)], seed: 1)))
        {
            Samples.WriteWave(Path.Combine(folder, $"{number}-{clip.Kind}-real.wav"), clip.Wave);
            samples.WriteSound(Path.Combine(folder, $"{number}-{clip.Kind}-made.wav"), mel);
        }
    }

    /// <summary>Samples log mels, each [512, 64], for captions, under controls unless null.</summary>
    public float[][] Sample(IReadOnlyList<string> captions, IReadOnlyList<Control>? controls, ulong seed)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        // Classifier-free guidance with a separate scale for the control, as the platform samples. Rows that cancel out are omitted.
        var (count, textScale) = (captions.Count, config.Sampler.GuidanceScale);
        var controlScale = controls is null ? 1 : config.Sampler.EnergyGuidanceScale ?? textScale;
        (bool Control, bool Text, double Weight)[] all =
            [(false, false, 1 - controlScale), (true, false, controlScale - textScale), (true, true, textScale)];
        var rows = all.Where(row => row.Weight != 0).ToArray();
        var text = EncodeText([.. rows.SelectMany(row => row.Text ? captions : Enumerable.Repeat("", count))]);
        var hint = controls is null
            ? null
            : HintOf([.. rows.SelectMany(row => row.Control ? controls : Enumerable.Repeat(Control.None, count))]);
        var latent = sampler.Sample(LatentShape(count), seed, controls is null ? null : HintOf([.. controls]).Energy, (x, time) =>
        {
            var noise = ((TorchTensor)Predict(
                torch.cat([.. rows.Select(_ => x)]), torch.full([rows.Length * count], time), text, hint)).Value.chunk(rows.Length, 0);
            return rows.Select((row, i) => noise[i] * row.Weight).Aggregate((sum, part) => sum + part);
        });
        float[][] mels = melDecoder.Value.Decode(latent / latentScale, new Random((int)seed));
        foreach (var (mel, control) in mels.Zip(controls ?? []))
            if (control.Curve is { } curve)
                EnergyFit.Apply(mel, curve, config.Timing, config.Sampler.EnergyFit);
        return mels;
    }

    /// <summary>A clip's log mel [512, 64] through the autoencoder.</summary>
    protected float[] Rebuilt(TrainingClip clip)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return melDecoder.Value.Decode(melEncoder.Encode([clip.LogMel]) / latentScale, new Random(1))[0];
    }

    torch.Tensor Loss(torch.Tensor latent, string[] captions, int[] times, Hint? hint, torch.Generator generator)
    {
        var noise = torch.randn(latent.shape, generator: generator);
        var kept = torch.tensor(times.Select(t => (float)alphas[t]).ToArray(), [times.Length, 1, 1, 1]);
        var noisy = latent * kept.sqrt() + noise * (1 - kept).sqrt();
        var predicted = Predict(noisy, torch.tensor(times.Select(t => (float)t).ToArray()), EncodeText(captions), hint);
        var target = config.Sampler.Prediction == PredictionNames.Velocity ? noise * kept.sqrt() - latent * (1 - kept).sqrt() : noise;
        return torch.nn.functional.mse_loss(((TorchTensor)predicted).Value, target);
    }

    Tensor EncodeText(string[] captions)                                       // -> [B, T]
    {
        using var frozen = torch.no_grad();
        return captionEncoder.Encode(captions);
    }

    Hint HintOf(IReadOnlyList<Control> controls) =>
        new(
            torch.cat(
                [
                    .. controls.Select(
                        c => c.Curve is null ? torch.zeros(LatentShape(1)) : melEncoder.Encode([MelStage.ControlImage(c.Curve)])),
                ]),
            DescriptorsOf(controls));

    static torch.Tensor HasEnergy(IReadOnlyList<ControlKind> kinds) =>
        torch.tensor(kinds.Select(kind => kind is ControlKind.Energy or ControlKind.Texture ? 1f : 0f).ToArray(), [kinds.Count, 1, 1, 1]);

    torch.Tensor? DescriptorsOf(IReadOnlyList<Control> controls)              // -> [B, 8, F]
    {
        var unet = config.UNet();
        return !unet.Descriptors ? null
            : torch.tensor(
                controls.SelectMany(c => ControlDescriptors.Of(c.Onsets, c.Texture, unet.LatentFrames)).ToArray(),
                [controls.Count, ControlDescriptors.Count, unet.LatentFrames]);
    }

    long[] LatentShape(int count) => config.UNet() is var c ? [count, c.LatentChannels, c.LatentFrames, c.LatentBins] : [];

    /// <summary>Draws the control of a training clip. A network without descriptors knows energy only.</summary>
    ControlKind AnyOf(Random random) => !config.UNet().Descriptors ? ControlKind.Energy : random.NextDouble() switch
    {
        < 0.5 => ControlKind.Energy,
        < 0.75 => ControlKind.Texture,
        _ => ControlKind.Onsets,
    };

    /// <summary>The input of the adapter.</summary>
    /// <param name="Energy">Control latents [B, Z, F, M].</param>
    /// <param name="Descriptors"><see cref="ControlDescriptors"/> [B, 8, F]; null for a network that does not take them.</param>
    protected sealed record Hint(torch.Tensor Energy, torch.Tensor? Descriptors);
}
