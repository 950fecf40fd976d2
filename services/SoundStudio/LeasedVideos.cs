using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.SoundStudio;

/// <summary>
/// The videos of the studio, within its quotas. Each is kept until its lease ends. Repeating a request with the same key does not repeat
/// its effect.
/// </summary>
public sealed class LeasedVideos(IOptions<SoundStudioOptions> options, TimeProvider time) : IAsyncDisposable
{
    const int MostKeyCharacters = 128, MostNameCharacters = 255;

    readonly SoundStudioOptions options = options.Value;
    readonly object gate = new();
    readonly Dictionary<string, LeasedVideo> videos = [];
    readonly List<LeasedVideo> gone = [];                                    // deleted while calls were using their files
    readonly Dictionary<(string Kind, string Caller, string Key), (byte[] Request, string VideoId, string RenderId)> keys = [];

    /// <summary>Creates a video, or returns the one that the same request of this caller created before.</summary>
    /// <exception cref="InputFault">The request is invalid, or a quota is used up.</exception>
    public LeasedVideo Create(V1.CreateVideoRequest request, string caller)
    {
        if (request.Bytes < 1)
            throw InputFault.Invalid("bytes", $"must be at least 1, but is {request.Bytes}");
        if (request.Bytes > options.MaxVideoBytes)
            throw InputFault.Exhausted("bytes", $"must be at most {options.MaxVideoBytes} (MaxVideoBytes), but is {request.Bytes}");
        if (request.FileName.Length > MostNameCharacters)
            throw InputFault.Invalid("file_name", $"must have at most {MostNameCharacters} characters, but has {request.FileName.Length}");
        if (request.Sha256.Length > 0 && (request.Sha256.Length != 64 || request.Sha256.Any(c => !char.IsAsciiHexDigitLower(c))))
            throw InputFault.Invalid("sha256", "must be 64 lower-case hexadecimal digits");
        lock (gate)
        {
            if (Known("video", caller, request.IdempotencyKey, request) is { } known && videos.TryGetValue(known.VideoId, out var same))
                return Renewed(same);
            if (videos.Count >= options.MaxVideos)
                throw InputFault.Exhausted("videos", $"at most {options.MaxVideos} are held (MaxVideos)");
            if (videos.Values.Sum(video => video.Bytes) + request.Bytes > options.MaxTotalBytes)
                throw InputFault.Exhausted("bytes", $"of all videos must be at most {options.MaxTotalBytes} (MaxTotalBytes)");
            if (caller.Length > 0)
                ThrowIfTooMuchOfOne(caller, request.Bytes);
            var id = NewId();
            var video = new LeasedVideo(id, caller, request.FileName, request.Bytes, request.Sha256, NewFolder(id));
            videos[id] = video;
            keys[("video", caller, request.IdempotencyKey)] = (Hash(request), id, "");
            return Renewed(video);
        }
    }

    /// <summary>Finds a video and renews its lease.</summary>
    /// <exception cref="InputFault">NotFound: the caller has no such video, or its lease has ended.</exception>
    public LeasedVideo Find(string id, string caller)
    {
        lock (gate)
            return videos.TryGetValue(id, out var video) && video.Caller == caller && video.LeaseEnds > time.GetUtcNow()
                ? Renewed(video)
                : throw InputFault.NotFound("video_id", $"'{id}' does not exist, or its lease has ended");
    }

    /// <summary>Finds a video and keeps its files until this is disposed.</summary>
    public VideoUse Use(string id, string caller)
    {
        lock (gate)
        {
            var video = Find(id, caller);
            video.Users++;
            return new(this, video);
        }
    }

    /// <summary>Finds a render with its video, whose files are kept until this is disposed.</summary>
    /// <exception cref="InputFault">NotFound: the caller has no such render.</exception>
    public (VideoUse Use, StudioRendering Render) UseRender(string renderId, string caller)
    {
        lock (gate)
        {
            var owner = videos.Values.FirstOrDefault(video => video.Caller == caller && video.Renders.ContainsKey(renderId))
                ?? throw InputFault.NotFound("render_id", $"'{renderId}' does not exist, or the lease of its video has ended");
            return (Use(owner.Id, caller), owner.Renders[renderId]);
        }
    }

    /// <summary>Starts a render, or returns the one that the same request started before.</summary>
    /// <param name="start">Starts the render under an id.</param>
    /// <exception cref="InputFault">Exhausted: a quota is used up.</exception>
    public StudioRendering StartRender(V1.StartRenderRequest request, string caller, Func<LeasedVideo, string, StudioRendering> start)
    {
        lock (gate)
        {
            var video = Find(request.VideoId, caller);
            if (Known("render", caller, request.IdempotencyKey, request) is { } known
                && video.Renders.TryGetValue(known.RenderId, out var same))
                return same;
            video.ThrowUnlessComplete();
            if (video.Renders.Count >= options.MaxRendersPerVideo)
                throw InputFault.Exhausted("renders", $"at most {options.MaxRendersPerVideo} are kept of a video (MaxRendersPerVideo)");
            if (Running(videos.Values) >= options.MaxRunningRenders)
                throw new InputFault(
                    FaultKind.Exhausted,
                    "renders",
                    $"at most {options.MaxRunningRenders} are made at a time (MaxRunningRenders)")
                { RetryAfter = TimeSpan.FromSeconds(5) };
            if (caller.Length > 0 && Running(videos.Values.Where(other => other.Caller == caller)) >= options.MaxRunningRendersPerCaller)
                throw new InputFault(
                    FaultKind.Exhausted,
                    "renders",
                    $"at most {options.MaxRunningRendersPerCaller} of a caller are made at a time "
                    + "(MaxRunningRendersPerCaller)")
                { RetryAfter = TimeSpan.FromSeconds(5) };
            var id = NewId();
            keys[("render", caller, request.IdempotencyKey)] = (Hash(request), video.Id, id);
            return video.Renders[id] = start(video, id);
        }
    }

    /// <summary>Deletes a video of this caller. Videos of others are not affected.</summary>
    public ValueTask DeleteAsync(string id, string caller) => RemoveAsync(video => video.Id == id && video.Caller == caller);

    /// <summary>Deletes videos whose lease has ended and that no call uses.</summary>
    public ValueTask SweepAsync() =>
        RemoveAsync(
            video => video.Users == 0 && video.LeaseEnds <= time.GetUtcNow() && video.Renders.Values.All(render => render.HasEnded));

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync(_ => true);
        foreach (var video in gone)
            await video.DisposeAsync();
    }

    /// <summary>
    /// Removes videos. They cannot be found any more, and their renders stop. Their files are deleted when no call uses them.
    /// </summary>
    async ValueTask RemoveAsync(Predicate<LeasedVideo> ended)
    {
        List<LeasedVideo> removed, unused;
        lock (gate)
        {
            removed = [.. videos.Values.Where(video => ended(video))];
            foreach (var video in removed)
            {
                videos.Remove(video.Id);
                foreach (var key in keys.Where(key => key.Value.VideoId == video.Id).Select(key => key.Key).ToList())
                    keys.Remove(key);
            }
            gone.AddRange(removed);
            unused = [.. gone.Where(video => video.Users == 0)];
            gone.RemoveAll(unused.Contains);
        }
        foreach (var video in removed.Except(unused))
            await video.StopAsync();
        foreach (var video in unused)
            await video.DisposeAsync();
    }

    LeasedVideo Renewed(LeasedVideo video)
    {
        video.LeaseEnds = time.GetUtcNow() + options.Lease;
        return video;
    }

    /// <summary>The quota of one caller, so that no caller takes the room of all others.</summary>
    void ThrowIfTooMuchOfOne(string caller, long bytes)
    {
        var own = videos.Values.Where(video => video.Caller == caller).ToList();
        if (own.Count >= options.MaxVideosPerCaller)
            throw InputFault.Exhausted("videos", $"at most {options.MaxVideosPerCaller} of a caller are held (MaxVideosPerCaller)");
        if (own.Sum(video => video.Bytes) + bytes > options.MaxBytesPerCaller)
            throw InputFault.Exhausted("bytes", $"of a caller's videos must be at most {options.MaxBytesPerCaller} (MaxBytesPerCaller)");
    }

    static int Running(IEnumerable<LeasedVideo> videos) => videos.Sum(video => video.Renders.Values.Count(render => !render.HasEnded));

    (byte[] Request, string VideoId, string RenderId)? Known(string kind, string caller, string key, IMessage request)
    {
        if (key.Length is 0 or > MostKeyCharacters)
            throw InputFault.Invalid("idempotency_key", $"must have 1 to {MostKeyCharacters} characters, but has {key.Length}");
        if (!keys.TryGetValue((kind, caller, key), out var known))
            return null;
        return known.Request.AsSpan().SequenceEqual(Hash(request))
            ? known
            : throw InputFault.Invalid("idempotency_key", $"'{key}' was used for another request");
    }

    DirectoryInfo NewFolder(string id) =>
        PrivateFolder.CreateKept(Path.Combine(options.Folder.Length > 0 ? options.Folder : Path.GetTempPath(), $"rewas-studio-{id}"));

    static byte[] Hash(IMessage request) => SHA256.HashData(request.ToByteArray());

    /// <summary>A random id that cannot be guessed. Knowing it is part of the permission.</summary>
    static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Keeps the sweep from deleting the video until this is disposed.</summary>
    public sealed class VideoUse(LeasedVideos owner, LeasedVideo video) : IDisposable
    {
        public LeasedVideo Video => video;

        public void Dispose()
        {
            lock (owner.gate)
            {
                video.Users--;
                owner.Renewed(video);
            }
        }
    }
}
