namespace Rewas.Text.Words;

/// <summary>The forms of a language by their first word, or by the stem of their first word.</summary>
sealed class FormTable(string language)
{
    const int ShortestStem = 2;

    readonly Dictionary<string, List<Form>> byWord = new(StringComparer.Ordinal), byStem = new(StringComparer.Ordinal);
    int longestStem;

    public void Add(Form form)
    {
        var (table, first) = form.IsStem ? (byStem, form.Words[0][..^1]) : (byWord, form.Words[0]);
        if (!table.TryGetValue(first, out var forms))
            table[first] = forms = [];
        forms.Add(form);
        if (form.IsStem)
            longestStem = Math.Max(longestStem, first.Length);
    }

    /// <summary>Puts the forms of the most words first, and grammar before things.</summary>
    public void Sort()
    {
        foreach (var forms in byWord.Values.Concat(byStem.Values))
            forms.Sort((a, b) => a.Words.Length != b.Words.Length
                ? b.Words.Length.CompareTo(a.Words.Length)
                : (a.Kind == WordKind.Content).CompareTo(b.Kind == WordKind.Content));
    }

    public Form? Find(string word) => byWord.TryGetValue(word, out var forms) ? forms[0] : null;

    public Form? FindStem(string stem) => byStem.TryGetValue(stem, out var forms) ? forms[0] : null;

    /// <summary>The best form that begins at a word.</summary>
    public Form? Find(IReadOnlyList<WordKeys> words, int at, Func<WordKeys, string> key)
    {
        var first = key(words[at]);
        var best = byWord.TryGetValue(first, out var whole) ? whole.Find(form => Fits(form, words, at, key)) : null;
        for (var length = Math.Min(first.Length, longestStem); length >= ShortestStem; length--)
            if (byStem.TryGetValue(first[..length], out var stems) && Inflection.Takes(language, PlainCharacters.Key(first.AsSpan(length))))
                best = Better(best, stems.Find(form => Fits(form, words, at, key)));
        foreach (var word in language == Lexicon.English ? [] : Inflection.Bases(language, first).Skip(1))
            if (byWord.TryGetValue(word, out var bases))
                best = Better(best, bases.Find(form => Fits(form, words, at, key)));
        return best;
    }

    /// <summary>More words win, then a spelling with accents, then the first that was found: a whole word, then the longest stem.</summary>
    public static Form? Better(Form? best, Form? other) =>
        other is null || (best is not null && other.Words.Length <= best.Words.Length) ? best : other;

    bool Fits(Form form, IReadOnlyList<WordKeys> words, int at, Func<WordKeys, string> key)
    {
        if (at + form.Words.Length > words.Count)
            return false;
        for (var i = 1; i < form.Words.Length; i++)
        {
            var (wanted, there) = (form.Words[i], key(words[at + i]));
            if (wanted.EndsWith('*')
                ? !there.StartsWith(wanted[..^1], StringComparison.Ordinal)
                    || !Inflection.Takes(language, PlainCharacters.Key(there.AsSpan(wanted.Length - 1)))
                : wanted != there)
                return false;
        }
        return true;
    }
}
