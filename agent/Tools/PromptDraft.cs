using System.Text.RegularExpressions;
using Rewas.PromptCheck;

namespace Rewas.Agent.Tools;

/// <summary>Drafts a prompt from the user's words, or from the caption if the words name no sound.</summary>
static partial class PromptDraft
{
    [GeneratedRegex(
        @"^\s*(please\s+|can you\s+|could you\s+)*((add|make|give|put|create|generate)\s+(me\s+|it\s+)?)?"
        + @"((some\s+|a\s+|the\s+)?(sounds?|audio|foley)\s*(to (this|the|my|it)( video| clip)?)?\s*(of|:|like|with)?\s*)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    static partial Regex Preamble { get; }

    /// <returns>Empty if neither names a sound.</returns>
    public static string Of(string words, Caption caption)
    {
        var wanted = Preamble.Replace(words, "", 1).Trim().TrimEnd('.', '!', '?').Trim();
        if (wanted.Length > 0 && wanted is not ("this video" or "to this video" or "it" or "the video"))
            return wanted;
        return caption.Label is { } label ? label
            : caption.Concept is { } name && Concepts.All.First(concept => concept.Name == name) is { } concept ? concept.Shown : "";
    }
}
