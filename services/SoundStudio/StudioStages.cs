using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Library;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;
using Rewas.Store.Files;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>The stages that the studio uses.</summary>
public sealed class StudioStages : IDisposable
{
    readonly OpenVideos? videos;

    /// <param name="videos">Videos of the first stage in this process; null if that stage is elsewhere.</param>
    /// <param name="library">The library in this process; null if there is none.</param>
    /// <param name="guard">Hears what was made; null if nobody listens.</param>
    public StudioStages(
        IOptions<SoundStudioOptions> options, IOptions<StageAccess> access, LoadedOnce<CandidateJudge> judge, WorkingSpace space,
        OpenVideos? videos = null, LoadedOnce<LibraryIndex>? library = null, LoadedOnce<SoundGuard?>? guard = null)
    {
        this.videos = videos;
        References = new()
        {
            Library = library is null ? null : () => library.Value,
            Room = bytes => space.Reserve(CallerHeader.Acting, bytes),
        };
        Client = RewasClient.Connect(
            GatewayAddresses.Parse(options.Value.Stages), RewasClientOptions.OfService(access.Value, () => CallerHeader.Acting));
        Maker = new(Client, () => judge.Value) { Guard = () => guard?.Value };
    }

    public RewasClient Client { get; }

    public SoundMaker Maker { get; }

    /// <summary>Finds callers' own recordings, except uploaded ones.</summary>
    public ReferenceFiles References { get; }

    /// <summary>Lets stages in this process read a video in place. Null if its bytes are sent.</summary>
    public OpenVideo? Offer(string path, VideoFacts facts) => videos?.Offer(path, facts);

    public void Dispose() => Client.Dispose();
}
