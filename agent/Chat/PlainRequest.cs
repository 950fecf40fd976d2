using System.Globalization;
using System.Text.RegularExpressions;
using Rewas.Agent.Tools;

namespace Rewas.Agent.Chat;

/// <summary>A user's request in plain English, as far as the embedded service understands it.</summary>
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

    public sealed record TalkAbout(int Video) : PlainRequest;

    public sealed record Unknown : PlainRequest;

    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    const double UsualDecibels = 6;

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

    [GeneratedRegex(@"\b(?<n>\d+)\s*(ms|milliseconds)\s+(?<dir>later|earlier)\b", Options, 1000)]
    static partial Regex ShiftWords { get; }

    [GeneratedRegex(@"\b(?<dir>louder|quieter|softer)\b(\s+by\s+(?<db>\d+(\.\d+)?)\s*db)?", Options, 1000)]
    static partial Regex LevelWords { get; }

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

    [GeneratedRegex(@"\b(rank|which (one )?is (the )?best|compare)\b", Options, 1000)]
    static partial Regex RankWords { get; }

    [GeneratedRegex(@"\b(what (do you|can you) see|describe|caption|what is (it|this|in)|what's (this|in))\b", Options, 1000)]
    static partial Regex DescribeWords { get; }

    [GeneratedRegex(@"\b(add|make|give|put|create|generate|sounds?|audio|hear)\b", Options, 1000)]
    static partial Regex SoundWords { get; }

    public static PlainRequest Of(string words)
    {
        if (OverrideWords.In(words) is not OverrideMention.None and var said)
            return said == OverrideMention.Given ? new GoOn() : new LeaveIt();
        if (SuggestionWords.Match(words) is { Success: true } suggestion)
            return new TakeSuggestion(Math.Max(1, NumberOf(suggestion.Groups["n"].Value)));
        if (HitWords.Match(words) is { Success: true } hit && (NumberOf(hit.Groups["n"].Value) is var which and not 0))
            return new ChangeHit(which, hit.Groups["verb"].Success ? null : LevelOf(hit));
        if (RewordWords.Match(words) is { Success: true } reword)
            return new Reword(reword.Groups["less"].Value.Trim(), reword.Groups["more"].Value.Trim());
        if (MoreWords.Match(words) is { Success: true } more)
            return new More(Math.Clamp(NumberOf(more.Groups["n"].Value), 1, 4), Math.Max(0, NumberOf(more.Groups["like"].Value)));
        if (LastCurveWords.IsMatch(words))
            return new UseLastCurve();
        if (NotThatWords.Match(words) is { Success: true } unwanted)
            return new NotThatOne(unwanted.Groups["t"] is { Success: true } at
                ? double.Parse(at.Value, CultureInfo.InvariantCulture) : null);
        if (RecordingWords.Match(words) is { Success: true } recordings)
            return new UseRecordings(RecordingsNamed(recordings.Groups["what"].Value));
        if (MuteWords.Match(words) is { Success: true } mute)
            return new ChangeCurve($"mute {mute.Groups["a"].Value}s..{mute.Groups["b"].Value}s");
        if (ShiftWords.Match(words) is { Success: true } shift)
            return new ChangeCurve($"shift {(Is(shift, "later") ? "+" : "-")}{shift.Groups["n"].Value}ms");
        if (AloneWords.Match(words) is { Success: true } alone)
            return new SoundAlone(
                LengthOf(alone.Groups["n"].Value) * (alone.Groups["unit"].Value.StartsWith('m') ? 60 : 1),
                alone.Groups["what"].Value.Trim());
        if (UndoWords.Match(words) is { Success: true } undo)
            return new ChangeCurve(undo.Value.Trim().ToLowerInvariant());
        if (ExportWords.Match(words) is { Success: true } export)
            return new Export(Math.Max(0, NumberOf(export.Groups["n"].Value)));
        if (RankWords.IsMatch(words))
            return new Rank();
        if (VideoWords.Match(words) is { Success: true } video)
            return new TalkAbout(Math.Max(1, NumberOf(video.Groups["n"].Value)));
        if (DescribeWords.IsMatch(words))
            return new Describe();
        if (LevelWords.Match(words) is { Success: true } level)
            return new ChangeCurve(string.Create(CultureInfo.InvariantCulture, $"gain {LevelOf(level):+0.##;-0.##}dB"));
        return SoundWords.IsMatch(words) ? new AddSound(words) : new Unknown();
    }

    /// <summary>What recordings are, without words that only say that they are recordings.</summary>
    static string RecordingsNamed(string words) =>
        words.ToLowerInvariant() is "recordings" or "recording" or "sounds" or "sound" or "files" or "library" ? "" : words;

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
