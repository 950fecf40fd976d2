using System.Text.RegularExpressions;
using Rewas.Agent.Sessions;

namespace Rewas.Agent.Tools;

/// <summary>
/// Whether the user, in their own last words, goes on in spite of a report. It is read here, from what came over the wire as the user's
/// text: neither a model's argument nor a caption can say it for them.
/// </summary>
static partial class UserOverride
{
    [GeneratedRegex(
        @"\b(anyway|override|overrule|regardless|nevertheless|i insist|ignore the (conflict|warning|report))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    static partial Regex Words { get; }

    /// <param name="session">Whose user.</param>
    /// <param name="report">Must have been there to be read: made in an earlier turn than the override.</param>
    public static bool IsGiven(Session session, CheckedPrompt report) => report.Turn < session.Turns && Words.IsMatch(session.LastWords);
}
