using System.Text.Json;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks.Architectures;

namespace Rewas.Bundles;

/// <summary>The content of <c>bundle.json</c>: the whole model without its weights.</summary>
public sealed record BundleManifest
{
    public const int CurrentFormatVersion = 1;

    public required int FormatVersion { get; init; }

    /// <summary>Lower-case letters, digits and hyphens, e.g. "rewas-mini".</summary>
    public required string Name { get; init; }

    /// <summary>Control of the adapter: "energy", "onset" or "energy+texture".</summary>
    public required string Control { get; init; }

    /// <summary>Licence of the weights, as an SPDX identifier if one exists.</summary>
    public required string Licence { get; init; }

    /// <summary>Training data of the weights, in a sentence or two.</summary>
    public required string TrainedOn { get; init; }

    public required ClipTiming Timing { get; init; }

    public required SamplerDefaults Sampler { get; init; }

    /// <summary>Latents are multiplied by this after the mel encoder and divided by it before the mel decoder.</summary>
    public required double LatentScale { get; init; }

    /// <summary>
    /// Networks by role: text_encoder, denoiser, mel_encoder, mel_decoder, vocoder, video_encoder, energy_predictor. A bundle that ranks
    /// candidates also has audio_encoder, and text_projection if the text encoder has another embedding space. A bundle that captions
    /// pictures with CLIP has clip_image and clip_text.
    /// </summary>
    public required IReadOnlyDictionary<string, BundleNetwork> Networks { get; init; }

    /// <summary>All files except bundle.json, by file name.</summary>
    public required IReadOnlyDictionary<string, BundleFile> Files { get; init; }

    /// <summary>Measured figures, e.g. "video_to_energy_correlation": 0.7. Empty if nothing was measured.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Published files from which the bundle was imported. Empty for a bundle trained by this project.</summary>
    public IReadOnlyList<BundleSource> Sources { get; init; } = [];
}

/// <summary>One network of a bundle.</summary>
/// <param name="Architecture">
/// Name in <see cref="NetworkCatalog"/>, e.g. "hifigan". A text encoder may also be <see cref="TextEncoderNames.Sentences"/>.
/// </param>
/// <param name="Configuration">Sizes, as JSON of the network's configuration record.</param>
/// <param name="File">
/// Safetensors file with the weights. Empty for <see cref="TextEncoderNames.Sentences"/>, whose weights ship with the program.
/// </param>
/// <param name="Prefix">Prefix of the weights' names in the file, without the joining dot, or empty. Networks may share a file.</param>
/// <param name="Precision">Default number format of the computation: one of <see cref="PrecisionNames"/>.</param>
public sealed record BundleNetwork(
    string Architecture, JsonElement Configuration, string File = "", string Prefix = "", string Precision = PrecisionNames.Float32);

/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record BundleFile(string Sha256, long Bytes);

/// <summary>Sampling settings for requests that do not set them.</summary>
/// <param name="GuidanceScale">Scale of classifier-free guidance.</param>
/// <param name="Eta">Noise added in each DDIM step: 0 none, 1 as DDPM.</param>
/// <param name="TrainingSteps">Length of the noise schedule that the denoiser was trained on.</param>
/// <param name="BetaStart">First beta of the schedule. The square root of beta is linear in time.</param>
/// <param name="BetaEnd">Last beta.</param>
public sealed record SamplerDefaults(
    int Steps, double GuidanceScale, double Eta, int TrainingSteps = 1000, double BetaStart = 0.0015, double BetaEnd = 0.0195)
{
    /// <summary>One of <see cref="SamplerNames.Samplers"/>.</summary>
    public string Sampler { get; init; } = SamplerNames.Ddim;

    /// <summary>One of <see cref="SamplerNames.Spacings"/>.</summary>
    public string Spacing { get; init; } = SamplerNames.Uniform;

    /// <summary>What the denoiser predicts: one of <see cref="PredictionNames"/>.</summary>
    public string Prediction { get; init; } = PredictionNames.Noise;

    /// <summary>
    /// Noise level at which sampling starts, as a share of the training steps: 0.1 to 1 (pure noise). Below 1, sampling starts from the
    /// noised control latent, or from noised zeros without one. A small denoiser that predicts noise adds only its own errors at the
    /// strongest noise levels.
    /// </summary>
    public double StartAt { get; init; } = 1;

    /// <summary>Whether sampling starts from recordings of the bundle's memory that match the prompt, if the bundle has a memory.</summary>
    public bool Memory { get; init; } = true;

    /// <summary><see cref="StartAt"/> for sampling that starts from recordings.</summary>
    public double MemoryStartAt { get; init; } = 0.8;

    /// <summary>Guidance scale of the energy. Null: that of the text, as published.</summary>
    public double? EnergyGuidanceScale { get; init; }

    /// <summary>Share of the guided prediction that is rescaled to the deviation of the unguided one, 0 to 1.</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>Guidance starts at this share of the training steps, from 1 (pure noise) to 0.</summary>
    public double GuidanceFrom { get; init; } = 1;

    /// <summary>Guidance ends at this share of the training steps.</summary>
    public double GuidanceTo { get; init; }

    /// <summary>
    /// How far a generated mel is moved to the requested energy: 0 (not at all, as published) to 1. A small denoiser follows the shape of
    /// the energy better than its level.
    /// </summary>
    public double EnergyFit { get; init; }

    /// <summary>Signal power that remains after each training step: cumulative products of 1 - beta, [TrainingSteps].</summary>
    public double[] CumulativeAlphas()
    {
        var (start, end) = (Math.Sqrt(BetaStart), Math.Sqrt(BetaEnd));
        var alphas = new double[TrainingSteps];
        var product = 1.0;
        for (var t = 0; t < alphas.Length; t++)
        {
            var root = alphas.Length == 1 ? start : start + (end - start) * t / (alphas.Length - 1);
            alphas[t] = product *= 1 - root * root;
        }
        return alphas;
    }
}

/// <summary>A published file that the bundle was imported from.</summary>
/// <param name="Name">Role in the import, e.g. "rewas".</param>
/// <param name="File">File name at import.</param>
/// <param name="Licence">SPDX identifier.</param>
/// <param name="Averaged">Whether the exponential moving averages were imported instead of the weights.</param>
public sealed record BundleSource(string Name, string File, string Sha256, long Bytes, string Licence, bool Averaged = false);
