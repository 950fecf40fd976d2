using System.Text.Json;

namespace Rewas.PromptCheck;

/// <summary>A sounding thing or place, as a CLIP label.</summary>
/// <param name="Text">A noun phrase: "a dog barking".</param>
/// <param name="Concepts">The concepts that the phrase names; empty if the taxonomy has none.</param>
public sealed record ClipLabel(string Text, IReadOnlyList<Concept> Concepts);

/// <summary>The labels that pictures are compared with, from ClipLabels.json.</summary>
public static class ClipLabels
{
    public static IReadOnlyList<ClipLabel> All { get; } = Read();

    /// <summary>Whether any label shows a concept.</summary>
    public static bool Know(Concept concept) => All.Any(label => label.Concepts.Contains(concept));

    static IReadOnlyList<ClipLabel> Read()
    {
        using var stream = typeof(ClipLabels).Assembly.GetManifestResourceStream("Rewas.PromptCheck.ClipLabels.json")!;
        return
        [
            .. JsonSerializer.Deserialize<string[]>(stream, JsonSerializerOptions.Web)!.Select(text => new ClipLabel(
                text, [.. PromptReading.Of(text).Sources.SelectMany(source => source.Concepts).Distinct()])),
        ];
    }
}
