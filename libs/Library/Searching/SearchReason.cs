using System.Globalization;

namespace Rewas.Library.Searching;

/// <summary>Why a recording was found.</summary>
/// <param name="Words">Words of the search that appear in its name, folders or tags.</param>
/// <param name="Meaning">Cosine of the search's words and the recording's words, -1 to 1; null without words.</param>
/// <param name="Sound">Cosine of the search's words and the sound, in the bundle's space; null without such a vector.</param>
/// <param name="Fit">Fit to the picture's curve; null without a picture.</param>
public sealed record SearchReason(IReadOnlyList<string> Words, double? Meaning, double? Sound, CurveFit? Fit)
{
    /// <summary>One line: "words door, knock; meaning 0.71; sound 0.35; fit 0.62 (1.4 beats/s for 1.6, course 0.55)".</summary>
    public override string ToString() => string.Join("; ", Parts());

    IEnumerable<string> Parts()
    {
        if (Words.Count > 0)
            yield return $"words {string.Join(", ", Words)}";
        if (Meaning is { } meaning)
            yield return string.Create(CultureInfo.InvariantCulture, $"meaning {meaning:0.00}");
        if (Sound is { } sound)
            yield return string.Create(CultureInfo.InvariantCulture, $"sound {sound:0.00}");
        if (Fit is { } fit)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"fit {fit.Total:0.00} ({fit.Beats:0.0} beats/s for {fit.WantedBeats:0.0}, course {fit.Course:0.00})");
    }
}
