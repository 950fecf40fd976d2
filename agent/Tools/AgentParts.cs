using Rewas.Agent.Models;
using Rewas.Agent.Settings;
using Rewas.Bundles;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Library;
using Rewas.PromptCheck;
using Rewas.Rendering;
using Rewas.Store.Files;

namespace Rewas.Agent.Tools;

/// <summary>The parts that all sessions share.</summary>
/// <param name="Client">Client of the stages.</param>
/// <param name="Statistics">Learnt statistics of the conflict check.</param>
/// <param name="Model">The language model, configured or not.</param>
/// <param name="Space">Room for temporary files. The decoded recordings of a turn take some of it.</param>
/// <param name="Judge">Scores sounds; null without a bundle in this process. Its networks load when the first sound is scored.</param>
/// <param name="Library">The library of recordings in this process; null if there is none.</param>
/// <param name="Clip">Captions videos that the embedded captioner does not know; null without a CLIP. Loads with the first video.</param>
public sealed record AgentParts(
    RewasClient Client,
    ConflictStatistics Statistics,
    LanguageModel Model,
    AgentOptions Options,
    WorkingSpace Space,
    LoadedOnce<CandidateJudge>? Judge,
    LoadedOnce<ClipCaptioner>? Clip,
    LoadedOnce<LibraryIndex>? Library = null)
{
    /// <summary>Makes the files. It does not rank, because the agent samples one candidate at a time.</summary>
    public SoundMaker Maker { get; } = new(
        Client, () => throw new InvalidOperationException("one sound is not ranked"),
        new()
        {
            Library = Library is null ? null : () => Library.Value,
            Room = bytes => Space.Reserve(CallerHeader.Acting, bytes),
        })
    {
        Guard = () => Judge?.Value.Guard,
    };
}
