using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Trainer.Data;

/// <summary>Prompts for labels: phrases that people would type, from a file, each in a few forms.</summary>
sealed class CaptionBook(IReadOnlyDictionary<string, string[]> phrases)
{
    static readonly string[] Forms =
    [
        "{0}",
        "the sound of {0}",
        "a recording of {0}",
        "{0} in the background",
        "sound effect of {0}",
        "loud {0}",
        "{0} outside",
        "{0} nearby",
    ];

    /// <param name="path">JSON: label to phrases, e.g. "dog": ["a dog barking"].</param>
    public static CaptionBook Read(string path)
    {
        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(path)) ?? []);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw InputFault.Invalid("captions", $"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Labels that have phrases.</summary>
    public IReadOnlyList<string> Labels { get; } = [.. phrases.Keys];

    /// <summary>Prompts that are true of a sound with this label.</summary>
    public IReadOnlyList<string> Of(string label) => [
        label,
        .. Phrases(label).SelectMany(
            phrase => Forms.Select(form => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, phrase))),
    ];

    /// <summary>Prompts that are true of two sounds together.</summary>
    public IReadOnlyList<string> Of(string first, string second) =>
        [
            .. from one in Phrases(first)
               from two in Phrases(second)
               from text in (string[])[$"{one} and {two}", $"{two} and {one}", $"{one} with {two}"]
               select text,
        ];

    string[] Phrases(string label) => phrases.TryGetValue(label, out var known) ? known : [label];
}
