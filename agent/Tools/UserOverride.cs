using System.Text.RegularExpressions;
using Rewas.Agent.Sessions;

namespace Rewas.Agent.Tools;

/// <summary>
/// Decides if the user's last message overrides a report. Only text that the user sent counts. A model's argument or a caption cannot
/// override.
/// </summary>
static partial class UserOverride
{
    [GeneratedRegex(
        @"\b(anyway|override|overrule|regardless|nevertheless|i insist|ignore the (conflict|warning|report))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    static partial Regex Words { get; }

    /// <param name="report">The report. It must come from an earlier turn, so that the user could read it.</param>
    public static bool IsGiven(Session session, CheckedPrompt report) => report.Turn < session.Turns && Words.IsMatch(session.LastWords);
}
