using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Jobs.Settings;
using Rewas.Library;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;
using Rewas.Store.Files;
using Rewas.Video;

namespace Rewas.Jobs.Running;

/// <summary>The stages that make the sound, and the studio that holds the uploaded videos.</summary>
public sealed class JobStages : IDisposable
{
    readonly RewasClient? elsewhere;
    readonly OpenVideos? videos;

    /// <param name="videos">Videos of the first stage in this process; null if that stage is elsewhere.</param>
    /// <param name="library">The library in this process; null if there is none.</param>
    /// <param name="guard">Hears what was made; null if nobody listens.</param>
    public JobStages(
        IOptions<JobsOptions> options, IOptions<StageAccess> access, LoadedOnce<CandidateJudge> judge, ReadableFolder readable,
        WorkingSpace space, OpenVideos? videos = null, LoadedOnce<LibraryIndex>? library = null, LoadedOnce<SoundGuard?>? guard = null)
    {
        this.videos = videos;
        References = new()
        {
            AtPath = path => readable.Find(path).FullName,
            Library = library is null ? null : () => library.Value,
            Room = bytes => space.Reserve(CallerHeader.Acting, bytes),
        };
        var calls = RewasClientOptions.OfService(access.Value, () => CallerHeader.Acting);
        Client = RewasClient.Connect(GatewayAddresses.Parse(options.Value.Stages), calls);
        elsewhere = options.Value.Studio.Length > 0 ? RewasClient.Connect(GatewayAddresses.Parse(options.Value.Studio), calls) : null;
        Maker = new(Client, () => judge.Value, References) { Guard = () => guard?.Value };
    }

    public RewasClient Client { get; }

    public SoundMaker Maker { get; }

    /// <summary>Finds callers' own recordings.</summary>
    public ReferenceFiles References { get; }

    public V1.SoundStudio.SoundStudioClient Studio => (elsewhere ?? Client).Studio;

    /// <summary>Lets stages in this process read a video in place. Null if its bytes are sent.</summary>
    public OpenVideo? Offer(VideoClip clip) => videos?.Offer(clip.Path, clip.Facts);

    public void Dispose()
    {
        Client.Dispose();
        elsewhere?.Dispose();
    }
}
