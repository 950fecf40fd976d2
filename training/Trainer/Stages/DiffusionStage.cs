using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Torch;
using Rewas.Text;
using Rewas.Trainer.Data;
using System.Runtime.CompilerServices;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// What the two diffusion stages share: latents of the frozen mel encoder, token ids, and the noise-prediction loss
/// ||eps - eps_theta(z_t, t, E_y, c_e)||^2 (Ho et al., 2020; ReWaS, equation 3).
/// </summary>
abstract class DiffusionStage : IStage
{
    const int HeldOutClips = 48;

    readonly TrainingConfig config;
    readonly StageConfig stage;
    readonly TrainingData data;
    readonly ClipPool pool;
    readonly PromptTokenizer tokenizer;
    readonly TorchWeights melWeights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> melEncoder, textEncoder;
    readonly double latentScale;
    readonly double[] alphas;                                                  // share of signal power after each training step
    readonly ConditionalWeakTable<TrainingClip, Latents> latents = [];

    protected DiffusionStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run, TorchWeights text)
    {
        (this.config, this.stage, this.data) = (config, stage, data);
        pool = new ClipPool(data.Sounds, config.Seed, stage);
        tokenizer = run.Tokenizer();
        latentScale = run.LatentScale();
        melWeights = run.Load("mel", "mel_encoder");
        melEncoder = config.Define("mel_encoder").Build(new Scope(melWeights));
        melWeights.ThrowIfFaulty("mel_encoder");
        textEncoder = config.Define("text_encoder").Build(new Scope(text));
        Text = text;
        alphas = config.Sampler.CumulativeAlphas();
    }

    public abstract IReadOnlyDictionary<string, TorchWeights> Trained { get; }

    protected TorchWeights Text { get; }

    /// <summary>The predicted noise; hint is null where a stage trains without control.</summary>
    protected abstract Tensor Predict(torch.Tensor latent, torch.Tensor time, Tensor text, torch.Tensor hint);

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        using var generator = new torch.Generator((ulong)step, torch.CPU);
        var times = clips.Select(_ => random.Next(config.Sampler.TrainingSteps)).ToArray();
        var captions = clips.Select(c => random.NextDouble() < stage.TextDrop ? "" : c.Captions[random.Next(c.Captions.Count)]).ToArray();
        return Loss(clips, captions, times, generator);
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        using var generator = new torch.Generator(0, torch.CPU);
        var clips = data.HeldOutScenes(HeldOutClips);
        var losses = clips.Chunk(8).Select(part =>
        {
            using var scope = torch.NewDisposeScope();
            var times = part.Select((_, i) => (i * 2 + 1) * config.Sampler.TrainingSteps / (part.Length * 2)).ToArray();
            return Loss(part, [.. part.Select(c => c.Captions[0])], times, generator).item<float>();
        });
        return new Dictionary<string, double> { ["noise_loss"] = losses.Average() };
    }

    torch.Tensor Loss(TrainingClip[] clips, string[] captions, int[] times, torch.Generator generator)
    {
        var encoded = clips.Select(c => latents.GetValue(c, Encode)).ToArray();
        var latent = torch.cat([.. encoded.Select(e => e.Sound)]);
        var hint = torch.cat([.. encoded.Select(e => e.Control)]);
        var noise = torch.randn(latent.shape, generator: generator);
        var kept = torch.tensor(times.Select(t => (float)alphas[t]).ToArray(), [clips.Length, 1, 1, 1]);
        var noisy = latent * kept.sqrt() + noise * (1 - kept).sqrt();
        var predicted = Predict(noisy, torch.tensor(times.Select(t => (float)t).ToArray()), EncodeText(captions), hint);
        return torch.nn.functional.mse_loss(((TorchTensor)predicted).Value, noise);
    }

    Tensor EncodeText(string[] captions)                                       // -> [B, T]
    {
        var ids = captions.Select(tokenizer.Encode).ToArray();
        var length = ids.Max(i => i.Length);
        var padded = ids.SelectMany(i => i.Concat(Enumerable.Repeat((long)PromptTokenizer.Padding, length - i.Length))).ToArray();
        return textEncoder([Text.Wrap(torch.tensor(padded, [ids.Length, length]))])[0];
    }

    Latents Encode(TrainingClip clip)
    {
        using var inference = torch.no_grad();
        torch.Tensor Mean(float[] image)
        {
            using var scope = torch.NewDisposeScope();
            var mel = torch.tensor(image, [1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
            return (((TorchTensor)melEncoder([melWeights.Wrap(mel)])[0]).Value.chunk(2, 1)[0] * latentScale).DetachFromDisposeScope();
        }
        return new(Mean(clip.LogMel), Mean(MelStage.ControlImage(clip.Control)));
    }

    /// <summary>Scaled latents [1, Z, F, M] of a clip's sound and of its control image. Freed with the clip.</summary>
    sealed record Latents(torch.Tensor Sound, torch.Tensor Control);
}

/// <summary>The backbone: U-Net and text encoder learn together, without control.</summary>
sealed class BackboneStage : DiffusionStage
{
    readonly TorchWeights weights;
    readonly DiffusionUNet unet;

    public BackboneStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
        : base(config, stage, data, run, TorchWeights.Fresh(config.Seed + 5))
    {
        weights = TorchWeights.Fresh(config.Seed + 6);
        unet = new DiffusionUNet(new Scope(weights) / "model" / "diffusion_model", config.UNet());
    }

    public override IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { ["denoiser"] = weights, ["text_encoder"] = Text };

    protected override Tensor Predict(torch.Tensor latent, torch.Tensor time, Tensor text, torch.Tensor hint) =>
        unet.Forward(weights.Wrap(latent), weights.Wrap(time), text, control: null);
}

/// <summary>
/// The energy adapter, with the backbone frozen: it starts as a copy of the backbone's encoder, and its zero convolutions let it in little by
/// little (Zhang and Agrawala, 2023; ReWaS, section 3.3).
/// </summary>
sealed class AdapterStage : DiffusionStage
{
    const string Backbone = "model.diffusion_model.", Adapter = "control_model.";

    readonly TorchWeights frozen, weights;
    readonly DiffusionUNet unet;
    readonly EnergyAdapter adapter;

    public AdapterStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
        : base(config, stage, data, run, run.Load("backbone", "text_encoder"))
    {
        var stored = run.Read("backbone", "denoiser");
        frozen = TorchWeights.From(stored);
        unet = new DiffusionUNet(new Scope(frozen) / "model" / "diffusion_model", config.UNet());
        frozen.ThrowIfFaulty("backbone");
        Freeze(frozen);
        Freeze(Text);
        weights = TorchWeights.FromOrFresh(stored.Where(w => IsShared(w.Key)).Select(w => KeyValuePair.Create(Adapter + w.Key[Backbone.Length..], w.Value)), config.Seed + 7);
        adapter = new EnergyAdapter(new Scope(weights) / "control_model", config.UNet());
        weights.ThrowIfFaulty("adapter");
    }

    public override IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { ["adapter"] = weights };

    protected override Tensor Predict(torch.Tensor latent, torch.Tensor time, Tensor text, torch.Tensor hint)
    {
        var control = adapter.Forward(weights.Wrap(latent), weights.Wrap(time), text, weights.Wrap(hint));
        return unet.Forward(frozen.Wrap(latent), frozen.Wrap(time), text, control);
    }

    static bool IsShared(string name) =>
        name.StartsWith(Backbone, StringComparison.Ordinal) && !name.StartsWith(Backbone + "out", StringComparison.Ordinal);

    static void Freeze(TorchWeights weights)
    {
        foreach (var parameter in weights.Parameters.Values)
            parameter.requires_grad_(false);
    }
}
