using Rewas.Bundles.Checkpoints;
using Rewas.Clip.Names;

namespace Rewas.Bundles.Import;

/// <summary>The published files to import, and the options. A file whose content is in another one may be omitted.</summary>
public sealed record ImportRequest
{
    /// <summary>Path of each given file, by <see cref="PublishedSource.Name"/>.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Folder with RoBERTa's <c>vocab.json</c> and <c>merges.txt</c>. Not needed for a bundle that only measures sounds.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Folder with CLIP's <c>vocab.json</c> and <c>merges.txt</c>. Needed with CLIP.</summary>
    public string? ClipTokenizer { get; init; }

    /// <summary>
    /// File with mean and standard deviation of each mel bin over Melception's training set, one bin per line
    /// (<c>train_means_stds_melspec_10s_22050hz.txt</c>). Needed with Melception.
    /// </summary>
    public string? MelceptionStatistics { get; init; }

    /// <summary>Folder of the new bundle. It must not exist.</summary>
    public required string Output { get; init; }

    public required string Name { get; init; }

    /// <summary>Control of the adapter: "energy" or "onset".</summary>
    public string Control { get; init; } = "energy";

    /// <summary>Storage format of the weights: float32 or float16.</summary>
    public StoredType Precision { get; init; } = StoredType.Float32;

    /// <summary>Number format in which video encoder and denoiser of the bundle compute by default: one of <see
    /// cref="PrecisionNames"/>.</summary>
    public string Computation { get; init; } = PrecisionNames.Float32;

    /// <summary>
    /// Whether to import the exponential moving averages of the denoiser's weights if the file has them, as the published pipeline does.
    /// </summary>
    public bool UseAverages { get; init; } = true;
}

/// <summary>Progress of an import.</summary>
/// <param name="Done">Bytes or values so far.</param>
public readonly record struct ImportProgress(string Activity, long Done, long Total);
