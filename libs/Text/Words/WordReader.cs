using System.Globalization;

namespace Rewas.Text.Words;

/// <summary>Reads a text as words of one language. Each language has its lexicon; English has one of grammar only.</summary>
static class WordReader
{
    const string FreeOf = "-free", NoSuch = "no-";

    /// <summary>Most hiragana of an inflection that follows a Japanese stem.</summary>
    const int MostOkurigana = 4;

    static readonly HashSet<string> Decibels =
        ["db", "dbs", "decibel", "decibels", "decibelio", "decibelios", "decibeles", "dezibel", "分贝", "デシベル"];

    static readonly HashSet<string> NotFreeOf = ["hands-free", "care-free", "duty-free", "toll-free", "cost-free"];

    /// <param name="narrow">As <see cref="PlainCharacters.Narrow"/> makes it.</param>
    public static List<Word> Read(string narrow, string language) => language is Lexicon.Chinese or Lexicon.Japanese
        ? ReadWithoutSpaces(language == Lexicon.Chinese ? PlainCharacters.Simplify(narrow) : narrow, Lexicon.Of(language))
        : ReadLatin(narrow, Lexicon.Of(language));

    static List<Word> ReadLatin(string text, Lexicon lexicon)
    {
        var signs = TextSigns.Split(text, lexicon.Language);
        WordKeys[] keys = [.. signs.Select(sign => lexicon.Keys(text.AsSpan(sign.Start, sign.Length)))];
        var words = new List<Word>();
        for (var i = 0; i < signs.Count;)
        {
            var (start, length) = signs[i];
            var isWord = TextSigns.IsLetter(text[start]) || text[start] == '&';
            if (isWord && lexicon.Find(keys, i) is { } form)
            {
                length = signs[i + form.Words.Length - 1] is var last ? last.Start + last.Length - start : 0;
                var english = lexicon.Language == Lexicon.English ? text.Substring(start, length) : form.Meaning;
                words.Add(new(form.Kind, start, length, english, form.Value));
                i += form.Words.Length;
                continue;
            }
            if (NumberAt(text, start, length) is { } number && i + 1 < signs.Count && Decibels.Contains(keys[i + 1].Loose))
            {
                words.Add(new(WordKind.Decibels, start, signs[i + 1].Start + signs[i + 1].Length - start, "", number));
                i += 2;
                continue;
            }
            words.Add(lexicon.Language == Lexicon.English
                ? EnglishWord(text, start, length)
                : OtherWord(text, start, length, keys[i].Strict, lexicon));
            i++;
        }
        return words;
    }

    /// <summary>A word that the grammar does not list is content. "music-free" says no to music.</summary>
    static Word EnglishWord(string text, int start, int length)
    {
        var written = text.Substring(start, length);
        var lower = written.ToLowerInvariant();
        if (SignAt(text, start, length) is { } sign)
            return new(sign, start, length, written);
        if (lower.EndsWith(FreeOf, StringComparison.Ordinal) && length > FreeOf.Length && !NotFreeOf.Contains(lower))
            return new(WordKind.Negation, start, length, written[..^FreeOf.Length], Value: 1);
        if (lower.StartsWith(NoSuch, StringComparison.Ordinal) && length > NoSuch.Length)
            return new(WordKind.Negation, start, length, written[NoSuch.Length..], Value: 1);
        return new(WordKind.Content, start, length, written);
    }

    static Word OtherWord(string text, int start, int length, string key, Lexicon lexicon)
    {
        if (SignAt(text, start, length) is { } sign)
            return new(sign, start, length, "");
        if (!text.AsSpan(start, length).ContainsAnyInRange('0', '9') && text[start] != '"' && !TextSigns.IsLetter(text[start]))
            return new(WordKind.Filler, start, length, "");
        if (text[start] == '"')
            return new(WordKind.Content, start, length, text.Substring(start, length));
        if (lexicon.Language == Lexicon.German && Compound(key, lexicon) is { } compound)
            return new(WordKind.Content, start, length, compound);
        // A word that is the same in English.
        return lexicon.Means(key) || Lexicon.Of(Lexicon.English).Means(key)
            ? new(WordKind.Content, start, length, key) { IsSame = true }
            : new(WordKind.Unknown, start, length, text.Substring(start, length));
    }

    /// <summary>A German word that two known ones make, with or without a letter between them.</summary>
    static string? Compound(string key, Lexicon lexicon)
    {
        const int Shortest = 3;
        for (var at = key.Length - Shortest; at >= Shortest; at--)
            if (lexicon.Find([lexicon.Keys(key.AsSpan(at))], 0) is { Kind: WordKind.Content or WordKind.Filler } second)
                foreach (var joint in (string[])["", "s", "n", "en", "es", "er", "e"])
                    if (key[..at].EndsWith(joint, StringComparison.Ordinal) && at - joint.Length >= Shortest
                        && lexicon.Find([lexicon.Keys(key.AsSpan(0, at - joint.Length))], 0) is { Kind: WordKind.Content } first)
                        return $"{first.Meaning} {second.Meaning}".TrimEnd();
        return null;
    }

    static List<Word> ReadWithoutSpaces(string text, Lexicon lexicon)
    {
        var words = new List<Word>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }
            if (LongestAt(text, i, lexicon) is var (form, length))
            {
                words.Add(new(form.Kind, i, length, form.Meaning, form.Value));
                i += length;
            }
            else if (NumberAt(text, i, LengthOf(text, i, IsDigit)) is { } number)
            {
                var digits = LengthOf(text, i, IsDigit);
                var unit = Decibels.FirstOrDefault(unit =>
                    text.AsSpan(i + digits).TrimStart().StartsWith(unit, StringComparison.OrdinalIgnoreCase));
                var end = unit is null ? i + digits : text.IndexOf(unit, i + digits, StringComparison.OrdinalIgnoreCase) + unit.Length;
                words.Add(new(unit is null ? WordKind.Unknown : WordKind.Decibels, i, end - i, text[i..end], number));
                i = end;
            }
            else if (char.IsAsciiLetter(text[i]))
            {
                var latin = LengthOf(text, i, letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '\'' or ' ');
                words.Add(new(WordKind.Content, i, latin, text.Substring(i, latin).Trim()));
                i += latin;
            }
            else if (text[i] == '"' && text.IndexOf('"', i + 1) is > 0)
                i++;                                                         // quotation marks hold words of the same language
            else if (SignAt(text, i, 1) is { } sign)
                words.Add(new(text[i] == '、' && lexicon.Language == Lexicon.Chinese ? WordKind.And : sign, i++, 1, ""));
            else if (!char.IsLetter(text[i]))
                i++;
            else
                i += AddUnknown(words, text, i, lexicon);
        }
        return words;
    }

    /// <summary>The longest form at a place, and its length with the inflection of a Japanese stem.</summary>
    static (Form, int)? LongestAt(string text, int at, Lexicon lexicon)
    {
        for (var length = Math.Min(lexicon.LongestForm, text.Length - at); length > 0; length--)
        {
            var part = text.Substring(at, length);
            if (lexicon.Find(part) is { } form)
                return (form, length);
            if (lexicon.FindStem(part) is not { } stem)
                continue;
            for (var more = 0; more < MostOkurigana && at + length < text.Length && IsHiragana(text[at + length])
                && !IsFormAt(text, at + length, lexicon); more++)
                length++;
            return (stem, length);
        }
        return null;
    }

    static bool IsFormAt(string text, int at, Lexicon lexicon)
    {
        for (var length = Math.Min(lexicon.LongestForm, text.Length - at); length > 0; length--)
            if (text.Substring(at, length) is var part && (lexicon.Find(part) ?? lexicon.FindStem(part)) is not null)
                return true;
        return false;
    }

    /// <summary>Collects letters up to the next form. One or two hiragana are grammar.</summary>
    static int AddUnknown(List<Word> words, string text, int at, Lexicon lexicon)
    {
        var end = at + 1;
        while (end < text.Length && char.IsLetter(text[end]) && !char.IsAsciiLetter(text[end]) && LongestAt(text, end, lexicon) is null)
            end++;
        var isGrammar = end - at <= 2 && text.AsSpan(at, end - at).IndexOfAnyExceptInRange('\u3041', '\u3096') < 0;
        words.Add(new(isGrammar ? WordKind.Filler : WordKind.Unknown, at, end - at, text[at..end]));
        return end - at;
    }

    static WordKind? SignAt(string text, int start, int length) => length != 1 ? null : text[start] switch
    {
        ',' or '、' => WordKind.Comma,
        '&' or '+' => WordKind.And,
        '¿' or '¡' or '~' or '…' => WordKind.Filler,
        '.' or ';' or ':' or '!' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '|' or '/' or '-' or '\n' => WordKind.Break,
        _ => null,
    };

    static double? NumberAt(string text, int start, int length) =>
        length > 0 && double.TryParse(
            text.AsSpan(start, length).ToString().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) ? number : null;

    static bool IsDigit(char letter) => char.IsAsciiDigit(letter) || letter is '.' or '+' or '-';

    static bool IsHiragana(char letter) => letter is >= '\u3041' and <= '\u3096';

    static int LengthOf(string text, int start, Func<char, bool> belongs)
    {
        var end = start;
        while (end < text.Length && belongs(text[end]))
            end++;
        return end - start;
    }
}
