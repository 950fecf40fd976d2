using Rewas.Clip.Faults;

namespace Rewas.Gateway.Web.Tools;

/// <summary>
/// The prompts that were checked against a file. As in a conversation with the agent, no sound is made without a report for its prompt, and
/// none against a conflict unless the user wants it anyway. The reports are kept in memory: after a restart, a prompt is checked again.
/// </summary>
sealed class CheckedPrompts
{
    const int MostKept = 10_000;
    const string Conflict = "conflict";

    readonly Lock gate = new();
    readonly Dictionary<(string Caller, string File, string Prompt), string> verdicts = [];
    readonly Queue<(string Caller, string File, string Prompt)> oldest = [];

    public void Add(string caller, string file, string prompt, string verdict)
    {
        lock (gate)
        {
            var key = (caller, file, prompt);
            if (!verdicts.ContainsKey(key))
                oldest.Enqueue(key);
            verdicts[key] = verdict;
            if (oldest.Count > MostKept)
                verdicts.Remove(oldest.Dequeue());
        }
    }

    /// <param name="anyway">The user has read the report and wants the sound anyway.</param>
    /// <exception cref="InputFault">Precondition: there is no report, or it tells of a conflict.</exception>
    public void ThrowUnlessAllowed(string caller, string file, string prompt, bool anyway)
    {
        string? verdict;
        lock (gate)
            verdicts.TryGetValue((caller, file, prompt), out verdict);
        if (verdict is null)
            throw InputFault.Precondition("prompt", "must be checked first: call check_prompt with this file and exactly this prompt");
        if (verdict == Conflict && !anyway)
            throw InputFault.Precondition(
                "prompt", "contradicts the picture; tell the user what the report says, and set make_anyway only if the user wants it");
    }
}
