using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Agent.Sessions;

/// <summary>
/// A conversation and the files it has made, in the memory of the replica that holds it. It has one user, and one turn at a time.
/// </summary>
public sealed class Session(string name, string caller, string folder, AgentOptions options)
{
    public string Name => name;

    /// <summary>The owner. Other callers cannot find the session.</summary>
    public string Caller => caller;

    /// <summary>The folder of this session's working copies.</summary>
    public string Folder => folder;

    /// <summary>Keeps what is made; null if nothing is kept.</summary>
    public SessionFiles? Files { get; init; }

    public ChatHistory History { get; init; } = [];

    public List<SessionVideo> Videos { get; } = [];

    public List<Candidate> Candidates { get; } = [];

    /// <summary>The user's own recordings.</summary>
    public SessionRecordings Recordings { get; } = new();

    /// <summary>The current video: the last one sent or chosen.</summary>
    public SessionVideo? Current { get; set; }

    /// <summary>Number of turns of the user.</summary>
    public int Turns { get; set; }

    /// <summary>The user's last message. An override can come from here only.</summary>
    public string LastWords { get; set; } = "";

    /// <summary>Revision of the document that this session was read from, or written to last.</summary>
    public long Revision { get; set; }

    /// <exception cref="InputFault">Precondition: the session has no video.</exception>
    public SessionVideo Video(int number = 0) => number == 0
        ? Current ?? throw InputFault.Precondition("video", "none was sent yet")
        : Videos.Find(video => video.Number == number) ?? throw InputFault.NotFound(
            "video", $"there is no number {number}; this session has {Videos.Count}");

    /// <summary>Adds a video that was copied into the session's folder.</summary>
    /// <param name="id">Id of its upload.</param>
    /// <exception cref="InputFault">The file is not a video or exceeds a limit.</exception>
    public async Task<SessionVideo> AddAsync(string path, string called, string id, CancellationToken cancel)
    {
        if (Videos.Count >= options.MaxVideos)
            throw InputFault.Exhausted("video", $"at most {options.MaxVideos} videos are kept in a session");
        var facts = await ProbeAsync(path, cancel);
        Current = new(Videos.Count + 1, called, path, facts) { Id = id };
        Videos.Add(Current);
        return Current;
    }

    /// <summary>Reads the facts of a video at the place of a decoder, because callers decide when it is read.</summary>
    /// <exception cref="InputFault">The file is not a video or exceeds a limit.</exception>
    internal static async Task<VideoFacts> ProbeAsync(string path, CancellationToken cancel)
    {
        using var place = await DecoderPlaces.EnterAsync(cancel);
        return await VideoProbe.ReadAsync(path, new VideoLimits(), cancel);
    }
}
