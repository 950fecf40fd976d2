using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Rewas.Clip.Files;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.SoundStudio;

/// <summary>The working copies of videos in this replica: files for ffmpeg and the stages, and what was found out about them.</summary>
public sealed class WorkingVideos(
    StoredParts parts, WorkingSpace space, LeaseTable leases, IOptions<SoundStudioOptions> configured, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Time after which an unused working copy is deleted. It can be copied again.</summary>
    static readonly TimeSpan UnusedTime = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<string, WorkingVideo> copies = new(StringComparer.Ordinal);
    readonly SemaphoreSlim copying = new(1, 1);

    /// <summary>The working copy of a complete video. It stays until the use is disposed; the lease is renewed meanwhile.</summary>
    public async Task<VideoUse> UseAsync(LeasedVideo video, CancellationToken cancellation)
    {
        video.ThrowUnlessComplete();
        await copying.WaitAsync(cancellation);
        try
        {
            if (!copies.TryGetValue(video.Id, out var copy))
            {
                copy = await CopyAsync(video, cancellation);
                copies[video.Id] = copy;
            }
            copy.Users++;
            copy.UsedAt = time.GetTimestamp();
            return new(this, copy, new(leases, video.Id, configured.Value.Lease, time));
        }
        finally
        {
            copying.Release();
        }
    }

    /// <summary>Forgets a copy whose bytes were not the announced ones, or whose video was deleted.</summary>
    public async Task ForgetAsync(string id)
    {
        if (copies.TryRemove(id, out var copy) && !copy.Gone)
            await RetireAsync(copy);
    }

    /// <summary>Deletes copies of videos that have ended, and unused ones.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var (id, copy) in copies)
            if (await leases.ReadAsync(id, cancellation) is null
                || (copy.Users == 0 && time.GetElapsedTime(copy.UsedAt) > UnusedTime))
                await ForgetAsync(id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in copies.Keys)
            await ForgetAsync(id);
        copying.Dispose();
    }

    async Task<WorkingVideo> CopyAsync(LeasedVideo video, CancellationToken cancellation)
    {
        var room = space.Reserve(video.Row.Caller, video.Bytes);
        var folder = PrivateFolder.Create("rewas-studio-", FolderOf(configured.Value));
        try
        {
            var copy = new WorkingVideo(video, folder, room);
            await parts.CopyAsync(video.Id, LeasedVideo.PartsName, copy.Path, cancellation);
            return copy;
        }
        catch
        {
            folder.Dispose();
            room.Dispose();
            throw;
        }
    }

    static string? FolderOf(SoundStudioOptions options) =>
        options.Folder.Length > 0 ? PrivateFolder.CreateKept(options.Folder).FullName : null;

    async Task RetireAsync(WorkingVideo copy)
    {
        await copying.WaitAsync();
        try
        {
            copy.Gone = true;
            if (copy.Users == 0)
                copy.Dispose();
        }
        finally
        {
            copying.Release();
        }
    }

    async ValueTask ReleaseAsync(WorkingVideo copy)
    {
        await copying.WaitAsync();
        try
        {
            copy.UsedAt = time.GetTimestamp();
            if (--copy.Users == 0 && copy.Gone)
                copy.Dispose();
        }
        finally
        {
            copying.Release();
        }
    }

    /// <summary>Keeps a working copy, and its video's lease, until it is disposed.</summary>
    public sealed class VideoUse(WorkingVideos owner, WorkingVideo video, LeaseRenewal renewal) : IAsyncDisposable
    {
        public WorkingVideo Video => video;

        public async ValueTask DisposeAsync()
        {
            await renewal.DisposeAsync();
            await owner.ReleaseAsync(video);
        }
    }
}
