using System.ComponentModel.DataAnnotations;
using Rewas.PromptCheck;

namespace Rewas.Agent.Settings;

/// <summary>Addresses of the agent's stages and language model, and its limits. Configuration section "SoundAgent".</summary>
public sealed record AgentOptions
{
    public const string Section = "SoundAgent";

    /// <summary>Address of the stages: a gateway or an all-in-one host. Default: the gateway's default address.</summary>
    public string Stages { get; set; } = "http://127.0.0.1:5100";

    /// <summary>
    /// Folder of this process's working copies of the sessions' files. Default: the system's temporary folder. The files themselves are in
    /// the store.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>Time after which an unused session is deleted with its files. Default 1 h, 1 s to 7 d.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Most sessions at a time. Default 100, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxSessions { get; set; } = 100;

    /// <summary>Most sessions of one caller at a time, if callers are identified. Default 20, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxSessionsPerCaller { get; set; } = 20;

    /// <summary>Most videos in a session. Default 8, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxVideos { get; set; } = 8;

    /// <summary>Largest video in bytes. Default 512 MiB, 1 KiB to 16 GiB.</summary>
    [Range(1L << 10, 1L << 34)]
    public long MaxVideoBytes { get; set; } = 512L << 20;

    /// <summary>Most bytes of all sessions, by the announced lengths of their videos. Default 16 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxTotalBytes { get; set; } = 16L << 30;

    /// <summary>Most bytes of one caller's sessions, if callers are identified. Default 8 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxBytesPerCaller { get; set; } = 8L << 30;

    /// <summary>An upload ends if no bytes arrive for this time. It may be resumed. Default 1 minute, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most turns of a session that wait. Default 16, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxWaitingTurns { get; set; } = 16;

    /// <summary>Most candidates in a session, over all videos. Default 40, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxCandidates { get; set; } = 40;

    /// <summary>
    /// Address of an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1. Default: none; the embedded service answers.
    /// </summary>
    public string? ModelAddress { get; set; }

    /// <summary>Name of the model at that endpoint.</summary>
    public string Model { get; set; } = "";

    /// <summary>Key of the endpoint. Prefer the environment (SoundAgent__ApiKey) to a file. Never logged.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>True if the model takes pictures. It then captions key frames. Default false.</summary>
    public bool ModelSees { get; set; }

    /// <summary>
    /// Bundle with an imported CLIP, which captions videos that the embedded captioner does not know. Default: the process's own bundle, if
    /// it has a CLIP.
    /// </summary>
    public string? ClipBundle { get; set; }

    /// <summary>
    /// CLIP abstains if its likeliest label is less probable than this. Default 0.5, 0 to 1. Like the next two, it is not calibrated.
    /// </summary>
    [Range(0.0, 1.0)]
    public double ClipLeastProbability { get; set; } = new ClipThresholds().LeastProbability;

    /// <summary>CLIP abstains if its two likeliest labels differ by less than this. Default 0.2, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double ClipLeastMargin { get; set; } = new ClipThresholds().LeastMargin;

    /// <summary>CLIP abstains if the cosine of the picture and its likeliest label is below this. Default 0.2, -1 to 1.</summary>
    [Range(-1.0, 1.0)]
    public double ClipLeastSimilarity { get; set; } = new ClipThresholds().LeastSimilarity;

    /// <summary>Longest wait for the model's next words. Default 30 s, 50 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ModelTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Retries of a call to the model that failed before any words came. Default 2, 0 to 10.</summary>
    [Range(0, 10)]
    public int ModelRetries { get; set; } = 2;

    /// <summary>Most rounds of function calls in a turn. Default 8, 1 to 50.</summary>
    [Range(1, 50)]
    public int MaxToolRounds { get; set; } = 8;

    /// <summary>Most characters of an answer and of a function call's arguments. Default 16000, 100 to 1000000.</summary>
    [Range(100, 1_000_000)]
    public int MaxAnswerCharacters { get; set; } = 16_000;

    /// <summary>Pause after a failure, during which the model is not asked. Default 30 s, 500 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan ModelPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Leaves out the key, because options may be logged.</summary>
    public override string ToString() => $"stages {Stages}, model {(ModelAddress is null ? "embedded" : Model)}";
}
