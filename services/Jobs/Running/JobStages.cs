using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Jobs.Settings;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Jobs.Running;

/// <summary>The stages that make the sound, and the studio that holds the uploaded videos.</summary>
public sealed class JobStages : IDisposable
{
    readonly RewasClient? elsewhere;
    readonly OpenVideos? videos;

    /// <param name="videos">Videos of the first stage in this process; null if that stage is elsewhere.</param>
    public JobStages(IOptions<JobsOptions> options, IOptions<StageAccess> access, Lazy<CandidateJudge> judge, OpenVideos? videos = null)
    {
        this.videos = videos;
        var calls = RewasClientOptions.OfService(access.Value, () => CallerHeader.Acting);
        Client = RewasClient.Connect(GatewayAddresses.Parse(options.Value.Stages), calls);
        elsewhere = options.Value.Studio.Length > 0 ? RewasClient.Connect(GatewayAddresses.Parse(options.Value.Studio), calls) : null;
        Maker = new(Client, () => judge.Value);
    }

    public RewasClient Client { get; }

    public SoundMaker Maker { get; }

    public V1.SoundStudio.SoundStudioClient Studio => (elsewhere ?? Client).Studio;

    /// <summary>Lets stages in this process read a video in place. Null if its bytes are sent.</summary>
    public OpenVideo? Offer(VideoClip clip) => videos?.Offer(clip.Path, clip.Facts);

    public void Dispose()
    {
        Client.Dispose();
        elsewhere?.Dispose();
    }
}
