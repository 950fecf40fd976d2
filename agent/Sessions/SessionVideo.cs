using Rewas.PromptCheck;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Agent.Sessions;

/// <summary>A sound that was made for a video.</summary>
/// <param name="Number">Number in the session, from 1.</param>
/// <param name="File">File name in the session's folder.</param>
/// <param name="Edits">Edits of the energy, in order.</param>
public sealed record Candidate(int Number, string File, string Prompt, uint Seed, IReadOnlyList<CurveEdit> Edits)
{
    /// <summary>The sidecar for `rewas render`, another file of the session.</summary>
    public string Sidecar => File + ".json";

    /// <summary>Correlation of the sound's energy with the requested curve.</summary>
    public double Follows { get; init; }

    /// <summary>Null without a bundle to score with.</summary>
    public CandidateScores? Scores { get; init; }

    /// <summary>Recordings that the sound starts from, with their credits.</summary>
    public IReadOnlyList<string> Recordings { get; init; } = [];

    /// <summary>The pieces of the user's own recordings in it.</summary>
    public IReadOnlyList<CandidatePiece> Pieces { get; init; } = [];

    /// <summary>Number of its video; 0 for sound without a picture.</summary>
    public required int Video { get; init; }

    /// <summary>Length of sound without a picture; null with one.</summary>
    public double? Seconds { get; init; }

    public required long Bytes { get; init; }
}

/// <summary>A piece of a recording in a sound.</summary>
/// <param name="Id">Its name for bans.</param>
/// <param name="Recording">Name of the recording.</param>
/// <param name="At">Start in the sound, seconds.</param>
/// <param name="Seconds">Duration in the sound.</param>
public sealed record CandidatePiece(string Id, string Recording, double At, double Seconds);

/// <summary>A check of a prompt, and the user's turn in which it was made. An override must come in a later turn.</summary>
/// <param name="Turn">The user's turn.</param>
/// <param name="Overridden">True if the user has overridden the report for this video. Curve edits then need no further override.</param>
public sealed record CheckedPrompt(ConflictReport Report, int Turn, bool Overridden = false);

/// <summary>How the next sounds of a video lie in stereo.</summary>
/// <param name="Width">0 to 1.</param>
/// <param name="Pan">"picture" or a number from -1 (left) to 1 (right); empty for the centre.</param>
public sealed record StereoWish(double Width, string Pan)
{
    /// <summary>Mono.</summary>
    public static StereoWish None { get; } = new(0, "");

    public V1.StudioFinish? ToMessage() => this == None ? null : new() { Width = Width, Pan = Pan };
}

/// <summary>A video of a session, with everything known about it.</summary>
/// <param name="Number">Number in the session, from 1.</param>
/// <param name="Name">The user's name for it; never a path.</param>
public sealed record SessionVideo(int Number, string Name, string Path, VideoFacts Facts)
{
    const int MostReports = 100;

    /// <summary>Id of its upload, by which the store has its bytes.</summary>
    public string Id { get; init; } = "";

    /// <summary>Set by the first look. The picture is never encoded again.</summary>
    public SeenVideo? Seen { get; set; }

    /// <summary>Caption of a language model that takes pictures; null without one.</summary>
    public ModelCaption? ModelCaption { get; set; }

    public List<CurveEdit> Edits { get; } = [];

    public StereoWish Stereo { get; set; } = StereoWish.None;

    /// <summary>The last checks by the exact text of the prompt, the oldest first.</summary>
    public OrderedDictionary<string, CheckedPrompt> Reports { get; } = new(StringComparer.Ordinal);

    /// <summary>The last prompt that was drafted or checked.</summary>
    public string? Prompt { get; set; }

    /// <summary>Keeps a check as the youngest. The oldest makes room for it.</summary>
    public void Keep(string prompt, CheckedPrompt check)
    {
        Reports.Remove(prompt);
        if (Reports.Count >= MostReports)
            Reports.RemoveAt(0);
        Reports.Add(prompt, check);
    }
}
