using Rewas.Text;

namespace Rewas.PromptCheck;

/// <summary>
/// Finds the source of words that <see cref="Concepts"/> does not list: the concept with the nearest caption, if it is near enough.
/// </summary>
public static class ConceptByWords
{
    /// <summary>
    /// Stricter than the look-up of sounds, because a wrong source can block a prompt. It was calibrated on the captions that no listed
    /// word matches, each compared with the others: 54 of 100 pass, and 98 of 100 of those get their own concept or one of its family. Of
    /// captions of other sounds, 15 of 100 pass.
    /// </summary>
    const double Threshold = 0.65;

    static readonly Dictionary<string, Concept> ByName = Concepts.All.ToDictionary(concept => concept.Name);

    static readonly NearestByWords Nearest = new(
        Concepts.All.Select(concept => KeyValuePair.Create(concept.Name, Captions(concept))),
        threshold: Threshold);

    /// <summary>Captions that stand for a concept in the comparison.</summary>
    public static IReadOnlyList<string> Captions(Concept concept) => [concept.Shown, .. concept.Labels.SelectMany(LabelCaptions.Of)];

    /// <returns>Null if no concept is near enough.</returns>
    public static Concept? Find(string words) => Nearest.Find(words) is { } match ? ByName[match.Label] : null;
}
