using System.Text.Json;
using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.PromptCheck;

/// <summary>What CLIP said of a film whose truth is known.</summary>
/// <param name="Probability">Of the likeliest label.</param>
/// <param name="Margin">Its distance from the next.</param>
/// <param name="Similarity">Cosine of picture and label.</param>
/// <param name="IsRight">Whether the label names what the film shows.</param>
public sealed record ClipJudgement(double Probability, double Margin, double Similarity, bool IsRight);

/// <summary>
/// When CLIP abstains, calibrated on a user's own films: as rarely as possible, so that at most one of twenty names is wrong. Kept for each
/// CLIP beside the user's bundles.
/// </summary>
/// <param name="Films">Films that were looked at.</param>
/// <param name="Named">Films of which CLIP would name the subject.</param>
/// <param name="Right">How many of those names are right.</param>
public sealed record ClipCalibration(ClipThresholds Thresholds, int Films, int Named, int Right)
{
    public const int LeastFilms = 10;

    /// <summary>Largest share of wrong names among those that are given.</summary>
    public const double MostWrong = 0.05;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>
    /// Tries the values of all films as limits. Of those that leave few enough wrong names, the limits that name most films win.
    /// </summary>
    /// <exception cref="InputFault">There are too few films.</exception>
    public static ClipCalibration Of(IReadOnlyList<ClipJudgement> films)
    {
        if (films.Count < LeastFilms)
            throw InputFault.Precondition("films", $"must be at least {LeastFilms} to calibrate with, but are {films.Count}");
        double[] probabilities = Limits(film => film.Probability), margins = Limits(film => film.Margin);
        double[] similarities = Limits(film => film.Similarity);
        var best = new ClipCalibration(new(LeastProbability: 1, LeastMargin: 1, LeastSimilarity: 1), films.Count, 0, 0);
        foreach (var probability in probabilities)
            foreach (var margin in margins)
                foreach (var similarity in similarities)
                {
                    var (named, right) = (0, 0);
                    foreach (var film in films)
                        if (film.Probability >= probability && film.Margin >= margin && film.Similarity >= similarity)
                            (named, right) = (named + 1, right + (film.IsRight ? 1 : 0));
                    if (named - right <= MostWrong * named && named > best.Named)
                        best = new(new(probability, margin, similarity), films.Count, named, right);
                }
        return best;

        // At most 20 values, rounded down, so that a film lies on the right side of its own limit.
        double[] Limits(Func<ClipJudgement, double> of)
        {
            double[] sorted = [.. films.Select(of).Order()];
            return [.. Enumerable.Range(0, 20).Select(i => Math.Floor(1000 * sorted[i * sorted.Length / 20]) / 1000).Prepend(0).Distinct()];
        }
    }

    /// <summary>The calibrated limits of a CLIP; the chosen ones if it was not calibrated.</summary>
    /// <exception cref="InputFault">The file of the calibration is damaged.</exception>
    public static ClipThresholds ThresholdsOf(Bundle bundle)
    {
        var path = PathOf(bundle);
        if (!File.Exists(path))
            return new();
        try
        {
            var thresholds = (JsonSerializer.Deserialize<ClipCalibration>(File.ReadAllText(path), Json)
                ?? throw new JsonException("it is null")).Thresholds;
            InputFault.ThrowIfAny([.. thresholds.Faults()]);
            return thresholds;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid("clip", $"'{path}' cannot be read: {e.Message}; delete it, or calibrate again", e);
        }
    }

    /// <returns>The file.</returns>
    public string Keep(Bundle bundle)
    {
        var path = PathOf(bundle);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var partial = PartialFile.Create(path, "clip");
        File.WriteAllText(partial.Path, JsonSerializer.Serialize(this, Json));
        partial.Complete();
        return path;
    }

    /// <summary>By the hash of the picture's weights, so that the same CLIP in another folder has the same limits.</summary>
    static string PathOf(Bundle bundle) => Path.Combine(
        Bundle.UserFolder,
        ".calibration",
        $"clip-{bundle.Manifest.Files[bundle.Network(ClipCaptioner.ImageNetwork).File].Sha256[..16]}.json");
}
