using System.Text.Json;

namespace Rewas.Conflict;

/// <summary>A source of sound that a text can name.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Family">Sources of one family are easily taken for each other: half a match.</param>
/// <param name="Kinds">Kinds of procedural scene that show it: what the concept head was fitted on. None for what it cannot see.</param>
/// <param name="Shown">How a caption and a suggestion say it.</param>
/// <param name="Labels">Labels of recordings whose energy shapes it was learned from.</param>
/// <param name="Words">Lower-case words that name it; a star stands for any ending.</param>
public sealed record Concept(string Name, string Family, IReadOnlyList<string> Kinds, string Shown, IReadOnlyList<string> Labels, IReadOnlyList<string> Words)
{
    /// <summary>How well a picture of a kind goes with this source: 1 its own, 0.4 its family, else 0.</summary>
    public double Matches(string kind) => Kinds.Contains(kind) ? 1 : Concepts.OfKind(kind)?.Family == Family ? OfItsFamily : 0;

    /// <summary>The same of a picture that CLIP gives a label.</summary>
    public double Matches(ClipLabel label) => label.Concepts.Contains(this) ? 1 : label.Concepts.Any(concept => concept.Family == Family) ? OfItsFamily : 0;

    const double OfItsFamily = 0.4;
}

/// <summary>The taxonomy, Concepts.json.</summary>
public static class Concepts
{
    public static IReadOnlyList<Concept> All { get; } = Read();

    /// <summary>The concept that a kind of scene shows and no other one does.</summary>
    public static Concept? OfKind(string kind) => All.FirstOrDefault(concept => concept.Kinds is [var only] && only == kind);

    static IReadOnlyList<Concept> Read()
    {
        using var stream = typeof(Concepts).Assembly.GetManifestResourceStream("Rewas.Conflict.Concepts.json")!;
        return JsonSerializer.Deserialize<Concept[]>(stream, JsonSerializerOptions.Web)!;
    }
}
