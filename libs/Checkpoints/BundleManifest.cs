using System.Text.Json;
using Rewas.Networks;

namespace Rewas.Checkpoints;

/// <summary>What <c>bundle.json</c> says: the whole of a model but its weights.</summary>
public sealed record BundleManifest
{
    public const int CurrentFormatVersion = 1;

    public required int FormatVersion { get; init; }

    /// <summary>Lower-case letters, digits and hyphens, e.g. "rewas-mini".</summary>
    public required string Name { get; init; }

    /// <summary>What the adapter was trained on: "energy", "onset" or "energy+texture".</summary>
    public required string Control { get; init; }

    /// <summary>Licence of the weights: an SPDX identifier where one exists.</summary>
    public required string Licence { get; init; }

    /// <summary>What the weights were trained on, in a sentence or two.</summary>
    public required string TrainedOn { get; init; }

    public required ClipTiming Timing { get; init; }

    public required SamplerDefaults Sampler { get; init; }

    /// <summary>Latents are multiplied by this after the mel encoder and divided by it before the mel decoder.</summary>
    public required double LatentScale { get; init; }

    /// <summary>
    /// Networks by the names that all bundles share: text_encoder, denoiser, mel_encoder, mel_decoder, vocoder, video_encoder,
    /// energy_predictor; where candidates can be ranked, audio_encoder, and text_projection where the text encoder does not share its space;
    /// where CLIP captions pictures, clip_image and clip_text.
    /// </summary>
    public required IReadOnlyDictionary<string, BundleNetwork> Networks { get; init; }

    /// <summary>Every file of the bundle but bundle.json, by its name in the folder.</summary>
    public required IReadOnlyDictionary<string, BundleFile> Files { get; init; }

    /// <summary>Measured figures, e.g. "video_to_energy_correlation": 0.7. Empty when nothing was measured.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The published files that an imported bundle was made from; empty for one that was trained here.</summary>
    public IReadOnlyList<BundleSource> Sources { get; init; } = [];
}

/// <summary>One network of a bundle.</summary>
/// <param name="Architecture">The definition in <see cref="NetworkCatalog"/>, e.g. "hifigan"; or, of a text encoder, <see cref="TextEncoderNames.Sentences"/>.</param>
/// <param name="Configuration">Its sizes, as the definition's configuration record reads them.</param>
/// <param name="File">The safetensors file with its weights; empty for <see cref="TextEncoderNames.Sentences"/>, whose weights come with the program.</param>
/// <param name="Prefix">Joined by a dot before its weights' names in that file, or empty. Networks may share a file.</param>
/// <param name="Precision">In which numbers it is computed unless a service says otherwise: one of <see cref="PrecisionNames"/>.</param>
public sealed record BundleNetwork(string Architecture, JsonElement Configuration, string File = "", string Prefix = "", string Precision = PrecisionNames.Float32);

/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Bytes">Length.</param>
public sealed record BundleFile(string Sha256, long Bytes);

/// <summary>How the bundle is sampled when a request does not say otherwise.</summary>
/// <param name="Steps">Sampling steps.</param>
/// <param name="GuidanceScale">Classifier-free guidance.</param>
/// <param name="Eta">Noise per step of DDIM: 0 none, 1 as DDPM.</param>
/// <param name="TrainingSteps">Steps of the noise schedule that the denoiser was trained on.</param>
/// <param name="BetaStart">First beta of the schedule, whose square root is linear.</param>
/// <param name="BetaEnd">Last beta.</param>
public sealed record SamplerDefaults(int Steps, double GuidanceScale, double Eta, int TrainingSteps = 1000, double BetaStart = 0.0015, double BetaEnd = 0.0195)
{
    /// <summary>One of <see cref="SamplerNames.Samplers"/>.</summary>
    public string Sampler { get; init; } = SamplerNames.Ddim;

    /// <summary>One of <see cref="SamplerNames.Spacings"/>.</summary>
    public string Spacing { get; init; } = SamplerNames.Uniform;

    /// <summary>What the denoiser was trained to predict: one of <see cref="PredictionNames"/>.</summary>
    public string Prediction { get; init; } = PredictionNames.Noise;

    /// <summary>
    /// The first step's share of the training steps, 0.1 to 1 (all noise). A small denoiser that predicts noise tells nothing of strong noise but its own errors; below 1, sampling starts from
    /// the control latent (or nothing) under the noise of that step.
    /// </summary>
    public double StartAt { get; init; } = 1;

    /// <summary>Whether sampling starts from the recordings of the bundle's memory that a prompt speaks of, if it has a memory.</summary>
    public bool Memory { get; init; } = true;

    /// <summary>As <see cref="StartAt"/>, where sampling starts from recordings.</summary>
    public double MemoryStartAt { get; init; } = 0.8;

    /// <summary>Guidance scale of the energy; null: that of the text, as published.</summary>
    public double? EnergyGuidanceScale { get; init; }

    /// <summary>Share of the guided prediction that is scaled back to the deviation of the unguided one, 0 to 1.</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>Guidance starts at this share of the training steps, 1 (all noise) to 0.</summary>
    public double GuidanceFrom { get; init; } = 1;

    /// <summary>Guidance ends at this share of the training steps.</summary>
    public double GuidanceTo { get; init; }

    /// <summary>
    /// Share of the way, 0 to 1, that a generated mel is moved towards the energy that was asked for; 0 (as published): not at all. A small denoiser knows when sound rises and falls better
    /// than by how much.
    /// </summary>
    public double EnergyFit { get; init; }

    /// <summary>Share of signal power after each training step: products of 1 - beta, [TrainingSteps].</summary>
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

/// <summary>A published file that a bundle was made from.</summary>
/// <param name="Name">What the import calls it, e.g. "rewas".</param>
/// <param name="File">Its file name then.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Licence">SPDX identifier.</param>
/// <param name="Averaged">Whether exponential averages of weights were taken instead of the weights.</param>
public sealed record BundleSource(string Name, string File, string Sha256, long Bytes, string Licence, bool Averaged = false);
