using System.Globalization;
using System.Text;
using Rewas.Text.Words;

namespace Rewas.Cli.Making;

/// <summary>
/// Says on standard error what was understood of prompts: what is not to be heard, how loud, and other languages in English. Warns about
/// words in a script that is not read: the text encoders split it into bytes without meaning.
/// </summary>
static class PromptWarning
{
    /// <summary>Ends of the Latin blocks in Unicode. Letters beyond them belong to another script.</summary>
    const int LastLatin = 0x24f, FirstLatinAdditional = 0x1e00, LastLatinAdditional = 0x1eff;

    /// <summary>Writes one line on standard error for each text that is not taken as it is.</summary>
    /// <param name="texts">The user's texts, each with its option's name; null for none.</param>
    public static void Tell(params IEnumerable<(string Field, string? Text)> texts)
    {
        foreach (var (field, text) in texts)
            if (text is not null && Of(text) is { Length: > 0 } line)
                Console.Error.WriteLine($"rewas: {line.Replace(FieldMark, field, StringComparison.Ordinal)}");
    }

    const string FieldMark = "{field}";

    /// <summary>The line for a text, with a mark for its field; empty if there is nothing to say.</summary>
    public static string Of(string text)
    {
        var words = PromptWords.Read(text);
        return !words.IsRead && Unknown(text) is { Length: > 0 } unknown
            ? $"warning: {FieldMark}: the text encoder knows English, not the script of '{unknown}': these words have no effect"
            : words.Summary() is { Length: > 0 } summary ? $"{FieldMark}: {summary}" : "";
    }

    /// <summary>The first word in another script than Latin; empty for none.</summary>
    static string Unknown(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => word.EnumerateRunes().Any(IsOfAnotherScript)) is { } found
        ? found.Length <= 40 ? found : StringInfo.GetNextTextElement(found)
        : "";

    static bool IsOfAnotherScript(Rune letter) =>
        Rune.IsLetter(letter) && letter.Value > LastLatin && letter.Value is < FirstLatinAdditional or > LastLatinAdditional;
}
