using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>A caller's own recordings, uploaded like videos, while a render uses their files.</summary>
sealed class UploadedRecordings : IAsyncDisposable
{
    readonly Dictionary<string, WorkingVideos.VideoUse> uses = new(StringComparer.Ordinal);

    /// <summary>Ids of the uploads that an order names.</summary>
    public static IEnumerable<string> Of(SoundOrder order) => (order.References?.Recordings ?? [])
        .Where(recording => recording.FromCase == ReferenceSound.FromOneofCase.UploadId)
        .Select(recording => recording.UploadId).Distinct();

    /// <summary>Copies the files to this replica.</summary>
    /// <exception cref="Rewas.Clip.Faults.InputFault">The caller has no such upload, or it is not complete.</exception>
    public static async Task<UploadedRecordings> UseAsync(
        SoundOrder order, string caller, LeasedVideos videos, WorkingVideos copies, CancellationToken cancellation)
    {
        var uploads = new UploadedRecordings();
        try
        {
            foreach (var id in Of(order))
                uploads.uses[id] = await copies.UseAsync(await videos.FindAsync(id, caller, cancellation), cancellation);
            return uploads;
        }
        catch
        {
            await uploads.DisposeAsync();
            throw;
        }
    }

    /// <summary>The file of an upload.</summary>
    public string PathOf(string id) => uses[id].Video.Path;

    public async ValueTask DisposeAsync()
    {
        foreach (var use in uses.Values)
            await use.DisposeAsync();
    }
}
