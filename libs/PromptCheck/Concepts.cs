using System.Text.Json;

namespace Rewas.PromptCheck;

/// <summary>A source of sound that a text can name.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="Family">Sources of one family are easily confused, so they match by half.</param>
/// <param name="Kinds">Kinds of procedural scene that show it. Empty if the concept head cannot see it.</param>
/// <param name="Shown">Wording in captions and suggestions.</param>
/// <param name="Labels">Labels of the recordings from which its energy shapes were learned.</param>
/// <param name="Words">Lower-case words that name it. A star stands for any ending.</param>
public sealed record Concept(
    string Name, string Family, IReadOnlyList<string> Kinds, string Shown, IReadOnlyList<string> Labels, IReadOnlyList<string> Words)
{
    /// <summary>How well a kind of scene matches this source: 1 for its own kind, 0.4 for its family, else 0.</summary>
    public double Matches(string kind) => Kinds.Contains(kind) ? 1 : Concepts.OfKind(kind)?.Family == Family ? OfItsFamily : 0;

    /// <summary>How well a CLIP label matches this source, on the same scale.</summary>
    public double Matches(ClipLabel label) =>
        label.Concepts.Contains(this) ? 1 : label.Concepts.Any(concept => concept.Family == Family) ? OfItsFamily : 0;

    const double OfItsFamily = 0.4;
}

/// <summary>The taxonomy of sources, from Concepts.json.</summary>
public static class Concepts
{
    public static IReadOnlyList<Concept> All { get; } = Read();

    /// <summary>The concept that shows this kind of scene and no other.</summary>
    public static Concept? OfKind(string kind) => All.FirstOrDefault(concept => concept.Kinds is [var only] && only == kind);

    static IReadOnlyList<Concept> Read()
    {
        using var stream = typeof(Concepts).Assembly.GetManifestResourceStream("Rewas.PromptCheck.Concepts.json")!;
        return JsonSerializer.Deserialize<Concept[]>(stream, JsonSerializerOptions.Web)!;
    }
}
