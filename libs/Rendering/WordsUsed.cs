using Rewas.Text.Words;

namespace Rewas.Rendering;

/// <summary>What was understood of a prompt, in a sidecar. The sidecar's prompt and options are what the text encoder read.</summary>
/// <param name="Asked">The prompt as it was written.</param>
/// <param name="Language">"en", "zh", "es", "de", "fr" or "ja"; empty for another one.</param>
/// <param name="Prompt">What is to be heard, in English.</param>
/// <param name="Negative">What is not to be heard.</param>
/// <param name="Decibels">Change of level.</param>
/// <param name="Unknown">Words of another language that are not known.</param>
/// <param name="Notes">What was understood and not done, and why.</param>
public sealed record WordsUsed(
    string Asked, string Language, string Prompt, string Negative, double Decibels, IReadOnlyList<string> Unknown,
    IReadOnlyList<string> Notes)
{
    public static WordsUsed Of(PromptWords words) =>
        new(words.Asked, words.Language, words.Prompt, words.Negative, words.Decibels, words.Unknown, words.Notes);
}
