namespace Rewas.Text.Words;

/// <summary>Splits text in Latin script into words, numbers and signs.</summary>
static class TextSigns
{
    /// <summary>The words of a form of the lexicon; a star at the end stays.</summary>
    public static IEnumerable<string> Words(string text, string language) =>
        Split(text, language).Select(sign => text.Substring(sign.Start, sign.Length));

    /// <summary>Position of each word, number and sign. Spaces are left out.</summary>
    public static IReadOnlyList<(int Start, int Length)> Split(string text, string language)
    {
        var signs = new List<(int, int)>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }
            if (text[i] == '"' && text.IndexOf('"', i + 1) is > 0 and var close && close - i > 1)
                i = close + 1;
            else if (IsNumber(text, i))
            {
                i++;
                while (i < text.Length && (char.IsAsciiDigit(text[i])
                    || (text[i] is '.' or ',' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))))
                    i++;
            }
            else if (IsLetter(text[i]))
            {
                while (i < text.Length && (IsLetter(text[i]) || char.IsAsciiDigit(text[i]) || Joins(text, i, language)))
                    i++;
                if (language == Lexicon.French && i < text.Length && text[i] == '\'')
                    i++;                                                     // "l'" and "d'" are words
                if (i < text.Length && text[i] == '*')
                    i++;
            }
            else
                i++;
            signs.Add((start, i - start));
        }
        return signs;
    }

    public static bool IsLetter(char letter) => char.IsLetter(letter) || PlainCharacters.IsMark(letter);

    /// <summary>A digit, or a sign of a number before a digit that no letter or digit precedes.</summary>
    static bool IsNumber(string text, int at) => char.IsAsciiDigit(text[at])
        || (text[at] is '+' or '-' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])
            && (at == 0 || !char.IsLetterOrDigit(text[at - 1])));

    /// <summary>Whether a sign inside a word belongs to it. English keeps "don't", "non-stop" and "w/o" together.</summary>
    static bool Joins(string text, int at, string language) => at + 1 < text.Length && IsLetter(text[at + 1]) && text[at] switch
    {
        '\'' => language is Lexicon.English,
        '-' => language is Lexicon.English,
        '/' => language is Lexicon.English && at > 0 && text[at - 1] is 'w' or 'W' && (at < 2 || !char.IsLetter(text[at - 2])),
        _ => false,
    };
}
