using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;

namespace Rewas.Gateway.Web.Tools;

/// <summary>
/// The prompts that were checked against a file. As in a conversation with the agent, no sound is made without a report for its prompt, and
/// none against a conflict unless the user wants it anyway. The last reports of each caller are kept in memory: after a restart, a prompt
/// is checked again.
/// </summary>
sealed class CheckedPrompts
{
    const string Conflict = "conflict";

    readonly KeptOfCallers<(string File, string Prompt), string> verdicts = new();

    public void Add(string caller, string file, string prompt, string verdict) => verdicts.Keep(caller, (file, prompt), verdict);

    /// <param name="anyway">The user has read the report and wants the sound anyway.</param>
    /// <exception cref="InputFault">Precondition: there is no report, or it tells of a conflict.</exception>
    public void ThrowUnlessAllowed(string caller, string file, string prompt, bool anyway)
    {
        var verdict = verdicts.Find(caller, (file, prompt))
            ?? throw InputFault.Precondition("prompt", "must be checked first: call check_prompt with this file and exactly this prompt");
        if (verdict == Conflict && !anyway)
            throw InputFault.Precondition(
                "prompt", "contradicts the picture; tell the user what the report says, and set make_anyway only if the user wants it");
    }
}
