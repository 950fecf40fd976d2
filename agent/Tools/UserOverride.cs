using Rewas.Agent.Sessions;

namespace Rewas.Agent.Tools;

/// <summary>
/// Decides if the user's last message overrides a report. Only text that the user sent counts. A model's argument or a caption cannot
/// override.
/// </summary>
static class UserOverride
{
    /// <param name="report">The report. It must come from an earlier turn, so that the user could read it.</param>
    public static bool IsGiven(Session session, CheckedPrompt report) =>
        report.Turn < session.Turns && OverrideWords.In(session.LastWords) == OverrideMention.Given;
}
