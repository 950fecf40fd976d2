using Rewas.Checkpoints;

namespace Rewas.Import;

/// <summary>Which published files become a bundle, and how. A file that another one contains may be left out.</summary>
public sealed record ImportRequest
{
    /// <summary>Path of each given file, by <see cref="PublishedSource.Name"/>.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Folder with RoBERTa's <c>vocab.json</c> and <c>merges.txt</c>; not needed for a bundle that only measures sounds.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Folder with CLIP's <c>vocab.json</c> and <c>merges.txt</c>. Needed with CLIP.</summary>
    public string? ClipTokenizer { get; init; }

    /// <summary>
    /// File with mean and standard deviation of each mel bin over Melception's training set, one bin a line
    /// (<c>train_means_stds_melspec_10s_22050hz.txt</c>). Needed with Melception.
    /// </summary>
    public string? MelceptionStatistics { get; init; }

    /// <summary>Folder of the new bundle; must not exist.</summary>
    public required string Output { get; init; }

    /// <summary>Name of the new bundle.</summary>
    public required string Name { get; init; }

    /// <summary>What the adapter was trained on: "energy" or "onset".</summary>
    public string Control { get; init; } = "energy";

    /// <summary>float32 or float16: how weights are stored. They are computed with in float32.</summary>
    public StoredType Precision { get; init; } = StoredType.Float32;

    /// <summary>Whether to take the exponential averages of the denoiser's weights where the file has them, as the published pipeline does.</summary>
    public bool UseAverages { get; init; } = true;
}

/// <summary>What an import is doing.</summary>
/// <param name="Activity">In a few words.</param>
/// <param name="Done">Bytes or values so far.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct ImportProgress(string Activity, long Done, long Total);
