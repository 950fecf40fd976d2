using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>The stages that the studio works with.</summary>
public sealed class StudioStages : IDisposable
{
    readonly OpenVideos? videos;

    /// <param name="videos">Of the first stage, where that is in this process; null: it is elsewhere.</param>
    public StudioStages(IOptions<SoundStudioOptions> options, IOptions<StageAccess> access, Lazy<CandidateJudge> judge,
        OpenVideos? videos = null)
    {
        this.videos = videos;
        Client = RewasClient.Connect(new Uri(options.Value.Stages), new() { Access = access.Value });
        Maker = new(Client, () => judge.Value);
    }

    public RewasClient Client { get; }

    public SoundMaker Maker { get; }

    /// <summary>Has the stages of this process read a video where it lies; null: its bytes are sent.</summary>
    public OpenVideo? Offer(string path, VideoFacts facts) => videos?.Offer(path, facts);

    public void Dispose() => Client.Dispose();
}
