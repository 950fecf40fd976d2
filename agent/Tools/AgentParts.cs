using Rewas.Agent.Models;
using Rewas.Agent.Settings;
using Rewas.Client;
using Rewas.PromptCheck;
using Rewas.Rendering;

namespace Rewas.Agent.Tools;

/// <summary>What all sessions share.</summary>
/// <param name="Client">The stages.</param>
/// <param name="Statistics">What the conflict check learned.</param>
/// <param name="Model">The language model, configured or not.</param>
/// <param name="Options">Limits.</param>
/// <param name="Judge">Scores sounds; null where this process has no bundle. Its networks are loaded when the first sound is
/// scored.</param>
/// <param name="Clip">Captions what the embedded captioner does not know; null where no bundle has a CLIP. Loaded when the first video is
/// looked at.</param>
public sealed record AgentParts(
    RewasClient Client,
    ConflictStatistics Statistics,
    LanguageModel Model,
    AgentOptions Options,
    Lazy<CandidateJudge>? Judge,
    Lazy<ClipCaptioner>? Clip)
{
    /// <summary>Makes the files. Candidates of the agent are sampled one by one, so it ranks none.</summary>
    public SoundMaker Maker { get; } = new(Client, () => throw new InvalidOperationException("one sound is not ranked"));
}
