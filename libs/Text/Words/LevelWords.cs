using System.Globalization;

namespace Rewas.Text.Words;

/// <summary>What words say about loudness, as one change of level for the whole sound.</summary>
static class LevelWords
{
    /// <summary>Change of a word of degree or excess that names no amount: "not too loud".</summary>
    const double Slight = 3;

    /// <summary>A statement about loudness.</summary>
    /// <param name="Decibels">Its change; null if it gives no direction: "at 60 dB".</param>
    /// <param name="Part">Index of its part of the prompt; parts that sound are numbered from 0. -1: it stands alone.</param>
    /// <param name="Words">As written.</param>
    public sealed record Statement(double? Decibels, int Part, string Words);

    /// <summary>
    /// The change of the whole sound: the strongest statement. There is none if statements contradict each other, or if one holds for a
    /// part of several only, because one curve has one level.
    /// </summary>
    /// <param name="parts">For each part that sounds, the number of its group: parts that "and" or "with" join.</param>
    public static double Of(IReadOnlyList<Statement> statements, IReadOnlyList<int> parts, List<string> notes)
    {
        var whole = new List<Statement>();
        foreach (var statement in statements)
        {
            if (statement.Decibels is null)
                notes.Add($"\"{statement.Words}\" says neither louder nor quieter");
            else if (statement.Part < 0 || (Covers(statement.Part, parts) && !statements.Any(other => other.Part > statement.Part)))
                whole.Add(statement);
            else
                notes.Add(
                    $"\"{statement.Words}\" holds for one of several sounds, and one curve has one level for all: "
                    + "make that sound an environment, which has a level of its own");
        }
        if (whole.Count == 0)
            return 0;
        if (whole.Exists(one => one.Decibels > 0) && whole.Exists(one => one.Decibels < 0))
        {
            notes.Add($"{string.Join(" and ", whole.Select(one => $"\"{one.Words}\""))} contradict each other, so the level stays");
            return 0;
        }
        return whole.MaxBy(one => Math.Abs(one.Decibels!.Value))!.Decibels!.Value;
    }

    /// <summary>Whether a word in a part is about all parts: it is the first of the only group.</summary>
    static bool Covers(int part, IReadOnlyList<int> parts) => part == 0 && parts.All(group => group == parts[0]);

    /// <summary>The change of one word of loudness with the words around it.</summary>
    /// <param name="degree">Product of the degrees; 1 without one.</param>
    /// <param name="isExcess">"too loud".</param>
    public static double Change(double decibels, double degree, bool isExcess, bool isNegated) => (isExcess, isNegated) switch
    {
        (true, true) => -Math.Sign(decibels) * Slight,
        (true, false) => -decibels * degree,
        (false, true) => -Math.Sign(decibels) * Slight,
        _ => Math.Clamp(decibels * degree, -MostQuieter, MostLouder),
    };

    /// <summary>The largest changes that words of degree make.</summary>
    const double MostLouder = 12, MostQuieter = 18;

    public static string Text(double decibels) => string.Create(CultureInfo.InvariantCulture, $"{decibels:+0.##;-0.##} dB");
}
