using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Library;
using Rewas.Library.Indexing;
using Rewas.Library.Searching;
using Rewas.Sound.Curves;
using Rewas.V1;

namespace Rewas.SoundLibrary;

/// <summary>The gRPC service of the library.</summary>
public sealed class SoundLibraryService(LibraryIndex library, CallersFolders folders, IOptions<SoundLibraryOptions> configured)
    : V1.SoundLibrary.SoundLibraryBase
{
    const int DefaultPage = 100, LargestPage = 1000, DefaultResults = 20, MostFolders = 100, MostPaths = 1000, ChunkBytes = 256 * 1024;

    /// <summary>Allows one index run at a time in this process. Two runs would read the same files.</summary>
    static readonly SemaphoreSlim Indexing = new(1);

    readonly SoundLibraryOptions options = configured.Value;

    public override Task<DescribeLibraryResponse> DescribeLibrary(DescribeLibraryRequest request, ServerCallContext context) =>
        Task.FromResult(new DescribeLibraryResponse
        {
            Limits =
        {
            StageDescription.Limit(nameof(options.MaxDuration), options.MaxDuration.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxBytes), options.MaxBytes, "bytes"),
        },
            Folders = { library.Folders },
        });

    public override async Task IndexSounds(IndexSoundsRequest request, IServerStreamWriter<IndexSoundsEvent> responseStream,
        ServerCallContext context)
    {
        if (request.Folders.Count is 0 or > MostFolders)
            throw InputFault.Invalid("folders", $"must be 1 to {MostFolders}, but are {request.Folders.Count}");
        string[] chosen = [.. request.Folders.Select(folders.Find)];
        if (!await Indexing.WaitAsync(0, context.CancellationToken))
            throw InputFault.Exhausted("folders", "another run is under way: try again when it has ended");
        var events = Channel.CreateUnbounded<IndexSoundsEvent>();
        var running = RunAsync(chosen, events.Writer, context.CancellationToken);
        try
        {
            await foreach (var happened in events.Reader.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(happened, context.CancellationToken);
        }
        finally
        {
            await running;                                                   // a cancelled call ends it
            Indexing.Release();
        }
    }

    public override Task<SearchSoundsResponse> SearchSounds(SearchSoundsRequest request, ServerCallContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var limit = request.Limit == 0 ? DefaultResults : request.Limit;
        var query = new SearchQuery { Words = request.Words, Curve = request.Curve?.ToCurve(), Limit = limit };
        var found = library.Search(query, context.CancellationToken);
        return Task.FromResult(new SearchSoundsResponse
        {
            Sounds = { found.Select(sound => sound.ToMessage()) },
            Elapsed = Duration.FromTimeSpan(Stopwatch.GetElapsedTime(started)),
        });
    }

    public override Task<ListSoundsResponse> ListSounds(ListSoundsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage)
            throw InputFault.Invalid("page_size", $"must be from 0 to {LargestPage}, but is {request.PageSize}");
        var size = request.PageSize == 0 ? DefaultPage : request.PageSize;
        var page = library.List(request.Page, size);
        var next = page.Count == size ? page[^1].Path : "";
        return Task.FromResult(new ListSoundsResponse { Sounds = { page.Select(sound => sound.ToMessage()) }, NextPage = next });
    }

    public override async Task FetchSound(
        FetchSoundRequest request, IServerStreamWriter<SoundChunk> responseStream, ServerCallContext context)
    {
        await using var file = library.OpenFile(request.Sha256, out var sound);
        if (request.FromByte < 0 || request.FromByte > file.Length)
            throw InputFault.Invalid("from_byte", $"must be from 0 to {file.Length}, but is {request.FromByte}");
        if (request.ByteCount < 0)
            throw InputFault.Invalid("byte_count", $"must be at least 0, but is {request.ByteCount}");
        await responseStream.WriteAsync(new() { Sound = sound.ToMessage(), Bytes = file.Length }, context.CancellationToken);
        file.Position = request.FromByte;
        var left = Math.Min(file.Length - request.FromByte, request.ByteCount == 0 ? long.MaxValue : request.ByteCount);
        while (left > 0)
        {
            var chunk = new byte[Math.Min(left, ChunkBytes)];
            await file.ReadExactlyAsync(chunk, context.CancellationToken);
            await responseStream.WriteAsync(new() { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, context.CancellationToken);
            left -= chunk.Length;
        }
    }

    public override Task<ForgetSoundsResponse> ForgetSounds(ForgetSoundsRequest request, ServerCallContext context)
    {
        if (request.Paths.Count is 0 or > MostPaths)
            throw InputFault.Invalid("paths", $"must be 1 to {MostPaths}, but are {request.Paths.Count}");
        folders.ThrowUnlessBelow(request.Paths);
        return Task.FromResult(new ForgetSoundsResponse { Forgotten = library.Forget(request.Paths) });
    }

    /// <summary>Runs the index. The events end with it, in success and failure.</summary>
    async Task RunAsync(IReadOnlyList<string> chosen, ChannelWriter<IndexSoundsEvent> events, CancellationToken cancellation)
    {
        try
        {
            var report = await library.IndexAsync(chosen, new Events(events), cancellation);
            events.TryWrite(new() { Report = report.ToMessage() });
            events.TryComplete();
        }
        catch (Exception failure)
        {
            events.TryComplete(failure);                                     // the reader throws it
        }
    }

    sealed class Events(ChannelWriter<IndexSoundsEvent> events) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => events.TryWrite(value.ToMessage());
    }
}
