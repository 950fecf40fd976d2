using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.SoundStudio;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Tests.Store;

namespace Rewas.Tests.Services;

public sealed class WorkingVideosTests : IAsyncDisposable
{
    const int Room = 1 << 20;

    static readonly byte[] Content = [.. "a video"u8];

    readonly TemporaryFolder folder = new();
    readonly StoreReplica replica;
    readonly GatedFiles files;
    readonly LeasedVideos videos;
    readonly WorkingVideos copies;

    public WorkingVideosTests()
    {
        replica = new(
            folder.File("store"),
            services => services.AddSingleton<GatedFiles>()
                .AddSingleton<IStoredFiles>(provider => provider.GetRequiredService<GatedFiles>()),
            ("Store:MaxWorkingBytes", $"{Room}"));
        files = replica.Get<GatedFiles>();
        videos = new(
            replica.Get<LeaseTable>(), replica.Get<StoredParts>(), replica.Get<StoreDatabase>(), replica.Get<StoreClock>(),
            Options.Create(new SoundStudioOptions()));
        copies = CopiesIn("working");
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_video_that_the_store_does_not_deliver_holds_up_no_other_video()
    {
        var (slow, other) = (await UploadedAsync("slow"), await UploadedAsync("other"));
        files.Held = slow.Id;
        var waiting = copies.UseAsync(slow, Token);
        await Wait.UntilAsync(() => files.Asked == 1, "the store is asked for the slow video");

        await using (var use = await copies.UseAsync(other, Token).WaitAsync(Wait.Patience, Token))
            Assert.Equal(Content, await File.ReadAllBytesAsync(use.Video.Path, Token));
        await copies.SweepAsync(Token).WaitAsync(Wait.Patience, Token);
        Assert.False(waiting.IsCompleted);

        files.Deliver();
        await using var late = await waiting;
        Assert.Equal(Content, await File.ReadAllBytesAsync(late.Video.Path, Token));
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_copy_to_the_others()
    {
        var video = await UploadedAsync("video");
        files.Held = video.Id;
        using var impatient = new CancellationTokenSource();
        var (given, waiting) = (copies.UseAsync(video, impatient.Token), copies.UseAsync(video, Token));
        await Wait.UntilAsync(() => files.Asked == 1, "the store is asked for the video");
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        files.Deliver();
        await using var use = await waiting;
        Assert.Equal(Content, await File.ReadAllBytesAsync(use.Video.Path, Token));
        Assert.Equal(1, files.Asked);
    }

    [Fact]
    public async Task A_copy_that_nobody_waits_for_is_given_up_with_its_room_and_made_again_later()
    {
        var video = await UploadedAsync("video");
        files.Held = video.Id;
        using var impatient = new CancellationTokenSource();
        var given = copies.UseAsync(video, impatient.Token);
        await Wait.UntilAsync(() => files.Asked == 1, "the store is asked for the video");
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        ReserveAll().Dispose();
        Assert.Empty(Directory.GetFiles(folder.File("working"), "video*", SearchOption.AllDirectories));

        files.Deliver();
        await using var use = await copies.UseAsync(video, Token);
        Assert.Equal(Content, await File.ReadAllBytesAsync(use.Video.Path, Token));
    }

    [Fact]
    public async Task A_copy_whose_folder_cannot_be_made_gives_its_room_back()
    {
        var video = await UploadedAsync("video");
        await File.WriteAllTextAsync(folder.File("occupied"), "", Token);
        using var broken = CopiesIn("occupied");
        await Assert.ThrowsAnyAsync<IOException>(() => broken.UseAsync(video, Token));
        ReserveAll().Dispose();
    }

    [Fact]
    public async Task A_video_whose_bytes_are_sent_again_meanwhile_is_copied_when_they_have_come()
    {
        var video = await UploadedAsync("video");
        await videos.BeginAgainAsync(video);
        var fault = await Assert.ThrowsAsync<InputFault>(() => copies.UseAsync(video, Token));
        Assert.Equal(("video_id", FaultKind.Precondition), (fault.Field, fault.Kind));
        ReserveAll().Dispose();

        await replica.Get<StoredParts>().AppendAsync(video.Id, LeasedVideo.PartsName, 0, folder.File("video"), Token);
        await using var use = await copies.UseAsync(video, Token);
        Assert.Equal(Content, await File.ReadAllBytesAsync(use.Video.Path, Token));
    }

    [Fact]
    public async Task A_copy_that_is_forgotten_goes_with_its_last_user()
    {
        var video = await UploadedAsync("video");
        var (first, second) = (await copies.UseAsync(video, Token), await copies.UseAsync(video, Token));
        Assert.Same(first.Video, second.Video);
        copies.Forget(video.Id);
        await first.DisposeAsync();
        Assert.True(File.Exists(second.Video.Path));
        await second.DisposeAsync();
        Assert.False(File.Exists(second.Video.Path));
        ReserveAll().Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        copies.Dispose();
        await replica.DisposeAsync();
        folder.Dispose();
    }

    WorkingVideos CopiesIn(string name) => new(
        replica.Get<StoredParts>(), replica.Get<WorkingSpace>(), replica.Get<LeaseTable>(),
        Options.Create(new SoundStudioOptions { Folder = folder.File(name) }), replica.Get<TimeProvider>());

    /// <summary>Reserves all the room that there is. It throws if anything holds some of it.</summary>
    IDisposable ReserveAll() => replica.Get<WorkingSpace>().Reserve("", Room);

    async Task<LeasedVideo> UploadedAsync(string name)
    {
        var video = await videos.CreateAsync(new() { IdempotencyKey = name, Bytes = Content.Length }, "", Token);
        await File.WriteAllBytesAsync(folder.File(name), Content, Token);
        await replica.Get<StoredParts>().AppendAsync(video.Id, LeasedVideo.PartsName, 0, folder.File(name), Token);
        return await videos.FindAsync(video.Id, "", Token);
    }
}
