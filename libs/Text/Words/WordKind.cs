namespace Rewas.Text.Words;

/// <summary>What a word does in a prompt.</summary>
enum WordKind
{
    /// <summary>It names something to hear, or says how it is.</summary>
    Content,

    /// <summary>It says no: "without", "kein", 不要.</summary>
    Negation,

    /// <summary>It excludes everything else: "only".</summary>
    Only,

    /// <summary>It is a whole statement that excludes everything else: "nothing else".</summary>
    NothingElse,

    /// <summary>It says how loud. Its value is in dB.</summary>
    Loudness,

    /// <summary>It strengthens or weakens a word of loudness. Its value is a factor.</summary>
    Degree,

    /// <summary>It says that a loudness is too much: "too loud".</summary>
    Excess,

    /// <summary>It asks, or it is grammar: "please add the sound of".</summary>
    Filler,

    /// <summary>A preposition of place. It is translated.</summary>
    Place,

    /// <summary>It begins a clause that describes: "that", "which".</summary>
    Relative,

    /// <summary>It has no effect of its own: the "not only" of "not only rain but also thunder".</summary>
    Idle,

    And,
    Or,
    With,
    But,
    Comma,

    /// <summary>The end of a sentence or a parenthesis.</summary>
    Break,

    /// <summary>A signed or unsigned number of decibels. Its value is the number.</summary>
    Decibels,

    /// <summary>A word of another language that its lexicon does not have.</summary>
    Unknown,
}

/// <summary>A word or sign of a prompt.</summary>
/// <param name="Start">First character in the prompt.</param>
/// <param name="Length">Characters.</param>
/// <param name="English">What it means in English; as it is written if the prompt is English.</param>
/// <param name="Value">As its kind says.</param>
readonly record struct Word(WordKind Kind, int Start, int Length, string English, double Value = 0)
{
    public int End => Start + Length;

    /// <summary>True for an English word in another language that the language's lexicon does not have.</summary>
    public bool IsSame { get; init; }
}
