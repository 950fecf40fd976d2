using System.Text.RegularExpressions;

namespace Rewas.Agent.Tools;

/// <summary>What the user's words say about an override.</summary>
public enum OverrideMention
{
    /// <summary>They do not mention one.</summary>
    None,

    /// <summary>They ask for it.</summary>
    Given,

    /// <summary>They mention it, but refuse it or only ask about it: "don't make it anyway".</summary>
    Refused,
}

/// <summary>
/// Finds an override in plain English. In doubt there is none: the user is asked again, while an override that nobody gave would make what
/// was refused.
/// </summary>
public static partial class OverrideWords
{
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(
        @"\b(anyway|override|overrule|regardless|nevertheless|i insist|ignore the (conflict|warning|report))\b", Options, 1000)]
    static partial Regex Words { get; }

    /// <summary>Words between which a negation does not reach.</summary>
    [GeneratedRegex(@"[.;:!?,\r\n\u2013\u2014]+|\bbut\b", Options, 1000)]
    static partial Regex Divider { get; }

    /// <summary>Quoted words are not the user's own.</summary>
    [GeneratedRegex("\"[^\"]*\"|\u201c[^\u201d]*\u201d", Options, 1000)]
    static partial Regex Quoted { get; }

    /// <summary>Negations that ask for more, not for less.</summary>
    [GeneratedRegex(
        @"\b(why not|no matter|no problem|not a problem|no doubt|never ?mind|(i )?(do not|don['\u2019]?t) (care|mind|worry))\b",
        Options, 1000)]
    static partial Regex NoNegation { get; }

    [GeneratedRegex(
        @"\b(not|never|no|nor|neither|cannot|without|stop|avoid|refuse|against|instead of|rather than)\b"
        + @"|\b(do|does|did|is|was|were|are|wo|would|should|could|ca|must|need|dare)n['\u2019]?t\b", Options, 1000)]
    static partial Regex Negation { get; }

    /// <summary>"Should I make it anyway" asks, and "if I say anyway" supposes.</summary>
    [GeneratedRegex(@"^\s*(should|shall|what|why|how|when|whether|if|does|did|is|was|are|am)\b", Options, 1000)]
    static partial Regex Question { get; }

    /// <summary>"Please do not, whatever I said, make it anyway": the negation goes on behind the comma.</summary>
    [GeneratedRegex(@"(\b(not|never|cannot)|n['\u2019]?t)\s*$", Options, 1000)]
    static partial Regex GoesOn { get; }

    public static OverrideMention In(string words)
    {
        var (found, negated) = (OverrideMention.None, false);
        foreach (var part in Divider.Split(NoNegation.Replace(Quoted.Replace(words, " "), " ")))
        {
            if (Words.IsMatch(part))
            {
                if (negated || Negation.IsMatch(part) || Question.IsMatch(part))
                    return OverrideMention.Refused;
                found = OverrideMention.Given;
            }
            negated |= GoesOn.IsMatch(part);
        }
        return found;
    }
}
