using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Rewas.Clip.Files;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.SoundStudio;

/// <summary>The working copies of videos in this replica: files for ffmpeg and the stages, and what was found out about them.</summary>
public sealed class WorkingVideos(
    StoredParts parts, WorkingSpace space, LeaseTable leases, IOptions<SoundStudioOptions> configured, TimeProvider time) : IDisposable
{
    /// <summary>Time after which an unused working copy is deleted. It can be copied again.</summary>
    static readonly TimeSpan UnusedTime = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<string, WorkingVideo> copies = new(StringComparer.Ordinal);
    readonly SharedWork copying = new();

    /// <summary>Held while a use begins or ends. No copy is made meanwhile.</summary>
    readonly Lock gate = new();

    /// <summary>The working copy of a complete video. It stays until the use is disposed; the lease is renewed meanwhile.</summary>
    public async Task<VideoUse> UseAsync(LeasedVideo video, CancellationToken cancellation)
    {
        video.ThrowUnlessComplete();
        while (true)
        {
            if (Take(video.Id) is { } copy)
                return new(this, copy, new(leases, video.Id, configured.Value.Lease, time));
            await copying.WaitAsync(video.Id, stop => CopyAsync(video, stop), cancellation);
        }
    }

    /// <summary>Forgets a copy whose bytes were not the announced ones, or whose video was deleted.</summary>
    public void Forget(string id)
    {
        WorkingVideo? unused = null;
        lock (gate)
            if (copies.TryRemove(id, out var copy))
            {
                copy.Gone = true;
                unused = copy.Users == 0 ? copy : null;
            }
        unused?.Dispose();
    }

    /// <summary>Deletes copies of videos that have ended, and unused ones.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var (id, copy) in copies)
            if (await leases.ReadAsync(id, cancellation) is null
                || (copy.Users == 0 && time.GetElapsedTime(copy.UsedAt) > UnusedTime))
                Forget(id);
    }

    public void Dispose()
    {
        foreach (var id in copies.Keys)
            Forget(id);
    }

    /// <summary>The copy, with one more user; null if there is none.</summary>
    WorkingVideo? Take(string id)
    {
        lock (gate)
        {
            if (!copies.TryGetValue(id, out var copy))
                return null;
            copy.Users++;
            copy.UsedAt = time.GetTimestamp();
            return copy;
        }
    }

    async Task CopyAsync(LeasedVideo video, CancellationToken cancellation)
    {
        if (copies.ContainsKey(video.Id))
            return;                                                          // made since the caller looked
        var room = space.Reserve(video.Row.Caller, video.Bytes);
        PrivateFolder? folder = null;
        try
        {
            folder = PrivateFolder.Create("rewas-studio-", FolderOf(configured.Value));
            var copy = new WorkingVideo(video, folder, room) { UsedAt = time.GetTimestamp() };
            await parts.CopyAsync(video.Id, LeasedVideo.PartsName, copy.Path, cancellation);
            // Since the caller looked, its parts may have been deleted, to be sent again.
            (video with { Received = new FileInfo(copy.Path).Length }).ThrowUnlessComplete();
            copies[video.Id] = copy;
        }
        catch
        {
            folder?.Dispose();
            room.Dispose();
            throw;
        }
    }

    static string? FolderOf(SoundStudioOptions options) =>
        options.Folder.Length > 0 ? PrivateFolder.CreateKept(options.Folder).FullName : null;

    void Release(WorkingVideo copy)
    {
        bool isOver;
        lock (gate)
        {
            copy.UsedAt = time.GetTimestamp();
            isOver = --copy.Users == 0 && copy.Gone;
        }
        if (isOver)
            copy.Dispose();
    }

    /// <summary>Keeps a working copy, and its video's lease, until it is disposed.</summary>
    public sealed class VideoUse(WorkingVideos owner, WorkingVideo video, LeaseRenewal renewal) : IAsyncDisposable
    {
        public WorkingVideo Video => video;

        public async ValueTask DisposeAsync()
        {
            await renewal.DisposeAsync();
            owner.Release(video);
        }
    }
}
