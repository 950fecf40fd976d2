using System.Text.RegularExpressions;

namespace Rewas.Bundles.Import;

/// <summary>A published file.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Licence">SPDX identifier.</param>
/// <param name="LicenceText">Licensor and licence, in one line.</param>
/// <param name="Unused">Names of weights that inference does not need.</param>
public sealed partial record PublishedSource(string Name, string Description, string Licence, string LicenceText, Regex Unused)
{
    /// <summary>Licence of a bundle made of these files: that of the strictest part.</summary>
    public const string CombinedLicence = "CC-BY-NC-SA-4.0";

    public static readonly PublishedSource Rewas = new("rewas", "ReWaS with AudioLDM-M, its VAE, CLAP and vocoder", "CC-BY-NC-SA-4.0",
        "ReWaS, Copyright (c) 2024-present NAVER Cloud Corp., CC BY-NC-SA 4.0; "
            + "built on AudioLDM (Haohe Liu et al.), weights CC BY-NC 4.0", UnusedOfRewas());
    public static readonly PublishedSource Phi = new("phi", "energy predictor of ReWaS", "CC-BY-NC-SA-4.0",
        "ReWaS, Copyright (c) 2024-present NAVER Cloud Corp., CC BY-NC-SA 4.0", UnusedOfPhi());
    public static readonly PublishedSource Synchformer = new("synchformer", "Synchformer, of which the visual branch is used", "MIT",
        "Synchformer, Copyright (c) 2024 Vladimir Iashin, MIT", UnusedOfSynchformer());
    public static readonly PublishedSource Clap = new("clap", "LAION-CLAP (HTS-AT base, RoBERTa)", "CC0-1.0",
        "LAION-CLAP, code and weights CC0 1.0", UnusedOfClap());
    public static readonly PublishedSource Vae = new("vae", "mel autoencoder of AudioLDM, 16 kHz, 64 bins", "CC-BY-NC-4.0",
        "AudioLDM (Haohe Liu et al.), weights CC BY-NC 4.0", UnusedOfVae());
    public static readonly PublishedSource Vocoder = new("vocoder", "HiFi-GAN of AudioLDM, 16 kHz, 64 bins", "CC-BY-NC-4.0",
        "AudioLDM (Haohe Liu et al.), weights CC BY-NC 4.0; HiFi-GAN, MIT", Nothing());
    public static readonly PublishedSource Panns = new("panns", "CNN14 of PANNs, 16 kHz, which measures sounds", "CC-BY-4.0",
        "PANNs (Qiuqiang Kong et al.), weights CC BY 4.0, code MIT", Nothing());
    public static readonly PublishedSource Melception = new("melception", "Melception of SpecVQGAN, which measures sounds", "MIT",
        "SpecVQGAN, Copyright (c) 2021 Vladimir Iashin, MIT", Nothing());

    public static readonly PublishedSource Sync = new("sync", "Synchformer, the whole of it, which measures synchrony", "MIT",
        "Synchformer, Copyright (c) 2024 Vladimir Iashin, MIT", Nothing());

    public static readonly PublishedSource Clip = new("clip", "CLIP ViT-B/32 (quick GELU), which captions pictures", "MIT",
        "CLIP, Copyright (c) 2021 OpenAI, MIT", UnusedOfClip());

    public static readonly IReadOnlyList<PublishedSource> All =
        [Rewas, Phi, Synchformer, Clap, Vae, Vocoder, Panns, Melception, Sync, Clip];

    /// <summary>
    /// Weights with the prefix Averages, without dots, are exponential moving averages of those with the prefix <see cref="Averaged"/>.
    /// </summary>
    internal const string Averages = "model_ema.", Averaged = "model.";

    // The noise schedule, the averages, and CLAP's training parts.
    [GeneratedRegex(
        @"^(betas|alphas_cumprod(_prev)?|(log_|sqrt_)?(one_minus_|recip_|recipm1_)*alphas_cumprod|sqrt_recipm1?_alphas_cumprod" +
        @"|posterior_\w+|lvlb_weights|logvar|model_ema\..+|cond_stage_models\.0\.mel_transform\..+" +
        @"|cond_stage_models\.0\.model\.(logit_scale_[at]|(text|audio)_transform\..+|text_branch\.embeddings\.(position|token_type)_ids)" +
        @"|first_stage_model\.loss\..+)$")]
    private static partial Regex UnusedOfRewas();

    [GeneratedRegex(@"^(video_encoder|synchformer)\..+$")]
    private static partial Regex UnusedOfPhi();

    // The audio branch and the comparison of both branches.
    [GeneratedRegex(@"^(afeat_extractor|aproj|vproj|a_pos_emb|v_pos_emb|transformer|sync_transformer|a_bridge|v_bridge|head)(\..+)?$")]
    private static partial Regex UnusedOfSynchformer();

    [GeneratedRegex(@"^(logit_scale_[at]|(text|audio)_transform\..+|text_branch\.embeddings\.(position|token_type)_ids)$")]
    private static partial Regex UnusedOfClap();

    // The discriminator used in training, and the vocoder.
    [GeneratedRegex(@"^(loss|vocoder|first_stage_model\.vocoder|first_stage_model\.loss)\..+$")]
    private static partial Regex UnusedOfVae();

    // Model sizes that openai/CLIP stores in its file.
    [GeneratedRegex(@"^(input_resolution|context_length|vocab_size)$")]
    private static partial Regex UnusedOfClip();

    [GeneratedRegex(@"(?!)")]
    private static partial Regex Nothing();
}
