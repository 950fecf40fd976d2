using System.Globalization;
using System.Text.RegularExpressions;
using Rewas.Agent.Tools;
using Rewas.Clip.Names;
using Rewas.PromptCheck;
using Rewas.Text.Words;

namespace Rewas.Agent.Chat;

/// <summary>
/// A user's request in plain words, as far as the embedded service understands it. What it does not understand ends in a question or a
/// plain no, never in an action.
/// </summary>
public abstract partial record PlainRequest
{
    PlainRequest()
    {
    }

    public sealed record AddSound(string Words) : PlainRequest;

    /// <param name="Seconds">Length of a sound without a picture.</param>
    /// <param name="What">What to hear.</param>
    public sealed record SoundAlone(double Seconds, string What) : PlainRequest;

    /// <param name="Count">Number of new candidates.</param>
    /// <param name="Like">Number of the candidate to imitate; 0 for the last.</param>
    public sealed record More(int Count, int Like) : PlainRequest;

    /// <param name="Hit">Number of the event, from 1; -1 for the last.</param>
    /// <param name="Decibels">Change in dB; null removes the hit.</param>
    public sealed record ChangeHit(int Hit, double? Decibels) : PlainRequest;

    /// <param name="Edit">An edit in the form of `rewas edit`.</param>
    public sealed record ChangeCurve(string Edit) : PlainRequest;

    /// <summary>A change of loudness that says when, or one that may be too large.</summary>
    /// <param name="At">Time, or start of a range, s; null for the whole sound.</param>
    /// <param name="To">End of a range, s.</param>
    public sealed record ChangeLevel(double Decibels, double? At, double? To) : PlainRequest;

    /// <param name="What">What the next sounds are made without.</param>
    public sealed record LeaveOut(string What) : PlainRequest;

    /// <summary>A request of which a part is not understood. Nothing is done, and the user is asked.</summary>
    /// <param name="Understood">As the user wrote it; empty for nothing.</param>
    /// <param name="NotUnderstood">As the user wrote it.</param>
    public sealed record InPart(string Understood, string NotUnderstood) : PlainRequest;

    /// <summary>A sentence in a language that cannot be read, or of which too little is known.</summary>
    /// <param name="Why">One sentence.</param>
    public sealed record Unreadable(string Why) : PlainRequest;

    /// <summary>A question that the embedded service has no answer to.</summary>
    public sealed record Question : PlainRequest;

    /// <summary>Asks for sound without saying which.</summary>
    public sealed record AddWhat : PlainRequest;

    public sealed record Reword(string Without, string With) : PlainRequest;

    public sealed record TakeSuggestion(int Number) : PlainRequest;

    public sealed record GoOn : PlainRequest;

    public sealed record LeaveIt : PlainRequest;

    public sealed record Describe : PlainRequest;

    public sealed record Rank : PlainRequest;

    public sealed record Export(int Candidate) : PlainRequest;

    public sealed record UseLastCurve : PlainRequest;

    /// <param name="What">What they are, such as "footsteps"; empty if the user did not say.</param>
    public sealed record UseRecordings(string What) : PlainRequest;

    /// <param name="Seconds">Time of the unwanted piece; null if the user did not say.</param>
    public sealed record NotThatOne(double? Seconds) : PlainRequest;

    /// <param name="Width">0 to 1; null if the user did not say.</param>
    /// <param name="Pan">"picture" or a number; null if the user did not say.</param>
    public sealed record Stereo(double? Width, string? Pan) : PlainRequest;

    public sealed record TalkAbout(int Video) : PlainRequest;

    public sealed record Unknown : PlainRequest;

    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    const double UsualDecibels = 6, UsualWidth = 0.8, UsualSide = 0.7;

    /// <summary>Half the length of a change of loudness at a time that names no range, s.</summary>
    public const double HalfRange = 0.25;

    /// <summary>The largest change of loudness that one request makes louder, dB.</summary>
    public const double MostDecibels = PromptWords.MostLouder;

    static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    static readonly string[] Counts = ["one", "two", "three", "four"];
    static readonly string[] Lengths = [.. Counts, "five", "six", "seven", "eight", "nine", "ten"];

    [GeneratedRegex(@"\b(take|use|try|make)\b.*\bsuggest(ion|ed)\b(\s+(?<n>\d+))?|^\s*(?<n>first|second)\s+suggestion", Options, 1000)]
    static partial Regex SuggestionWords { get; }

    [GeneratedRegex(
        @"\b((?<verb>remove|delete|drop)\s+the\s+(?<n>\w+)\s+(hit|event|blow|bounce|beat|impact|strike|step)"
        + @"|the\s+(?<n>\w+)\s+(hit|event|blow|bounce|beat|impact|strike|step)\s+(a (bit|little) |much )?"
        + @"(?<dir>louder|quieter|softer)(\s+by\s+(?<db>\d+(\.\d+)?)\s*db)?)",
        Options,
        1000)]
    static partial Regex HitWords { get; }

    [GeneratedRegex(@"\b(?<n>one|two|three|four|\d|some|a few)\s+more\b(.*\blike\s+(the\s+)?(number\s+)?(?<like>\w+))?", Options, 1000)]
    static partial Regex MoreWords { get; }

    [GeneratedRegex(
        @"\bless\s+(?<less>[^,;]+)\s*(,|;|\band\b)\s*more\s+(?<more>[^,;.!]+)"
        + @"|\bmore\s+(?<more>[^,;]+)\s*(,|;|\band\b)\s*less\s+(?<less>[^,;.!]+)",
        Options,
        1000)]
    static partial Regex RewordWords { get; }

    [GeneratedRegex(
        @"\b(mute|silence)\b.*?\b(from\s+)?(?<a>\d+(\.\d+)?)\s*(s|seconds?)?\s*(to|-|until|\.\.)\s*(?<b>\d+(\.\d+)?)\s*(s|seconds?)?",
        Options,
        1000)]
    static partial Regex MuteWords { get; }

    [GeneratedRegex(
        @"\b(?<n>\d+(\.\d+)?)\s*(?<unit>ms|milliseconds|s|sec|seconds?)\s+(?<dir>later|earlier)\b", Options, 1000)]
    static partial Regex ShiftWords { get; }

    [GeneratedRegex(
        @"((\bby\s+)?(?<db>\d+(\.\d+)?)\s*(db|decibels?)\s+)?\b(?<dir>louder|quieter|softer)\b"
        + @"(\s+by\s+(?<db>\d+(\.\d+)?)\s*(db|decibels?))?"
        + @"(\s+((at|around|near)\s+(?<a>\d+(\.\d+)?)\s*(s|sec|seconds?)?(?!\w)"
        + @"|(from|between)\s+(?<a>\d+(\.\d+)?)\s*(s|sec|seconds?)?"
        + @"\s*(to|until|and|-|\.\.)\s*(?<b>\d+(\.\d+)?)\s*(s|sec|seconds?)?(?!\w)))?",
        Options,
        1000)]
    static partial Regex LevelWords { get; }

    /// <summary>Asks politely, which is no question: "could you add rain?".</summary>
    [GeneratedRegex(
        @"^\W*(please\s+)?(can|could|would|will)\s+you\s+(please\s+|kindly\s+)?(?!(hear|see|tell|explain|understand)\b)\w+"
        + @"|^\W*(can|could|may)\s+(i|we)\s+(please\s+)?have\b",
        Options,
        1000)]
    static partial Regex PoliteWords { get; }

    [GeneratedRegex(
        @"^\W*(should|shall|would|will|could|can|may|might|must|why|what|when|where|who|whose|which|how|is|are|was|were|am|does|do you"
        + @"|do i|did|has|have you|any)\b|\?\s*$",
        Options,
        1000)]
    static partial Regex QuestionWords { get; }

    /// <summary>A command that the user does not want: "don't export it". "don't add birds" is a wish about the sound.</summary>
    [GeneratedRegex(
        @"^\W*(please\s+)?(no,?\s+)?(don['\u2019]?t|do not|never|stop|no need to)\b\s*(please\s+)?"
        + @"(do|make|mak(e|ing)|export\w*|save|saving|change|chang\w+|mute|muting|render\w*|generat\w+|edit\w*|undo\w*|reset|rank\w*|send"
        + @"|touch|remove|delete|bother|anything)?\b(?!\s+(add|includ|us|want|put|play)\w*)",
        Options,
        1000)]
    static partial Regex NotNowWords { get; }

    /// <summary>A wish about the sound that is there, or about the picture, and no sound to add.</summary>
    [GeneratedRegex(
        @"^\W*(please\s+)?(make|have|let)\s+(it|this|that|them|him|her|everything|all"
        + @"|the\s+(video|film|picture|clip|movie|image|sound|scene"
        + @"|result|whole thing|one|last one|first one|second one|third one))\b(?!\s+sound\s+like\b)"
        + @"|\b(the\s+)?(left|right|other|same|previous|next|last|first|second|third)\s+ones?\b"
        + @"|\b(yesterday|last (week|time|month)|again but|the one from|from my (phone|computer|laptop|mail|camera))\b"
        + @"|^\W*(please\s+)?(use|take|get)\s+the\b",
        Options,
        1000)]
    static partial Regex ElsewhereWords { get; }

    /// <summary>Words of a command that add nothing to it.</summary>
    [GeneratedRegex(
        @"\b(please|pls|now|then|ok|okay|and|just|again|thanks|thank you|can|could|would|you|i|we|want|would like|like|to|me|us|let|make"
        + @"|made|it|its|is|be|should|the|a|an|this|that|these|of|for|in|on|with|my|your|all|everything|whole|sound|sounds|video|film"
        + @"|clip|volume|level|curve|energy|do|give|set|turn|get|put|a bit|a little|bit|little|slightly|much|very|even|still|some|shift"
        + @"|move|render|change|number|file|one|go|back|last|part|from|by|them)\b|[\W_]+",
        Options,
        1000)]
    static partial Regex EmptyWords { get; }

    [GeneratedRegex(@"^\s*(undo|reset)\b", Options, 1000)]
    static partial Regex UndoWords { get; }

    [GeneratedRegex(@"\b(export|save|download)\b(.*?\b(number\s+)?(?<n>\d+|first|second|third))?", Options, 1000)]
    static partial Regex ExportWords { get; }

    [GeneratedRegex(@"\b(my|the)\s+last\s+curve\b", Options, 1000)]
    static partial Regex LastCurveWords { get; }

    [GeneratedRegex(@"\b(the\s+(?<n>first|second|third)\s+video|video\s+(?<n>\d+))\b", Options, 1000)]
    static partial Regex VideoWords { get; }

    [GeneratedRegex(
        @"\b(use|take|with)\s+(these|those|my)\s+(own\s+)?(?<what>(?!last\b)[a-z]+(\s+[a-z]+){0,3})", Options, 1000)]
    static partial Regex RecordingWords { get; }

    [GeneratedRegex(
        @"\bnot\s+(that|this|the)\s+(one|piece|sound|take)\b(.*?\bat\s+(?<t>\d+(\.\d+)?))?"
        + @"|\banother\s+(one|piece|take)\s+at\s+(?<t>\d+(\.\d+)?)",
        Options,
        1000)]
    static partial Regex NotThatWords { get; }

    [GeneratedRegex(
        @"\b(?<n>\d+(\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten)\s*-?\s*(?<unit>s|sec|seconds?|min|minutes?)\s+(long\s+)?"
        + @"of\s+(the\s+sounds?\s+of\s+)?(?<what>[^.;!?]+)",
        Options,
        1000)]
    static partial Regex AloneWords { get; }

    [GeneratedRegex(
        @"\b(pan(ned)?|follow(s|ing)?|mov(e|es|ing)|places?)(\s+(it|this|that|the|sound|to|with|where|in))*"
        + @"\s+(?<picture>picture|motion|movement)\b(\s+(moves|goes|is))?"
        + @"|\bpan(ned)?(\s+(it|this|that|the|sound|to|at|in))*\s+((?<side>left|right|cent(re|er)|middle)\b|(?<place>-?[01](\.\d+)?)(?!\w))"
        + @"|\b(?<wide>stereo|wide|wider)\b|\b(?<mono>mono)\b",
        Options,
        1000)]
    static partial Regex StereoWords { get; }

    [GeneratedRegex(@"\b(rank|which (one )?is (the )?best|compare)\b", Options, 1000)]
    static partial Regex RankWords { get; }

    [GeneratedRegex(@"\b(what (do you|can you) see|describe|caption|what is (it|this|in)|what's (this|in))\b", Options, 1000)]
    static partial Regex DescribeWords { get; }

    [GeneratedRegex(@"\b(add|make|give|put|create|generate|sounds?|audio|hear)\b", Options, 1000)]
    static partial Regex SoundWords { get; }

    /// <summary>
    /// :: Step 1: overrides. :: Step 2: other languages. :: Step 3: questions and refusals, which start nothing. :: Step 4: commands, each
    /// of which must be understood as a whole. :: Step 5: sounds to add.
    /// </summary>
    public static PlainRequest Of(string words)
    {
        // :: Step 1
        if (OverrideWords.In(words) is not OverrideMention.None and var said)
            return said == OverrideMention.Given ? new GoOn() : new LeaveIt();

        // :: Step 2
        var read = PromptWords.Read(words);
        if (read.Language != EnglishLanguage || !read.IsRead)
            return OtherLanguage.RequestOf(words, read);

        // :: Step 3
        var asks = QuestionWords.IsMatch(words) && !PoliteWords.IsMatch(words);
        if (NotNowWords.Match(words) is { Success: true } no && (no.Value.Trim().Length == words.Trim().Length || IsCommand(words, no)))
            return new LeaveIt();
        if (asks)
            return RankWords.IsMatch(words) ? new Rank() : DescribeWords.IsMatch(words) ? new Describe() : new Question();

        // :: Steps 4 and 5
        return CommandOf(words) ?? SoundOf(words, read);
    }

    const string EnglishLanguage = "en";

    /// <summary>Whether what follows a refusal names a command, and not a sound.</summary>
    static bool IsCommand(string words, Match refusal) =>
        refusal.Length < words.Length && refusal.Value.TrimEnd().Length > 0 && EndsInVerb().IsMatch(refusal.Value);

    [GeneratedRegex(
        @"(do|mak\w*|export\w*|sav\w*|chang\w*|mut\w*|render\w*|generat\w*|edit\w*|undo\w*|reset|rank\w*|send|touch|remove|delete|bother"
        + @"|anything)\W*$",
        Options,
        1000)]
    private static partial Regex EndsInVerb();

    static PlainRequest? CommandOf(string words)
    {
        if (SuggestionWords.Match(words) is { Success: true } suggestion)
            return new TakeSuggestion(Math.Max(1, NumberOf(suggestion.Groups["n"].Value)));
        if (HitWords.Match(words) is { Success: true } hit && (NumberOf(hit.Groups["n"].Value) is var which and not 0))
            return Whole(words, hit, new ChangeHit(which, hit.Groups["verb"].Success ? null : LevelOf(hit)));
        if (RewordWords.Match(words) is { Success: true } reword)
            return new Reword(reword.Groups["less"].Value.Trim(), reword.Groups["more"].Value.Trim());
        if (MoreWords.Match(words) is { Success: true } more)
            return Whole(words, more, new More(
                Math.Clamp(NumberOf(more.Groups["n"].Value), 1, 4), Math.Max(0, NumberOf(more.Groups["like"].Value))));
        if (LastCurveWords.Match(words) is { Success: true } curve)
            return Whole(words, curve, new UseLastCurve(), "use");
        if (NotThatWords.Match(words) is { Success: true } unwanted)
            return new NotThatOne(unwanted.Groups["t"] is { Success: true } at
                ? double.Parse(at.Value, CultureInfo.InvariantCulture) : null);
        if (RecordingWords.Match(words) is { Success: true } recordings)
            return new UseRecordings(RecordingsNamed(recordings.Groups["what"].Value));
        // "a wide river" is a sound.
        if (StereoWords.Match(words) is { Success: true } stereo && Whole(words, stereo, StereoOf(stereo)) is Stereo image)
            return image;
        if (MuteWords.Match(words) is { Success: true } mute)
            return Whole(words, mute, new ChangeCurve($"mute {mute.Groups["a"].Value}s..{mute.Groups["b"].Value}s"));
        if (ShiftWords.Match(words) is { Success: true } shift)
        {
            var unit = shift.Groups["unit"].Value[0] is 'm' or 'M' ? "ms" : "s";
            return Whole(words, shift, new ChangeCurve($"shift {(Is(shift, "later") ? "+" : "-")}{shift.Groups["n"].Value}{unit}"));
        }
        if (AloneWords.Match(words) is { Success: true } alone)
            return new SoundAlone(
                LengthOf(alone.Groups["n"].Value) * (alone.Groups["unit"].Value.StartsWith('m') ? 60 : 1),
                alone.Groups["what"].Value.Trim());
        if (UndoWords.Match(words) is { Success: true } undo)
            return Whole(words, undo, new ChangeCurve(undo.Value.Trim().ToLowerInvariant()));
        if (ExportWords.Match(words) is { Success: true } export)
            return Whole(words, export, new Export(Math.Max(0, NumberOf(export.Groups["n"].Value))));
        if (RankWords.IsMatch(words))
            return new Rank();
        if (VideoWords.Match(words) is { Success: true } video)
            return new TalkAbout(Math.Max(1, NumberOf(video.Groups["n"].Value)));
        return DescribeWords.IsMatch(words) ? new Describe() : null;
    }

    /// <summary>A change of loudness of what is there, what to leave out of it, or a sound to add.</summary>
    static PlainRequest SoundOf(string words, PromptWords read)
    {
        if (LevelWords.Match(words) is { Success: true } level && (EmptyWords.Replace(words, "").Length == Said(level).Length
            || !KnownSounds.Know(read.Prompt)))
        {
            var decibels = level.Groups["db"].Success || read.Decibels == 0 ? LevelOf(level) : read.Decibels;
            return Whole(words, level, Level(decibels, Time(level, "a"), Time(level, "b")));
        }
        if (read.Prompt.Length == 0)
            return read is { Negative.Length: > 0 } ? new LeaveOut(read.Negative)
                : read.Decibels != 0 ? Level(read.Decibels, null, null) : new AddWhat();
        if (ElsewhereWords.IsMatch(words) && !IsKnownAsWritten(read.Prompt))
            return new Unknown();
        if (SoundWords.IsMatch(words))
            return PronounWords.IsMatch(words) ? new AddWhat() : new AddSound(words);
        return IsKnownAsWritten(words) ? new AddSound(words) : new Unknown();
    }

    static string Said(Match match) => EmptyWords.Replace(match.Value, "");

    /// <summary>Whether words are nothing but a sound that the platform knows: "rain, no dog".</summary>
    static bool IsKnownAsWritten(string words) => PromptWords.KnowsAllWords(words) && PromptReading.Of(words).Sources.Count > 0;

    /// <summary>"add it" names no sound.</summary>
    [GeneratedRegex(
        @"^\W*(please\s+)?(add|make|give|put|create|generate)\s+(me\s+)?(it|this|that|them|something|anything|one|these|those)\W*$",
        Options,
        1000)]
    static partial Regex PronounWords { get; }

    static PlainRequest Level(double decibels, double? at, double? to) =>
        at is null && decibels is >= -PromptWords.MostQuieter and <= MostDecibels
            ? new ChangeCurve(string.Create(CultureInfo.InvariantCulture, $"gain {decibels:+0.##;-0.##}dB"))
            : new ChangeLevel(decibels, at, to);

    static double? Time(Match match, string group) =>
        match.Groups[group] is { Success: true } time ? double.Parse(time.Value, CultureInfo.InvariantCulture) : null;

    /// <summary>The request, if nothing but empty words stands beside it. A half-understood request is not done.</summary>
    static PlainRequest Whole(string words, Match match, PlainRequest request, string empty = "")
    {
        var rest = $"{words[..match.Index]} {words[(match.Index + match.Length)..]}";
        if (empty.Length > 0)
            rest = rest.Replace(empty, " ", StringComparison.OrdinalIgnoreCase);
        return EmptyWords.Replace(rest, "").Length == 0
            ? request
            : new InPart(match.Value.Trim(), string.Join(' ', rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>What recordings are, without words that only say that they are recordings.</summary>
    static string RecordingsNamed(string words) =>
        words.ToLowerInvariant() is "recordings" or "recording" or "sounds" or "sound" or "files" or "library" ? "" : words;

    static Stereo StereoOf(Match match) =>
        match.Groups["mono"].Success ? new(0, "")
        : match.Groups["wide"].Success ? new(UsualWidth, null)
        : match.Groups["picture"].Success ? new(null, PanNames.Picture)
        : match.Groups["place"] is { Success: true } place ? new(null, place.Value)
        : new(null, match.Groups["side"].Value.ToLowerInvariant() switch
        {
            "left" => string.Create(CultureInfo.InvariantCulture, $"{-UsualSide}"),
            "right" => string.Create(CultureInfo.InvariantCulture, $"{UsualSide}"),
            _ => "",
        });

    static double LengthOf(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var written)
            ? written : Array.IndexOf(Lengths, number.ToLowerInvariant()) + 1;

    static double LevelOf(Match match) =>
        (Is(match, "louder") ? 1 : -1) * (
            match.Groups["db"].Success ? double.Parse(match.Groups["db"].Value, CultureInfo.InvariantCulture) : UsualDecibels);

    static bool Is(Match match, string direction) => match.Groups["dir"].Value.Equals(direction, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a number: "second", "2nd", "two" and "2" give 2; "last" gives -1; anything else 0.</summary>
    static int NumberOf(string word)
    {
        var lower = word.ToLowerInvariant();
        if (lower == "last")
            return -1;
        if (lower is "some" or "a few")
            return 2;
        if (Array.IndexOf(Ordinals, lower) is >= 0 and var ordinal)
            return ordinal + 1;
        if (Array.IndexOf(Counts, lower) is >= 0 and var count)
            return count + 1;
        return int.TryParse(lower.TrimEnd('s', 't', 'n', 'd', 'r', 'h'), CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
