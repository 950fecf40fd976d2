using Microsoft.Extensions.Options;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.Agent.Sessions;

/// <summary>
/// Videos on their way into a session. Each has a lease of its own, deleted with the session. Its bytes are reserved before the first one
/// comes, and it goes on at any replica.
/// </summary>
public sealed class VideoUploads(LeaseTable leases, StoredParts parts, IOptions<AgentOptions> configured)
{
    /// <summary>Name of the parts in the store.</summary>
    public const string PartsName = "video";

    /// <summary>States of an upload.</summary>
    const long Arriving = 0, Added = 1;

    /// <summary>The lease of a video ends with its session's.</summary>
    static readonly TimeSpan AsTheSession = TimeSpan.FromDays(36_500);

    readonly AgentOptions options = configured.Value;

    /// <summary>Begins an upload, or finds the one that was begun with the same key.</summary>
    /// <param name="key">Chosen by the caller; empty for an upload that cannot go on.</param>
    /// <param name="bytes">Announced length; 0 if it is unknown.</param>
    /// <exception cref="InputFault">Exhausted: a limit or quota is used up.</exception>
    public async Task<LeaseRow> BeginAsync(LeaseRow session, string key, string called, long bytes, CancellationToken cancel)
    {
        if (bytes < 0)
            throw InputFault.Invalid("bytes", $"must be at least 0, but is {bytes}");
        if (bytes > options.MaxVideoBytes)
            throw InputFault.Exhausted("video", $"at most {options.MaxVideoBytes} bytes are accepted (MaxVideoBytes)");
        var reserved = bytes > 0 ? bytes : options.MaxVideoBytes;
        return await leases.CreateAsync(
            new()
            {
                Kind = SessionQuota.Video,
                Caller = session.Caller,
                Parent = session.Id,
                IdempotencyKey = key.Length > 0 ? $"{session.Id} {LeaseTable.Checked("key", key)}" : "",
                RequestSha256 = $"{bytes} {called}",
                Bytes = reserved,
                State = Arriving,
            },
            AsTheSession,
            async counts =>
            {
                if ((await counts.OfParentAsync(session.Id, SessionQuota.Video)).Count >= options.MaxVideos)
                    throw InputFault.Exhausted("video", $"at most {options.MaxVideos} videos are kept in a session (MaxVideos)");
                await SessionQuota.ThrowIfUsedUpAsync(counts, options, session.Caller, reserved);
            },
            cancel);
    }

    /// <summary>The number of the video in its session; 0 while it is not in it yet.</summary>
    public static int NumberOf(LeaseRow upload) => upload.State == Added ? BitConverter.ToInt32(upload.Document) : 0;

    public Task<long> LengthAsync(LeaseRow upload, CancellationToken cancel) => parts.LengthAsync(upload.Id, PartsName, cancel);

    /// <summary>Receives the rest of the bytes.</summary>
    public async Task<PartUpload> ReceiveAsync(LeaseRow upload, CancellationToken cancel) =>
        new(parts, upload.Id, PartsName, await LengthAsync(upload, cancel), "video");

    /// <summary>Notes that the video is in its session.</summary>
    public static Task AddedAsync(System.Data.Common.DbTransaction transaction, LeaseRow upload, int number) =>
        LeaseTable.WriteAsync(transaction, upload.Id, Added, BitConverter.GetBytes(number));

    /// <summary>Gives back what was reserved too much.</summary>
    public Task SettleAsync(LeaseRow upload, long bytes, CancellationToken cancel) =>
        leases.ReserveAsync(upload, bytes - upload.Bytes, _ => Task.CompletedTask, cancel);

    /// <summary>Deletes an upload that is no video, or cannot go on.</summary>
    public Task DeleteAsync(LeaseRow upload) => leases.DeleteAsync(upload.Id, CancellationToken.None);
}
