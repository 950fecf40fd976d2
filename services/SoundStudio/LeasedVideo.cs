using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.PromptCheck;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>
/// A video on the studio's disk, with its renders. It has a folder that only this user can enter. The caller does not choose its file name.
/// </summary>
public sealed class LeasedVideo(
    string id, string caller, string fileName, long bytes, string sha256, DirectoryInfo folder) : IAsyncDisposable
{
    OpenVideo? open;
    VideoSource? source;

    public string Id => id;

    /// <summary>The owner. Other callers cannot find the video.</summary>
    public string Caller => caller;

    public string FileName => fileName;

    /// <summary>The name for a sidecar; never a path.</summary>
    public string ShownName => System.IO.Path.GetFileName(fileName.Replace('\\', '/')) is { Length: > 0 } name ? name : "video";

    /// <summary>Announced length.</summary>
    public long Bytes => bytes;

    /// <summary>Announced hash; empty for none.</summary>
    public string Sha256 => sha256;

    public string Path => System.IO.Path.Combine(folder.FullName, "video");

    /// <summary>Bytes received so far.</summary>
    public long Received { get; set; }

    /// <summary>When the video is deleted, UTC.</summary>
    public DateTimeOffset LeaseEnds { get; set; }

    /// <summary>Held by one upload at a time.</summary>
    public SemaphoreSlim Uploading { get; } = new(1);

    public ConcurrentDictionary<string, StudioRendering> Renders { get; } = new();

    /// <summary>The probed facts; null until the upload is complete.</summary>
    public VideoFacts? Facts { get; set; }

    /// <summary>The video's bytes for the stages. Stages in this process read the file itself.</summary>
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

    /// <summary>Discards an upload whose bytes do not match the announcement. It must be sent again.</summary>
    public void BeginAgain()
    {
        lock (Renders)
        {
            open?.Dispose();
            (open, source, Facts, Seen, Received) = (null, null, null, null, 0);
        }
    }

    /// <summary>What the networks found in the video; null before the first look.</summary>
    public SeenVideo? Seen { get; set; }

    /// <summary>Number of calls that use the files. The video is not deleted while there are any.</summary>
    internal int Users { get; set; }

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
            FileName = FileName,
            Bytes = Bytes,
            Received = Received,
            LeaseEnds = Timestamp.FromDateTimeOffset(LeaseEnds),
        };

    /// <summary>Stops the renders of this video.</summary>
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
