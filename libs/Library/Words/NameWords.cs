using System.Text;

namespace Rewas.Library.Words;

/// <summary>Splits names into words: "DoorKnock_02-slow" gives "door knock slow".</summary>
static class NameWords
{
    const int MostCharacters = 300;

    static readonly char[] Digits = [.. "0123456789"];

    /// <summary>Words that do not describe a sound.</summary>
    static readonly HashSet<string> Empty = new(StringComparer.Ordinal)
    {
        "wav", "flac", "mp3", "ogg", "aiff", "aif", "stereo", "mono", "khz", "hz", "bit", "kbps", "take", "tk", "ver", "version", "final",
        "mix", "master", "edit", "copy", "untitled",
    };

    /// <summary>The words in lower case. Numbers are left out, with the letters joined to them ("96k", "v2").</summary>
    public static IEnumerable<string> Of(string name)
    {
        var word = new StringBuilder();
        var text = name.AsSpan(0, Math.Min(name.Length, MostCharacters)).ToString();
        for (var i = 0; i < text.Length; i++)
        {
            if (word.Length > 0 && BeginsWord(text, i))
            {
                if (WordIn(word.ToString()) is { } found)
                    yield return found;
                word.Clear();
            }
            if (char.IsLetterOrDigit(text[i]) || (text[i] == '\'' && word.Length > 0))
                word.Append(char.ToLowerInvariant(text[i]));
        }
        if (WordIn(word.ToString()) is { } last)
            yield return last;
    }

    /// <summary>
    /// True after a separator, at a capital after a small letter (doorKnock), and at the last of several capitals before a small letter
    /// (DOORWood).
    /// </summary>
    static bool BeginsWord(string text, int i)
    {
        var c = text[i];
        if (!char.IsLetterOrDigit(c) && c != '\'')
            return true;
        if (!char.IsUpper(c))
            return false;
        return char.IsLower(text[i - 1]) || (char.IsUpper(text[i - 1]) && i + 1 < text.Length && char.IsLower(text[i + 1]));
    }

    /// <summary>A word without a number at its end ("creak3" gives "creak"). Null for other text.</summary>
    static string? WordIn(string text)
    {
        var word = text.TrimEnd(Digits).Trim('\'');
        return word.Count(char.IsLetter) >= 2 && !char.IsDigit(word[0]) && !Empty.Contains(text) && !Empty.Contains(word) ? word : null;
    }
}
