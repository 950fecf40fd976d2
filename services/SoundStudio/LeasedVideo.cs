using Google.Protobuf.WellKnownTypes;
using Rewas.Clip.Faults;
using Rewas.Store.Leases;

namespace Rewas.SoundStudio;

/// <summary>A video of the studio, as the database has it.</summary>
/// <param name="Row">Its lease.</param>
/// <param name="Announced">The request that created it.</param>
/// <param name="Received">Bytes that are in the store.</param>
public sealed record LeasedVideo(LeaseRow Row, V1.CreateVideoRequest Announced, long Received)
{
    /// <summary>Name of its parts in the store.</summary>
    public const string PartsName = "video";

    public string Id => Row.Id;

    /// <summary>Length of the file: as announced, or less if the upload ended before.</summary>
    public long Bytes => Row.Progress is { Length: sizeof(long) } ended ? BitConverter.ToInt64(ended) : Announced.Bytes;

    /// <summary>The name for a sidecar; never a path.</summary>
    public string ShownName => Path.GetFileName(Announced.FileName.Replace('\\', '/')) is { Length: > 0 } name ? name : "video";

    /// <exception cref="InputFault">Precondition: the upload is not complete.</exception>
    public void ThrowUnlessComplete()
    {
        if (Received < Bytes)
            throw InputFault.Precondition("video_id", $"must be uploaded first, but {Received} of {Bytes} bytes have come");
    }

    public V1.StudioVideo ToMessage() =>
        new()
        {
            VideoId = Id,
            FileName = Announced.FileName,
            Bytes = Bytes,
            Received = Received,
            LeaseEnds = Timestamp.FromDateTimeOffset(Row.EndsAt),
        };
}
