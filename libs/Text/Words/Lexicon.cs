using System.Globalization;
using Rewas.Bundles;

namespace Rewas.Text.Words;

/// <summary>
/// The words of one language that the platform knows, from Languages/xx.tsv: what they do, and what they mean in English. Loaded on first
/// use.
/// </summary>
sealed class Lexicon
{
    public const string English = "en", Chinese = "zh", Spanish = "es", German = "de", French = "fr", Japanese = "ja";

    /// <summary>Languages in Latin script other than English.</summary>
    public static IReadOnlyList<string> Latin { get; } = [Spanish, German, French];

    /// <summary>English words that other languages have too. A prompt of such words alone is English.</summary>
    const string EnglishOnly = "word";

    static readonly Dictionary<string, WordKind> Kinds = new()
    {
        ["neg"] = WordKind.Negation,
        ["only"] = WordKind.Only,
        ["rest"] = WordKind.NothingElse,
        ["loud"] = WordKind.Loudness,
        ["excess"] = WordKind.Excess,
        ["degree"] = WordKind.Degree,
        ["but"] = WordKind.But,
        ["and"] = WordKind.And,
        ["or"] = WordKind.Or,
        ["with"] = WordKind.With,
        ["that"] = WordKind.Relative,
        ["idiom"] = WordKind.Idle,
        ["in"] = WordKind.Place,
        ["filler"] = WordKind.Filler,
        ["x"] = WordKind.Content,
        ["thing"] = WordKind.Content,
    };

    static readonly Dictionary<string, LoadedOnce<Lexicon>> Loaded =
        new[] { English, Chinese, Spanish, German, French, Japanese }
            .ToDictionary(name => name, name => new LoadedOnce<Lexicon>(() => new(name)));

    /// <summary>Forms as they are spelled, and without accents, for texts that leave them out.</summary>
    readonly FormTable strict, loose;

    /// <summary>Words that the English column uses. The text encoder knows them.</summary>
    readonly HashSet<string> meanings = new(StringComparer.Ordinal);

    Lexicon(string language)
    {
        Language = language;
        (strict, loose) = (new(language), new(language));
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream($"Rewas.Text.Words.{language}.tsv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#')
                Add(line.Split('\t'));
        strict.Sort();
        loose.Sort();
    }

    public string Language { get; }

    /// <summary>Most characters of a form, for scripts without spaces.</summary>
    public int LongestForm { get; private set; }

    public static Lexicon Of(string language) => Loaded[language].Value;

    /// <summary>Whether English text uses this word here.</summary>
    public bool Means(string word) => Inflection.Bases(English, word).Any(meanings.Contains);

    /// <summary>The longest form that begins at a word. Spelling with accents goes before spelling without.</summary>
    /// <param name="words">All words and signs of the text, in lower case.</param>
    /// <param name="at">Index of the word.</param>
    public Form? Find(IReadOnlyList<WordKeys> words, int at) => FormTable.Better(
        strict.Find(words, at, keys => keys.Strict), loose.Find(words, at, keys => keys.Loose));

    /// <summary>The keys of a word.</summary>
    public WordKeys Keys(ReadOnlySpan<char> word) => Language == German
        ? new(PlainCharacters.GermanKey(word), PlainCharacters.LooseGermanKey(word))
        : new(word.ToString().ToLowerInvariant(), PlainCharacters.Key(word));

    /// <summary>The form that is exactly this text, for scripts without spaces.</summary>
    public Form? Find(string text) => strict.Find(text);

    /// <summary>The form whose stem is exactly this text.</summary>
    public Form? FindStem(string text) => strict.FindStem(text);

    void Add(string[] row)
    {
        if (row[0] == EnglishOnly)
        {
            meanings.UnionWith(row[2].Split(','));
            return;
        }
        var (kind, meaning) = (Kinds[row[0]], row[1]);
        var value = kind is WordKind.Loudness or WordKind.Degree ? double.Parse(meaning, CultureInfo.InvariantCulture) : 0;
        if (row[0] == "thing")
            meanings.UnionWith(meaning.Split(' '));
        foreach (var text in row[2].Split(','))
        {
            LongestForm = Math.Max(LongestForm, text.Length);
            if (Language is Chinese or Japanese)
            {
                strict.Add(new(kind, meaning, value, [PlainCharacters.Narrow(text)]));
                continue;
            }
            var words = TextSigns.Words(text, Language)
                .Select(word => (Keys: Keys(word.AsSpan().TrimEnd('*')), Star: word.EndsWith('*') ? "*" : "")).ToList();
            if (Language == English)
                meanings.UnionWith(words.Select(word => word.Keys.Strict));
            strict.Add(new(kind, meaning, value, [.. words.Select(word => word.Keys.Strict + word.Star)]));
            if (Language != English)
                loose.Add(new(kind, meaning, value, [.. words.Select(word => word.Keys.Loose + word.Star)]) { IsLoose = true });
        }
    }
}

/// <summary>A form of a word or a phrase.</summary>
/// <param name="Meaning">English.</param>
/// <param name="Value">As the kind says.</param>
/// <param name="Words">Keys; a star stands for any ending.</param>
sealed record Form(WordKind Kind, string Meaning, double Value, string[] Words)
{
    public bool IsStem => Words[0].EndsWith('*');

    /// <summary>True if accents are left out.</summary>
    public bool IsLoose { get; init; }
}

/// <summary>A word as it is looked up.</summary>
/// <param name="Strict">As it is spelled.</param>
/// <param name="Loose">Without accents.</param>
readonly record struct WordKeys(string Strict, string Loose);
