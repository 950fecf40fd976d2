using Rewas.Text;

namespace Rewas.Conflict;

/// <summary>
/// The source that words mean which <see cref="Concepts"/> does not list: the one whose captions lie nearest, if near enough.
/// </summary>
public static class ConceptByWords
{
    /// <summary>
    /// Stricter than where sounds are looked up, for a wrong source may block a prompt. Calibrated on the captions whose words no concept
    /// lists, each looked up among the others: 54 of 100 pass, and 98 of 100 of those are given their concept or one of its family. Of
    /// captions for other sounds 15 of 100 pass.
    /// </summary>
    const double Threshold = 0.65;

    static readonly Dictionary<string, Concept> ByName = Concepts.All.ToDictionary(concept => concept.Name);

    static readonly NearestByWords Nearest = new(
        Concepts.All.Select(concept => KeyValuePair.Create(concept.Name, Captions(concept))),
        threshold: Threshold);

    /// <summary>What a concept is compared by.</summary>
    public static IReadOnlyList<string> Captions(Concept concept) => [concept.Shown, .. concept.Labels.SelectMany(LabelCaptions.Of)];

    /// <returns>Null where no source is near enough.</returns>
    public static Concept? Find(string words) => Nearest.Find(words) is { } match ? ByName[match.Label] : null;
}
