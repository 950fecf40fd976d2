using System.ComponentModel.DataAnnotations;
using Rewas.PromptCheck;

namespace Rewas.Agent.Settings;

/// <summary>Where the agent's stages and language model are, and its limits. Configuration section "SoundAgent".</summary>
public sealed record AgentOptions
{
    public const string Section = "SoundAgent";

    /// <summary>Address of the stages: a gateway or an all-in-one host. Default: the gateway's usual one.</summary>
    public string Stages { get; set; } = "http://127.0.0.1:5100";

    /// <summary>
    /// Folder of the sessions' files. Default: a new one under the system's temporary folder. What is in it goes with the sessions.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>A session that is not used for so long is deleted with its files. Default 1 h, 1 s to 7 d.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Sessions at a time. Default 100, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxSessions { get; set; } = 100;

    /// <summary>Sessions of one caller at a time, where callers are told apart. Default 20, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxSessionsPerCaller { get; set; } = 20;

    /// <summary>Videos of a session. Default 8, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxVideos { get; set; } = 8;

    /// <summary>Bytes of a video. Default 512 MiB, 1 KiB to 16 GiB.</summary>
    [Range(1L << 10, 1L << 34)]
    public long MaxVideoBytes { get; set; } = 512L << 20;

    /// <summary>Candidates that a session keeps, all videos together. Default 40, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxCandidates { get; set; } = 40;

    /// <summary>
    /// Address of an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1. Default: none, the embedded service answers.
    /// </summary>
    public string? ModelAddress { get; set; }

    /// <summary>Name of the model there.</summary>
    public string Model { get; set; } = "";

    /// <summary>Key of the endpoint; better in the environment, SoundAgent__ApiKey, than in a file. Never logged.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Whether the model takes pictures: it then captions key frames. Default false.</summary>
    public bool ModelSees { get; set; }

    /// <summary>
    /// Bundle with an imported CLIP, which captions what the embedded captioner does not know. Default: the process's own, if it has one.
    /// </summary>
    public string? ClipBundle { get; set; }

    /// <summary>
    /// CLIP abstains below this probability of its likeliest label. Default 0.5, 0 to 1; not calibrated, as the two that follow.
    /// </summary>
    [Range(0.0, 1.0)]
    public double ClipLeastProbability { get; set; } = new ClipThresholds().LeastProbability;

    /// <summary>CLIP abstains where its two likeliest labels are less apart. Default 0.2, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double ClipLeastMargin { get; set; } = new ClipThresholds().LeastMargin;

    /// <summary>CLIP abstains below this cosine of the picture and its likeliest label. Default 0.2, -1 to 1.</summary>
    [Range(-1.0, 1.0)]
    public double ClipLeastSimilarity { get; set; } = new ClipThresholds().LeastSimilarity;

    /// <summary>Longest wait for the model's next words. Default 30 s, 50 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ModelTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Retries of a call to the model that failed before it said anything. Default 2, 0 to 10.</summary>
    [Range(0, 10)]
    public int ModelRetries { get; set; } = 2;

    /// <summary>Rounds of function calls in a turn. Default 8, 1 to 50.</summary>
    [Range(1, 50)]
    public int MaxToolRounds { get; set; } = 8;

    /// <summary>Characters of an answer, and of a function call's arguments. Default 16000, 100 to 1000000.</summary>
    [Range(100, 1_000_000)]
    public int MaxAnswerCharacters { get; set; } = 16_000;

    /// <summary>After a model that failed so, it is not asked for so long. Default 30 s, 500 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan ModelPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Without the key: options may be logged.</summary>
    public override string ToString() => $"stages {Stages}, model {(ModelAddress is null ? "embedded" : Model)}";
}
