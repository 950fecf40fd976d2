using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Agent.Sessions;

/// <summary>A conversation and everything that it has made: one user, one turn at a time.</summary>
public sealed class Session(string name, string caller, string folder, AgentOptions options)
{
    public string Name => name;

    /// <summary>Whose it is; for anybody else it does not exist.</summary>
    public string Caller => caller;

    /// <summary>All files of the session; nobody else's.</summary>
    public string Folder => folder;

    /// <summary>One turn, upload or check at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public ChatHistory History { get; } = [];

    public List<SessionVideo> Videos { get; } = [];

    public List<Candidate> Candidates { get; } = [];

    /// <summary>What is talked about: the last one sent, or chosen.</summary>
    public SessionVideo? Current { get; set; }

    /// <summary>Turns of the user so far.</summary>
    public int Turns { get; set; }

    /// <summary>What the user said last: the only place where an override can come from.</summary>
    public string LastWords { get; set; } = "";

    public DateTimeOffset UsedAt { get; set; }

    /// <exception cref="InputFault">Precondition: there is none.</exception>
    public SessionVideo Video(int number = 0) => number == 0
        ? Current ?? throw InputFault.Precondition("video", "none was sent yet")
        : Videos.Find(video => video.Number == number) ?? throw InputFault.NotFound(
            "video", $"there is no number {number}; this session has {Videos.Count}");

    /// <summary>Takes a video that was written into the session's folder.</summary>
    /// <exception cref="InputFault">It is none, or over a limit; the file is then deleted.</exception>
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

    /// <summary>A file of the session by the name that it was given here.</summary>
    /// <exception cref="InputFault">NotFound: no such file. Names are looked up, never joined to paths.</exception>
    public string FileOf(string file) => Candidates.Exists(candidate => candidate.File == file || candidate.Sidecar == file)
        ? Path.Combine(folder, file)
        : throw InputFault.NotFound("file", "this session has made no such file");
}
