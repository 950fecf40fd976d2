using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.PromptCheck;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>
/// A video on the studio's disk, and the renders of it: alone in a folder that only this user can enter, under a name that the caller has
/// no say in.
/// </summary>
public sealed class LeasedVideo(
    string id, string caller, string fileName, long bytes, string sha256, DirectoryInfo folder) : IAsyncDisposable
{
    OpenVideo? open;
    VideoSource? source;

    public string Id => id;

    /// <summary>Whose it is; for anybody else it does not exist.</summary>
    public string Caller => caller;

    public string FileName => fileName;

    /// <summary>The same as a sidecar may show it: never a path.</summary>
    public string ShownName => System.IO.Path.GetFileName(fileName.Replace('\\', '/')) is { Length: > 0 } name ? name : "video";

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

    /// <summary>What is in the file, once all of it has come and it has been probed.</summary>
    public VideoFacts? Facts { get; set; }

    /// <summary>Its bytes for the stages, which read the file itself where they are in this process.</summary>
    public VideoSource SourceFor(StudioStages stages, VideoFacts facts)
    {
        lock (Renders)
        {
            if (source is null)
            {
                open = stages.Offer(Path, facts);
                source = VideoSource.FromFile(Path) with { Opened = open?.Token };
            }
            return source;
        }
    }

    /// <summary>The bytes are not those that were announced: they have to be sent again, and nothing is known of them.</summary>
    public void BeginAgain()
    {
        lock (Renders)
        {
            open?.Dispose();
            (open, source, Facts, Seen, Received) = (null, null, null, null, 0);
        }
    }

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

    public V1.StudioVideo ToMessage() =>
        new()
        {
            VideoId = Id,
            FileName = FileName,
            Bytes = Bytes,
            Received = Received,
            LeaseEnds = Timestamp.FromDateTimeOffset(LeaseEnds),
        };

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
        open?.Dispose();
        Uploading.Dispose();
        if (Directory.Exists(folder.FullName))
            folder.Delete(recursive: true);
    }
}
