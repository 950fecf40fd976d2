using Rewas.Rendering.References;
using Rewas.Text.Words;

namespace Rewas.Rendering;

/// <summary>Facts about the making of a file that are not in the order.</summary>
public sealed record FileMaking
{
    /// <summary>The result of the prompt check; null if the prompt was not checked.</summary>
    public ConflictChecked? Conflict { get; init; }

    /// <summary>What was understood of the prompt; null if it was taken as it is.</summary>
    public WordsUsed? Words { get; init; }

    /// <summary>The candidate that the file must hold, if it was chosen before. Null for the best.</summary>
    public int? Chosen { get; init; }

    /// <summary>The pieces of a sidecar, to be rendered again; null to place the recordings.</summary>
    public ReferencesUsed? References { get; init; }

    /// <summary>Finds the caller's own recordings, if the maker does not.</summary>
    public ReferenceFiles? Files { get; init; }

    /// <summary>When the sound was made, for broadcast files.</summary>
    public DateTimeOffset MadeAt { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Keeps the samples for the caller, who disposes it. Null keeps them only as long as needed.</summary>
    public SoundLayers? Layers { get; init; }

    /// <summary>The same facts with what was understood now, unless it was understood before.</summary>
    internal FileMaking With(PromptWords words) => Words is null && !words.IsAsWritten ? this with { Words = WordsUsed.Of(words) } : this;
}
