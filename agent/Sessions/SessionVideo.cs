using Rewas.PromptCheck;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Agent.Sessions;

/// <summary>A sound that was made for a video.</summary>
/// <param name="Number">In the session, from 1.</param>
/// <param name="File">Name in the session's folder.</param>
/// <param name="Prompt">What it was made from.</param>
/// <param name="Seed">Of its sampling.</param>
/// <param name="Edits">Of the energy, in order.</param>
public sealed record Candidate(int Number, string File, string Prompt, uint Seed, IReadOnlyList<CurveEdit> Edits)
{
    /// <summary>How it was made, for `rewas render`: another file of the session.</summary>
    public string Sidecar => File + ".json";

    /// <summary>Correlation of its energy with the curve that it was to follow.</summary>
    public double Follows { get; init; }

    /// <summary>Null where there is no bundle to judge by.</summary>
    public CandidateScores? Scores { get; init; }

    /// <summary>Recordings that it starts from, with whom to credit for each.</summary>
    public IReadOnlyList<string> Recordings { get; init; } = [];

    public required int Video { get; init; }

    public required long Bytes { get; init; }
}

/// <summary>A check, and in which turn of the user it was made: an override must come after it.</summary>
/// <param name="Report">What was found.</param>
/// <param name="Turn">Of the user.</param>
/// <param name="Overridden">The user has had this prompt made for this video in spite of it: edits of the curve need not be insisted on
/// again.</param>
public sealed record CheckedPrompt(ConflictReport Report, int Turn, bool Overridden = false);

/// <summary>A video of a session with all that is known of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">As the user calls it; never a path.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Facts">Of its file.</param>
public sealed record SessionVideo(int Number, string Name, string Path, VideoFacts Facts)
{
    /// <summary>After the first look; the picture is never encoded again.</summary>
    public SeenVideo? Seen { get; set; }

    /// <summary>Of a language model that sees; null where there is none.</summary>
    public ModelCaption? ModelCaption { get; set; }

    public List<CurveEdit> Edits { get; } = [];

    /// <summary>By the prompt's exact text.</summary>
    public Dictionary<string, CheckedPrompt> Reports { get; } = new(StringComparer.Ordinal);

    /// <summary>The last prompt that was drafted or checked.</summary>
    public string? Prompt { get; set; }
}
