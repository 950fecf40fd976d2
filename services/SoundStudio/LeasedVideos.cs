using System.Data.Common;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.SoundStudio;

/// <summary>
/// The videos and renders of the studio in the database, within its quotas, so that every replica has the same ones. Each is kept until its
/// lease ends. Repeating a request with the same key does not repeat its effect.
/// </summary>
public sealed class LeasedVideos(
    LeaseTable leases, StoredParts parts, StoreDatabase database, StoreClock clock, IOptions<SoundStudioOptions> configured)
{
    /// <summary>Kinds of leases.</summary>
    public const string Videos = "video", Renders = "video-render";

    const int MostNameCharacters = 255;

    static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(5);

    /// <summary>A render ends with its video.</summary>
    static readonly TimeSpan AsTheVideo = TimeSpan.FromDays(36_500);

    readonly SoundStudioOptions options = configured.Value;

    /// <summary>State of a video in the database.</summary>
    const long Kept = 1;

    /// <summary>Creates a video, or returns the one that the same request of this caller created before.</summary>
    /// <param name="made">Length of a file that the studio has made itself; null if it is uploaded.</param>
    /// <exception cref="InputFault">The request is invalid, or a quota is used up.</exception>
    public async Task<LeasedVideo> CreateAsync(
        V1.CreateVideoRequest request, string caller, CancellationToken cancellation, long? made = null)
    {
        var announced = made is { } length ? new V1.CreateVideoRequest(request) { Bytes = length } : request;
        if (announced.Bytes < 1)
            throw InputFault.Invalid("bytes", $"must be at least 1, but is {announced.Bytes}");
        if (announced.Bytes > options.MaxVideoBytes)
            throw InputFault.Exhausted("bytes", $"must be at most {options.MaxVideoBytes} (MaxVideoBytes), but is {announced.Bytes}");
        if (request.FileName.Length > MostNameCharacters)
            throw InputFault.Invalid("file_name", $"must have at most {MostNameCharacters} characters, but has {request.FileName.Length}");
        if (request.Sha256.Length > 0 && (request.Sha256.Length != 64 || request.Sha256.Any(c => !char.IsAsciiHexDigitLower(c))))
            throw InputFault.Invalid("sha256", "must be 64 lower-case hexadecimal digits");
        var row = await leases.CreateAsync(
            new()
            {
                Kind = Videos,
                Caller = caller,
                IdempotencyKey = LeaseTable.Checked("idempotency_key", request.IdempotencyKey),
                RequestSha256 = LeaseTable.HashOf(request),
                Bytes = announced.Bytes,
                State = Kept,
                Document = announced.ToByteArray(),
            },
            options.Lease,
            async counts =>
            {
                if ((await counts.OfAllAsync(Videos)).Count >= options.MaxVideos)
                    throw InputFault.Exhausted("videos", $"at most {options.MaxVideos} are held (MaxVideos)");
                if (caller.Length > 0 && (await counts.OfCallerAsync(Videos)).Count >= options.MaxVideosPerCaller)
                    throw InputFault.Exhausted(
                        "videos", $"at most {options.MaxVideosPerCaller} of a caller are held (MaxVideosPerCaller)");
                await ThrowIfNoRoomAsync(counts, caller, announced.Bytes);
            },
            cancellation);
        return await OfAsync(row, cancellation);
    }

    /// <summary>Finds a video and renews its lease.</summary>
    /// <exception cref="InputFault">NotFound: the caller has no such video, or its lease has ended.</exception>
    public async Task<LeasedVideo> FindAsync(string id, string caller, CancellationToken cancellation) =>
        await leases.FindAsync(Videos, id, caller, options.Lease, cancellation) is { } row
            ? await OfAsync(row, cancellation)
            : throw NoVideo(id);

    /// <summary>
    /// Finds a video that the caller may read: its own, which renews the lease, or one of a project that is shared with it.
    /// </summary>
    /// <exception cref="InputFault">NotFound: there is none, or its lease has ended.</exception>
    public async Task<LeasedVideo> FindToReadAsync(string id, string caller, CancellationToken cancellation) =>
        (await leases.FindAsync(Videos, id, caller, options.Lease, cancellation)
            ?? await SharedAsync(id, caller, render: "", cancellation)) is { } row
            ? await OfAsync(row, cancellation)
            : throw NoVideo(id);

    /// <summary>Finds a render that the caller may read with its video, as <see cref="FindToReadAsync"/>.</summary>
    /// <exception cref="InputFault">NotFound: there is none.</exception>
    public async Task<(LeaseRow Render, LeasedVideo Video)> FindRenderToReadAsync(
        string id, string caller, CancellationToken cancellation)
    {
        if (await leases.ReadAsync(id, cancellation) is { Kind: Renders } render && render.Caller != caller
            && await SharedAsync(render.Parent, caller, id, cancellation) is { } video)
            return (render, await OfAsync(video, cancellation));
        return await FindRenderAsync(id, caller, cancellation);
    }

    /// <summary>Finds a render with its video, and renews the video's lease.</summary>
    /// <exception cref="InputFault">NotFound: the caller has no such render.</exception>
    public async Task<(LeaseRow Render, LeasedVideo Video)> FindRenderAsync(string id, string caller, CancellationToken cancellation)
    {
        if (await leases.ReadAsync(id, cancellation) is { Kind: Renders } render && render.Caller == caller
            && await leases.FindAsync(Videos, render.Parent, caller, options.Lease, cancellation) is { } video)
            return (render, await OfAsync(video, cancellation));
        throw InputFault.NotFound("render_id", $"'{id}' does not exist, or the lease of its video has ended");
    }

    /// <summary>Creates a render, or returns the one that the same request created before.</summary>
    /// <param name="bytes">Bytes of its sounds.</param>
    /// <exception cref="InputFault">Exhausted: a quota is used up. NotFound: the video was deleted meanwhile.</exception>
    public Task<LeaseRow> CreateRenderAsync(
        V1.StartRenderRequest request, string caller, long bytes, CancellationToken cancellation) => leases.CreateAsync(
            new()
            {
                Kind = Renders,
                Caller = caller,
                Parent = request.VideoId,
                IdempotencyKey = LeaseTable.Checked("idempotency_key", request.IdempotencyKey),
                RequestSha256 = LeaseTable.HashOf(request),
                Bytes = bytes,
                State = (long)RenderStage.Making,
                Document = request.ToByteArray(),
            },
            AsTheVideo,
            async counts =>
            {
                if ((await counts.OfParentAsync(request.VideoId, Renders)).Count >= options.MaxRendersPerVideo)
                    throw InputFault.Exhausted("renders", $"at most {options.MaxRendersPerVideo} are kept of a video (MaxRendersPerVideo)");
                if ((await counts.OfAllAsync(Renders)).Running >= options.MaxRunningRenders)
                    throw Busy($"at most {options.MaxRunningRenders} are made at a time (MaxRunningRenders)");
                if (caller.Length > 0 && (await counts.OfCallerAsync(Renders)).Running >= options.MaxRunningRendersPerCaller)
                    throw Busy(
                        $"at most {options.MaxRunningRendersPerCaller} of a caller are made at a time (MaxRunningRendersPerCaller)");
                await ThrowIfNoRoomAsync(counts, caller, bytes);
            },
            cancellation,
            parentField: "video_id");

    /// <summary>Deletes a render of this caller. Renders of others are not affected.</summary>
    public async Task DeleteRenderAsync(string id, string caller, CancellationToken cancellation)
    {
        if (await leases.ReadAsync(id, cancellation) is { Kind: Renders } render && render.Caller == caller)
            await leases.DeleteAsync(id, cancellation);
    }

    /// <summary>Ends the file of a video with the bytes that have come.</summary>
    /// <exception cref="InputFault">Nothing has come.</exception>
    public async Task EndAsync(LeasedVideo video, CancellationToken cancellation)
    {
        if (video.Received == 0)
            throw InputFault.Invalid("bytes", "must be at least 1, but the file is empty");
        await database.ChangeAsync(
            transaction => LeaseTable.WriteProgressAsync(transaction, video.Id, Kept, BitConverter.GetBytes(video.Received)), cancellation);
        await leases.SetBytesAsync(video.Id, video.Received, cancellation);
    }

    /// <summary>Cancels a render that is being made. Whoever makes it notices at the next step.</summary>
    /// <param name="also">What happens in the same transaction, if the render was being made.</param>
    public Task CancelAsync(LeaseRow render, Func<DbTransaction, Task> also, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            var cancelled = await LeaseTable.WriteProgressAsync(
                transaction, render.Id, (long)RenderStage.Cancelled, render.Progress, from: (long)RenderStage.Making);
            if (cancelled)
                await also(transaction);
            return cancelled;
        },
        cancellation);

    /// <summary>Discards what was received. It must be sent again.</summary>
    public Task BeginAgainAsync(LeasedVideo video) => parts.DeleteAsync(video.Id, LeasedVideo.PartsName, CancellationToken.None);

    /// <summary>Deletes a video of this caller, with its renders. Videos of others are not affected.</summary>
    public async Task DeleteAsync(string id, string caller, CancellationToken cancellation)
    {
        if (await leases.FindAsync(Videos, id, caller, options.Lease, cancellation) is not null)
            await leases.DeleteAsync(id, cancellation);
    }

    /// <summary>A video that a project holds, if the project is shared with the caller.</summary>
    /// <param name="render">The project must hold this render of it; empty if anything of the video does.</param>
    async Task<LeaseRow?> SharedAsync(string id, string caller, string render, CancellationToken cancellation) =>
        caller.Length == 0 ? null : (await database.QueryAsync<LeaseRow>(
            $"""
            SELECT v.* FROM rewas_leases v WHERE v.id = @id AND v.kind = '{Videos}' AND v.ends > @now AND EXISTS (
                SELECT 1 FROM {ProjectHolds.SharedWithCaller} WHERE h.video = v.id AND (@render = '' OR h.render = @render))
            """,
            new { id, caller, render, now = clock.Milliseconds },
            cancellation)).SingleOrDefault();

    static InputFault NoVideo(string id) => InputFault.NotFound("video_id", $"'{id}' does not exist, or its lease has ended");

    static InputFault Busy(string message) => new(FaultKind.Exhausted, "renders", message) { RetryAfter = BusyWait };

    async Task<LeasedVideo> OfAsync(LeaseRow row, CancellationToken cancellation) => new(
        row, V1.CreateVideoRequest.Parser.ParseFrom(row.Document), await parts.LengthAsync(row.Id, LeasedVideo.PartsName, cancellation));

    /// <summary>The quota of one caller, so that no caller takes the room of all others, and that of all.</summary>
    async Task ThrowIfNoRoomAsync(LeaseCounts counts, string caller, long bytes)
    {
        if ((await counts.OfAllAsync(Videos, Renders)).Bytes + bytes > options.MaxTotalBytes)
            throw InputFault.Exhausted("bytes", $"of all videos and renders must be at most {options.MaxTotalBytes} (MaxTotalBytes)");
        if (caller.Length > 0 && (await counts.OfCallerAsync(Videos, Renders)).Bytes + bytes > options.MaxBytesPerCaller)
            throw InputFault.Exhausted(
                "bytes", $"of a caller's videos and renders must be at most {options.MaxBytesPerCaller} (MaxBytesPerCaller)");
    }
}
