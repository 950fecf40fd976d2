using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Text.Words;

/// <summary>
/// What a prompt asks for, in the words that a text encoder reads: what to hear, what not to hear, and how loud. An English prompt without
/// words of negation or loudness is passed on as it is.
/// </summary>
public sealed record PromptWords
{
    /// <summary>The largest changes of level that words may ask for. An edit of the curve may make larger ones.</summary>
    public const double MostLouder = 12, MostQuieter = 60;

    /// <summary>What is not to be heard if a prompt says "only". A text encoder has no word for everything else.</summary>
    static readonly (string Word, string[] Unless)[] Others =
    [
        ("music", ["music", "guitar", "piano", "violin", "song", "orchestra", "choir", "drum", "flute", "trumpet", "sing", "melody"]),
        ("speech", ["speech", "voice", "talk", "speak", "sing", "people", "crowd", "choir", "laugh", "whisper", "shout", "baby", "child"]),
        ("background noise", ["background", "ambien", "noise"]),
    ];

    /// <summary>The prompt as it was written.</summary>
    public required string Asked { get; init; }

    /// <summary>What to hear, in English. Empty if the prompt says only what not to hear, or how loud.</summary>
    public required string Prompt { get; init; }

    /// <summary>What not to hear, in English; empty for nothing.</summary>
    public string Negative { get; init; } = "";

    /// <summary>Change of level, dB; 0 for none.</summary>
    public double Decibels { get; init; }

    /// <summary>Language of the prompt: "en", "zh", "es", "de", "fr" or "ja". Empty if it is in none of them.</summary>
    public string Language { get; init; } = Lexicon.English;

    /// <summary>Words of another language that are not known. They have no effect.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>False for a prompt in another language of which too little is known. It is passed on as it is.</summary>
    public bool IsRead { get; init; } = true;

    /// <summary>What was understood and not done, and why; one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where each part of <see cref="Prompt"/> stands in <see cref="Asked"/>.</summary>
    internal IReadOnlyList<(int Start, int Length, int AskedStart, int AskedLength)> Sources { get; init; } = [];

    /// <summary>True if the prompt is passed on as it is.</summary>
    public bool IsAsWritten => Prompt == Asked && Negative.Length == 0 && Decibels == 0 && IsRead;

    /// <summary>A prompt that is passed on as it is.</summary>
    public static PromptWords Literal(string asked) => new() { Asked = asked, Prompt = asked };

    /// <summary>Reads a prompt. The same prompt always gives the same words.</summary>
    public static PromptWords Read(string asked)
    {
        var narrow = PlainCharacters.Narrow(asked);
        if (IsQuoted(narrow))
            narrow = $" {narrow[1..^1]} ";
        var language = LanguageGuess.Of(narrow);
        if (language.Length == 0)
            return Unreadable(asked, language, []);
        var parser = new PromptParser(narrow, asked, language);
        var parts = parser.Parse();
        if (language != Lexicon.English)
            return Translated(asked, language, parser, parts);
        return parser.HasChanges ? Changed(asked, language, parser, parts, []) : Literal(asked);
    }

    /// <summary>Whether all words of an English text are grammar or words that the platform's own captions use.</summary>
    public static bool KnowsAllWords(string text)
    {
        var narrow = PlainCharacters.Narrow(text);
        return TextSigns.Split(narrow, Lexicon.English).Where(sign => TextSigns.IsLetter(narrow[sign.Start]))
            .All(sign => Lexicon.Of(Lexicon.English).Means(narrow.Substring(sign.Start, sign.Length).ToLowerInvariant()));
    }

    /// <summary>What was understood, in one line for people; empty if the prompt is passed on as it is.</summary>
    public string Summary()
    {
        var said = new List<string>();
        if (!IsRead)
            said.Add(Language.Length == 0
                ? $"\"{Shortened(Asked)}\" is in a language that I cannot read; it is passed on as it is"
                : $"I cannot read \"{string.Join("\", \"", Unknown.DefaultIfEmpty(Shortened(Asked)))}\" "
                    + $"({NameOf(Language)}); the prompt is passed on as it is");
        else if (!IsAsWritten)
        {
            said.Add(Prompt.Length > 0 ? $"to hear: \"{Prompt}\"" : "nothing to hear is named");
            if (Negative.Length > 0)
                said.Add($"not to hear: \"{Negative}\"");
            if (Decibels != 0)
                said.Add($"level: {LevelWords.Text(Decibels)}");
            if (Unknown.Count > 0)
                said.Add($"not understood: \"{string.Join("\", \"", Unknown)}\"");
        }
        return string.Join("; ", said.Concat(Notes));
    }

    /// <summary>The words that the prompt adds to what is heard, as a tail of an English prompt: ", no dog, 6 dB quieter".</summary>
    public string Tail() =>
        string.Concat(Negative.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(word => $", no {word}"))
        + (Decibels == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $", {Math.Abs(Decibels):0.##} dB {(Decibels > 0 ? "louder" : "quieter")}"));

    /// <summary>Faults of a prompt that cannot be done: it names nothing to hear, or a change of level that is too large.</summary>
    /// <param name="field">The option that holds it.</param>
    public IEnumerable<InputFault> Faults(string field)
    {
        if (Prompt.Length == 0)
            yield return InputFault.Invalid(field, Negative.Length > 0
                ? $"must say what to hear, but says only what not to hear: \"{Shortened(Negative)}\" (--words literal takes it as it is)"
                : $"must say what to hear, but says only how loud: \"{Shortened(Asked)}\" (--words literal takes it as it is)");
        if (Decibels is > MostLouder or < -MostQuieter)
            yield return InputFault.Invalid(field, string.Create(
                CultureInfo.InvariantCulture,
                $"must ask for a change from -{MostQuieter} to +{MostLouder} dB, but asks for {LevelWords.Text(Decibels)} "
                + $"(an edit of the curve, --gain, may change more)"));
    }

    /// <summary>The place in the prompt as it was written of a place in <see cref="Prompt"/>.</summary>
    public (int Start, int Length) AskedPlace(int start, int length)
    {
        if (Prompt == Asked)
            return (start, length);
        var touched = Sources.Where(source => source.Start < start + length && start < source.Start + source.Length).ToList();
        if (touched.Count == 0)
            return (0, Asked.Length);
        // Within one part whose words are the same, the place is exact.
        if (touched is [var only] && only.Length == only.AskedLength
            && string.CompareOrdinal(Prompt, only.Start, Asked, only.AskedStart, only.Length) == 0)
            return (Math.Max(start, only.Start) - only.Start + only.AskedStart, Math.Min(length, only.Length));
        var first = touched.Min(source => source.AskedStart);
        return (first, touched.Max(source => source.AskedStart + source.AskedLength) - first);
    }

    /// <summary>The name of a language.</summary>
    public static string NameOf(string language) => language switch
    {
        Lexicon.Chinese => "Chinese",
        Lexicon.Spanish => "Spanish",
        Lexicon.German => "German",
        Lexicon.French => "French",
        Lexicon.Japanese => "Japanese",
        Lexicon.English => "English",
        _ => "another language",
    };

    static bool IsQuoted(string narrow) => narrow.Length > 2 && narrow[0] == '"' && narrow.IndexOf('"', 1) == narrow.Length - 1;

    static PromptWords Unreadable(string asked, string language, IReadOnlyList<string> unknown) =>
        new() { Asked = asked, Prompt = asked, Language = language, Unknown = unknown, IsRead = false };

    /// <summary>A prompt in another language. It is read if two thirds of its words are known, and one of them can be heard.</summary>
    static PromptWords Translated(string asked, string language, PromptParser parser, PromptParts parts)
    {
        string[] unknown =
        [
            .. parser.Words.Where(word => word.Kind == WordKind.Unknown)
                .Select(word => asked.Substring(word.Start, word.Length)).Distinct(),
        ];
        var known = parser.Words.Count(word => word.Kind is WordKind.Content);
        return (known == 0 && !parser.HasChanges) || unknown.Length > Math.Max(known, 1) / 2.0
            ? Unreadable(asked, language, unknown)
            : Changed(asked, language, parser, parts, unknown);
    }

    static PromptWords Changed(
        string asked, string language, PromptParser parser, PromptParts parts, IReadOnlyList<string> unknown)
    {
        var (prompt, sources) = (new System.Text.StringBuilder(), new List<(int, int, int, int)>());
        PromptParser.Piece? before = null;
        foreach (var piece in parts.Heard.Where(piece => piece.Text.Length > 0))
        {
            if (before is not null)
                prompt.Append(Between(asked, language, before, piece));
            sources.Add((prompt.Length, piece.Text.Length, piece.Start, piece.Length));
            prompt.Append(piece.Text);
            before = piece;
        }
        var text = prompt.ToString();
        string[] others = parser.IsOnly
            ? [.. Others.Where(other => !other.Unless.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Select(other => other.Word).Except(parts.Denied, StringComparer.OrdinalIgnoreCase)]
            : [];
        return new()
        {
            Asked = asked,
            Prompt = text,
            Negative = string.Join(", ", parts.Denied.Concat(others).Distinct(StringComparer.OrdinalIgnoreCase)),
            Decibels = parts.Decibels,
            Language = language,
            Unknown = unknown,
            Notes = parts.Notes,
            Sources = sources,
        };
    }

    /// <summary>What joins two pieces: the words as they are written if nothing between them was left out, else a comma.</summary>
    static string Between(string asked, string language, PromptParser.Piece before, PromptParser.Piece piece)
    {
        if (language != Lexicon.English)
            return piece.Before is WordKind.And or WordKind.With && piece.Part == before.Part + 1
                ? piece.Before is WordKind.And ? " and " : " with "
                : ", ";
        return piece.Part == before.Part + 1 && asked[before.End..piece.Start] is { Length: <= 16 } between && IsOnlySeparator(between)
            ? between
            : ", ";
    }

    static bool IsOnlySeparator(string between) => between.Trim().ToLowerInvariant()
        is "," or "and" or ", and" or "with" or "&" or "+" or "while" or "as" or "over" or "then" or ", then" or "plus" or "or" or "behind"
            or "under" or "before" or "after" or "when" or ";" or ".";

    static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
