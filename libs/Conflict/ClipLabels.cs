using System.Text.Json;

namespace Rewas.Conflict;

/// <summary>A thing or place that sounds, as CLIP is asked for it.</summary>
/// <param name="Text">A noun phrase: "a dog barking".</param>
/// <param name="Concepts">Of the taxonomy, by the words of the phrase; none for what the taxonomy does not have.</param>
public sealed record ClipLabel(string Text, IReadOnlyList<Concept> Concepts);

/// <summary>The open list that pictures are compared with, ClipLabels.json.</summary>
public static class ClipLabels
{
    public static IReadOnlyList<ClipLabel> All { get; } = Read();

    /// <summary>Whether a picture could be held for a source at all.</summary>
    public static bool Know(Concept concept) => All.Any(label => label.Concepts.Contains(concept));

    static IReadOnlyList<ClipLabel> Read()
    {
        using var stream = typeof(ClipLabels).Assembly.GetManifestResourceStream("Rewas.Conflict.ClipLabels.json")!;
        return [.. JsonSerializer.Deserialize<string[]>(stream, JsonSerializerOptions.Web)!.Select(text => new ClipLabel(text, [.. PromptReading.Of(text).Sources.SelectMany(source => source.Concepts).Distinct()]))];
    }
}
