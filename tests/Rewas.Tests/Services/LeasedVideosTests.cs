using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.SoundStudio;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Tests.Store;

namespace Rewas.Tests.Services;

public sealed class LeasedVideosTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_video_that_is_deleted_while_a_render_is_started_gets_no_render()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.Path);
        var videos = new LeasedVideos(
            replica.Get<LeaseTable>(), replica.Get<StoredParts>(), replica.Get<StoreDatabase>(), replica.Get<StoreClock>(),
            Options.Create(new SoundStudioOptions()));
        var video = await videos.CreateAsync(new() { IdempotencyKey = "v", Bytes = 1 }, "alice", Token);
        await videos.DeleteAsync(video.Id, "alice", Token);                  // after the call has found it

        var fault = await Assert.ThrowsAsync<InputFault>(
            () => videos.CreateRenderAsync(new() { IdempotencyKey = "r", VideoId = video.Id }, "alice", bytes: 1000, Token));

        Assert.Equal((FaultKind.NotFound, "video_id"), (fault.Kind, fault.Field));
        Assert.Empty(await replica.Get<LeaseTable>().ChildrenAsync(video.Id, Token));
    }
}
