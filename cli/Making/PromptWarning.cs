using System.Globalization;
using System.Text;

namespace Rewas.Cli.Making;

/// <summary>
/// Warns about words in other scripts than Latin. The text encoders are trained on English. They split other scripts into bytes without
/// meaning.
/// </summary>
static class PromptWarning
{
    /// <summary>Ends of the Latin blocks in Unicode. Letters beyond them belong to another script.</summary>
    const int LastLatin = 0x24f, FirstLatinAdditional = 0x1e00, LastLatinAdditional = 0x1eff;

    /// <summary>Writes one line on standard error for each text with words in another script.</summary>
    /// <param name="texts">The user's texts, each with its option's name; null for none.</param>
    public static void Tell(params IEnumerable<(string Field, string? Text)> texts)
    {
        foreach (var (field, text) in texts)
            if (text is not null && Unknown(text) is { Length: > 0 } unknown)
                Console.Error.WriteLine(
                    $"rewas: warning: {field}: the text encoder knows English, not the script of '{unknown}': "
                    + "these words have no effect");
    }

    /// <summary>The first word in another script than Latin; empty for none.</summary>
    public static string Unknown(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => word.EnumerateRunes().Any(IsOfAnotherScript)) is { } found
        ? found.Length <= 40 ? found : StringInfo.GetNextTextElement(found)
        : "";

    static bool IsOfAnotherScript(Rune letter) =>
        Rune.IsLetter(letter) && letter.Value > LastLatin && letter.Value is < FirstLatinAdditional or > LastLatinAdditional;
}
