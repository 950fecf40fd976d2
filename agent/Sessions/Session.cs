using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Agent.Sessions;

/// <summary>A conversation and the files it has made. It has one user, and one turn at a time.</summary>
public sealed class Session(string name, string caller, string folder, AgentOptions options)
{
    public string Name => name;

    /// <summary>The owner. Other callers cannot find the session.</summary>
    public string Caller => caller;

    /// <summary>The folder of all files of this session alone.</summary>
    public string Folder => folder;

    /// <summary>Held by one turn, upload or check at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public ChatHistory History { get; } = [];

    public List<SessionVideo> Videos { get; } = [];

    public List<Candidate> Candidates { get; } = [];

    /// <summary>The current video: the last one sent or chosen.</summary>
    public SessionVideo? Current { get; set; }

    /// <summary>Number of turns of the user.</summary>
    public int Turns { get; set; }

    /// <summary>The user's last message. An override can come from here only.</summary>
    public string LastWords { get; set; } = "";

    public DateTimeOffset UsedAt { get; set; }

    /// <exception cref="InputFault">Precondition: the session has no video.</exception>
    public SessionVideo Video(int number = 0) => number == 0
        ? Current ?? throw InputFault.Precondition("video", "none was sent yet")
        : Videos.Find(video => video.Number == number) ?? throw InputFault.NotFound(
            "video", $"there is no number {number}; this session has {Videos.Count}");

    /// <summary>Adds a video that was written into the session's folder.</summary>
    /// <exception cref="InputFault">The file is not a video or exceeds a limit. It is then deleted.</exception>
    public async Task<SessionVideo> AddAsync(string path, string called, CancellationToken cancel)
    {
        try
        {
            if (Videos.Count >= options.MaxVideos)
                throw InputFault.Exhausted("video", $"at most {options.MaxVideos} videos are kept in a session");
            var facts = await VideoProbe.ReadAsync(path, new VideoLimits(), cancel);
            Current = new(Videos.Count + 1, called, path, facts);
            Videos.Add(Current);
            return Current;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>The path of a file, by the name that the session gave it.</summary>
    /// <exception cref="InputFault">NotFound: there is no such file. Names are looked up and never joined to paths.</exception>
    public string FileOf(string file) => Candidates.Exists(candidate => candidate.File == file || candidate.Sidecar == file)
        ? Path.Combine(folder, file)
        : throw InputFault.NotFound("file", "this session has made no such file");
}
