using System.Text.RegularExpressions;

namespace Rewas.PromptCheck;

/// <summary>A part of a prompt, in characters.</summary>
public readonly record struct Span(int Start, int Length)
{
    public string In(string text) => text.Substring(Start, Length);
}

/// <summary>The course of a sound in time, as a text can state it.</summary>
public enum Course
{
    Single,
    Repeated,
    Sustained,
    Impulsive,
    Rising,
    Falling,
    Silent,
}

/// <summary>A source that a prompt names.</summary>
/// <param name="Span">The clause that names it.</param>
/// <param name="Concepts">Possible concepts. Those of one clause belong together ("a drum hit with a hammer").</param>
/// <param name="OffScreen">True if the text says that it is not in the picture.</param>
public sealed record NamedSource(Span Span, IReadOnlyList<Concept> Concepts, bool OffScreen);

public sealed record NamedCourse(Span Span, Course Course);

/// <summary>
/// The sources that a prompt names, clause by clause, and the words about time. What a word means for time is not decided here but learned
/// (<see cref="DynamicDetector"/>). A prompt is data: this record is all that it can produce.
/// </summary>
public sealed partial record PromptReading(string Prompt, IReadOnlyList<NamedSource> Sources, IReadOnlyList<NamedCourse> Courses)
{
    /// <summary>
    /// Timeout of a pattern, because prompts come from outside. No pattern needs a thousandth of it. It is declared before the patterns
    /// that use it.
    /// </summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    static readonly (Concept Concept, Regex Pattern)[] Patterns =
        [.. Rewas.PromptCheck.Concepts.All.Select(concept =>
            (concept, new Regex(string.Join('|', concept.Words.Select(Pattern)), Options, Limit)))];

    static readonly (Course Course, Regex Pattern)[] CoursePatterns =
    [
        (Course.Single, new(
            @"\b(just |only )?(once|one single|a single|single (?!out)" +
            @"|one (short |loud |lone )?(hit|blow|bang|knock|beat|shot|sound|step|strike|bounce|clap|bark)\b)", Options, Limit)),
        (Course.Repeated, new(
            @"\b(repeated(ly)?|again and again|several times|many times|over and over|twice" +
            @"|(two|three|four|five|six|several|many) (times|hits|blows|bangs|knocks|beats|shots|strikes|bounces))\b", Options, Limit)),
        (Course.Sustained, new(
            @"\b(continuous(ly)?|constant(ly)?|steady|steadily|sustained|uninterrupted|non-?stop" +
            @"|without (a |any )?(pause|break|interruption)s?|droning|drone)\b", Options, Limit)),
        (Course.Impulsive, new(
            @"\b((short|separate|isolated|sudden|sharp) (impact|hit|blow|burst|bang|crack|sound)s?" +
            @"|with (long )?(silences?|pauses) between|staccato)\b", Options, Limit)),
        (Course.Rising, new(
            @"\b((slowly |gradually |getting |growing |becoming )+(louder|nearer)|swelling|crescendo|fad(es|ing) in|building up)\b",
            Options, Limit)),
        (Course.Falling, new(
            @"\b((slowly |gradually |getting |growing |becoming )+(quieter|softer|fainter)" +
            @"|dying away|fad(es|ing) (out|away)|diminuendo)\b", Options, Limit)),
        (Course.Silent, new(@"\b((complete |total |dead )?silence|silent|no sound( at all)?)\b(?! between)", Options, Limit)),
    ];

    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\s*(?:[,;.&+]|\b(?:and|with|while|plus|as well as|over|followed by|then)\b)\s*", Options, 1000)]
    static partial Regex Divider { get; }

    [GeneratedRegex(
        @"\b(off-?screen|out of (the )?(frame|shot|sight|view)|outside|in the (background|distance)" +
        @"|background|distant|from another room|next door|ambien(ce|t))\b", Options, 1000)]
    static partial Regex OffScreenWords { get; }

    /// <summary>Words that name no source. "slowly getting louder" consists of them.</summary>
    [GeneratedRegex(
        @"\b(very|more|most|less|much|quite|rather|really|slightly|somewhat|loud(ly|er)?|quiet(ly|er)?|soft(ly|er)?" +
        @"|slow(ly|er)?|fast(er)?|quick(ly|er)?|sounds?|noises?|recordings?|effects?|audio|please|make|add|it|its|of|to|in|at|on" +
        @"|by|from|for|as|is|be|the|an?|some|every|all|then|get(s|ting)?|grow(s|ing)?|becom(es|ing)|close|near(by)?|far|away|up)\b",
        Options, 1000)]
    static partial Regex MannerWords { get; }

    [GeneratedRegex(@"^\s*(no|without|never|not)\b", Options, 1000)]
    static partial Regex Negation { get; }

    /// <param name="byMeaning">Finds the source of a clause without listed words, or null. If absent, such clauses name no source.</param>
    public static PromptReading Of(string prompt, Func<string, Concept?>? byMeaning = null)
    {
        NamedCourse[] courses =
        [
            .. CoursePatterns.SelectMany(c =>
                c.Pattern.Matches(prompt).Select(match => new NamedCourse(new(match.Index, match.Length), c.Course))),
        ];
        return new(prompt, [.. Clauses(prompt).Select(clause => Source(prompt, clause, byMeaning)).OfType<NamedSource>()], courses);
    }

    /// <summary>Splits a prompt at commas, "and", "with" and the like. No clause is empty.</summary>
    public static IReadOnlyList<Span> Clauses(string prompt)
    {
        var clauses = new List<Span>();
        var start = 0;
        foreach (var end in Divider.Matches(prompt).Select(match => (match.Index, match.Length)).Append((Index: prompt.Length, Length: 0)))
        {
            if (end.Index > start)
                clauses.Add(new(start, end.Index - start));
            start = end.Index + end.Length;
        }
        return clauses;
    }

    /// <summary>The clause in which a span begins.</summary>
    public static Span ClauseOf(string prompt, Span span) =>
        Clauses(prompt).Where(clause => clause.Start <= span.Start && span.Start < clause.Start + clause.Length)
            .DefaultIfEmpty(span).First();

    /// <summary>Whether a clause says that its source is not in the picture or not audible.</summary>
    public static bool IsElsewhere(string clause) => OffScreenWords.IsMatch(clause) || Negation.IsMatch(clause);

    static NamedSource? Source(string prompt, Span span, Func<string, Concept?>? byMeaning)
    {
        var clause = span.In(prompt);
        if (Negation.IsMatch(clause))
            return null;
        Concept[] named = [.. Patterns.Where(p => p.Pattern.IsMatch(clause)).Select(p => p.Concept)];
        if (named.Length == 0 && byMeaning is not null && WithoutPlaceAndTime(clause) is var words
            && MannerWords.Replace(words, "").Any(char.IsLetter) && byMeaning(words) is { } meant)
            named = [meant];
        return named.Length == 0 ? null : new(span, named, OffScreenWords.IsMatch(clause));
    }

    static string WithoutPlaceAndTime(string clause)
    {
        foreach (var (_, pattern) in CoursePatterns)
            clause = pattern.Replace(clause, " ");
        return OffScreenWords.Replace(clause, " ").Trim();
    }

    static string Pattern(string word) => word.EndsWith('*') ? $@"\b{Regex.Escape(word[..^1])}\w*" : $@"\b{Regex.Escape(word)}\b";
}
