using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Rewas.Conflict;
using Rewas.Faults;

namespace Rewas.SoundStudio;

/// <summary>A video on the studio's disk, and the renders of it: alone in a folder that only this user can enter, under a name that the caller has no say in.</summary>
public sealed class LeasedVideo(string id, string caller, string fileName, long bytes, string sha256, DirectoryInfo folder) : IAsyncDisposable
{
    public string Id => id;

    /// <summary>Whose it is; for anybody else it does not exist.</summary>
    public string Caller => caller;

    public string FileName => fileName;

    /// <summary>As it was announced.</summary>
    public long Bytes => bytes;

    /// <summary>As it was announced; empty for none.</summary>
    public string Sha256 => sha256;

    public string Path => System.IO.Path.Combine(folder.FullName, "video");

    /// <summary>Bytes that have come.</summary>
    public long Received { get; set; }

    /// <summary>When it is deleted, UTC.</summary>
    public DateTimeOffset LeaseEnds { get; set; }

    /// <summary>One upload at a time.</summary>
    public SemaphoreSlim Uploading { get; } = new(1);

    public ConcurrentDictionary<string, StudioRendering> Renders { get; } = new();

    /// <summary>What the networks make of it, once they have looked at it.</summary>
    public SeenVideo? Seen { get; set; }

    /// <summary>Calls that are using its files; it is not deleted under them.</summary>
    internal int Users { get; set; }

    /// <exception cref="InputFault">Precondition: not all of it has come.</exception>
    public void ThrowUnlessComplete()
    {
        if (Received < Bytes)
            throw InputFault.Precondition("video_id", $"must be uploaded first, but {Received} of {Bytes} bytes have come");
    }

    public V1.StudioVideo ToMessage() => new() { VideoId = Id, FileName = FileName, Bytes = Bytes, Received = Received, LeaseEnds = Timestamp.FromDateTimeOffset(LeaseEnds) };

    /// <summary>Stops what is being made of it.</summary>
    public async Task StopAsync()
    {
        foreach (var render in Renders.Values)
            await render.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var render in Renders.Values)
            await render.DisposeAsync();
        Uploading.Dispose();
        if (Directory.Exists(folder.FullName))
            folder.Delete(recursive: true);
    }
}
