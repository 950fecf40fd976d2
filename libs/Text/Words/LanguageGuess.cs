namespace Rewas.Text.Words;

/// <summary>Decides which of the known languages a text is in. In doubt it is English, which is passed on as it is.</summary>
static class LanguageGuess
{
    /// <summary>Words of grammar that only one of the other languages in Latin script uses, and English does not.</summary>
    static readonly HashSet<string> Foreign =
    [
        .. ("el los las un una unos unas del en con y sonido ruido quiero por favor pon pasos hay muy "
        + "der das ein eine einen einem einer und mit ohne auf im bitte nur kein keine von zu ist ich nicht aber sehr des dem vom "
        + "le les une et avec dans sur du au aux sans seulement pas bruit de la qui je est tres moins quelqu'un mais").Split(' '),
    ];

    /// <summary>Words of English grammar that the other languages do not use.</summary>
    static readonly HashSet<string> OnlyEnglish =
    [
        .. ("the of and with from by it is are but not only at to for this that these those being there please without just very too don't "
        + "quiet quietly loud loudly louder quieter through over under into while then sound add make an as through").Split(' '),
    ];

    /// <summary>Share of the words that a language must know of a text with English words in it.</summary>
    const double EnoughBesideEnglish = 0.75;

    /// <returns>A language of <see cref="Lexicon"/>; empty for a script that no lexicon has.</returns>
    public static string Of(string narrow)
    {
        var (letters, han, kana, latin) = (0, 0, 0, 0);
        foreach (var letter in narrow)
        {
            if (PlainCharacters.IsKana(letter))
                kana++;
            else if (PlainCharacters.IsHan(letter))
                han++;
            else if (letter < '\u0250' && char.IsLetter(letter))
                latin++;
            letters += char.IsLetter(letter) ? 1 : 0;
        }
        if (kana > 0)
            return Lexicon.Japanese;
        if (han > 0)
            return Han(narrow);
        return letters == 0 || 2 * latin >= letters ? LatinOf(narrow) : "";
    }

    /// <summary>Chinese, or Japanese without kana if only that can be read.</summary>
    static string Han(string narrow) =>
        Unknown(narrow, Lexicon.Chinese) is > 0 and var unknown && Unknown(narrow, Lexicon.Japanese) < unknown
            ? Lexicon.Japanese : Lexicon.Chinese;

    static int Unknown(string narrow, string language) =>
        WordReader.Read(narrow, language).Where(word => word.Kind == WordKind.Unknown).Sum(word => word.Length);

    static string LatinOf(string narrow)
    {
        string[] keys = [.. TextSigns.Split(narrow, Lexicon.English).Where(sign => TextSigns.IsLetter(narrow[sign.Start]))
            .Select(sign => narrow.Substring(sign.Start, sign.Length))];
        var isPlain = narrow.All(letter => letter < '\u0080');
        var foreign = keys.Any(word => Foreign.Contains(PlainCharacters.Key(word)) || (word.Length > 2 && word[1] == '\''));
        if (isPlain && !foreign && keys.Any(word => OnlyEnglish.Contains(word.ToLowerInvariant())))
            return Lexicon.English;
        var english = keys.Count(IsEnglish);
        var (best, most) = (Lexicon.English, (double)english / Math.Max(1, keys.Length));
        if (!foreign && isPlain && 2 * english > keys.Length)
            return Lexicon.English;
        foreach (var language in Lexicon.Latin)
        {
            var words = WordReader.Read(narrow, language).Where(IsWord).ToList();
            var (known, own) = (words.Count(word => word.Kind != WordKind.Unknown && !IsSame(word)), words.Count(IsOwn));
            var share = (double)known / Math.Max(1, words.Count);
            // An English word that the language does not have speaks against it, and so does a bare list of words with an unknown one.
            var needed = words.Exists(IsSame) ? EnoughBesideEnglish : foreign || !isPlain ? 0 : 1;
            if (share > most && share >= needed && (own > 0 || words.Exists(word => word.Kind == WordKind.Unknown)))
                (best, most) = (language, share);
        }
        return best;

        bool IsWord(Word word) => TextSigns.IsLetter(narrow[word.Start]);

        bool IsOwn(Word word) => word.Kind is not (WordKind.Unknown or WordKind.Filler or WordKind.Place) && !IsSame(word);

        // An English word that no lexicon has but that of English.
        bool IsSame(Word word) => word.Kind == WordKind.Content && word.IsSame;
    }

    static bool IsEnglish(string word)
    {
        var key = PlainCharacters.Key(word);
        return !key.Any(letter => letter > '\u007f') && word.All(letter => letter < '\u0080')
            && (Lexicon.Of(Lexicon.English).Means(key) || Lexicon.Latin.Any(language => Lexicon.Of(language).Means(key)));
    }
}
