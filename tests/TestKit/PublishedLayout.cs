using Rewas.Bundles.Import;

namespace Rewas.TestKit;

/// <summary>Writes files in the published layout, with weights of the fixtures' generator, for networks of any size.</summary>
static class PublishedLayout
{
    public const float LatentScale = 0.75f;

    const string Clap = "cond_stage_models.0.model.", Vocoder = "first_stage_model.vocoder.";

    /// <summary>
    /// The ReWaS checkpoint: denoiser, adapter, autoencoder, CLAP, the folded vocoder, and weights that inference does not need.
    /// </summary>
    /// <param name="networks">The networks, by their names in a bundle.</param>
    /// <param name="withAverages">Whether to add exponential averages.</param>
    /// <param name="change">Changes a tensor, or drops it by returning null.</param>
    public static void WriteRewas(
        string path,
        IReadOnlyList<PublishedNetwork> networks,
        bool withAverages = false,
        Func<TorchZipTensor, TorchZipTensor?>? change = null)
    {
        List<TorchZipTensor> tensors =
        [
            .. Of(networks, "denoiser"),
            .. Of(networks, "mel_encoder"),
            .. Of(networks, "mel_decoder"),
            .. Of(networks, "text_encoder", Clap),
            .. Of(networks, "audio_encoder", Clap),
            .. Of(networks, "vocoder", Vocoder),
            new("scale_factor", [], () => [LatentScale]),
            new("betas", [4], () => new float[4]),
            new("sqrt_one_minus_alphas_cumprod", [4], () => new float[4]),
            new("posterior_mean_coef1", [4], () => new float[4]),
            new("logvar", [4], () => new float[4]),
            new(Clap + "logit_scale_a", [], () => new float[1]),
        ];
        if (withAverages)
            tensors.AddRange(
            [
                .. tensors.Where(t => t.Name.StartsWith("model.", StringComparison.Ordinal))
                    .Select(t => new TorchZipTensor(
                        "model_ema." + t.Name["model.".Length..].Replace(".", "", StringComparison.Ordinal),
                        t.Shape,
                        () => [.. t.Values().Select(v => -v)])).ToList(),
                new("model_ema.decay", [], () => [0.999f]),
                new("model_ema.num_updates", [], () => [7]),
            ]);
        TorchZip.Write(path, [.. tensors.Select(t => change is null ? t : change(t)).OfType<TorchZipTensor>()], "state_dict");
    }

    /// <summary>phi's checkpoint, saved by a data-parallel trainer.</summary>
    public static void WritePhi(string path, IReadOnlyList<PublishedNetwork> networks) =>
        TorchZip.Write(path, [.. Of(networks, "energy_predictor").Select(t => t with { Name = "module." + t.Name })], "state_dict");

    /// <summary>Synchformer's checkpoint, with its sound branch.</summary>
    public static void WriteSynchformer(string path, IReadOnlyList<PublishedNetwork> networks) => TorchZip.Write(path,
        [
            .. Of(networks, "video_encoder"),
            new("afeat_extractor.ast.layernorm.weight", [3], () => new float[3]),
            new("transformer.pos_emb", [2], () => new float[2]),
        ],
        "model");

    /// <summary>The whole of Synchformer's checkpoint: both branches, the transformer and the offset head.</summary>
    public static void WriteWholeSynchformer(string path, IReadOnlyList<PublishedNetwork> networks) =>
        TorchZip.Write(path, [.. Of(networks, PublishedNetwork.SyncVideo), .. Of(networks, PublishedNetwork.Sync)], "model");

    /// <summary>Tensors of one network under a prefix.</summary>
    public static IEnumerable<TorchZipTensor> Of(IReadOnlyList<PublishedNetwork> networks, string network, string prefix = "") =>
        networks.Single(n => n.Name == network).Weights.Select(
            w => new TorchZipTensor(prefix + w.Key, w.Value, () => FixtureGenerator.Weight(w.Key, w.Value)));
}
