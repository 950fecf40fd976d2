using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Hosting;
using Rewas.PromptCheck;
using Rewas.Protocol;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.V1;
using Rewas.Video;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.SoundStudio;

/// <summary>The gRPC service of the studio.</summary>
public sealed class SoundStudioService(
    LeasedVideos videos, StudioStages stages, IOptions<SoundStudioOptions> configured) : V1.SoundStudio.SoundStudioBase
{
    const int MostPictures = 50, PictureWidth = 120, PictureHeight = 90;

    readonly SoundStudioOptions options = configured.Value;
    readonly SoundMaker maker = stages.Maker;

    public override Task<DescribeStudioResponse> DescribeStudio(DescribeStudioRequest request, ServerCallContext context) =>
        Task.FromResult(new DescribeStudioResponse
        {
            Limits =
        {
            StageDescription.Limit(nameof(options.MaxVideos), options.MaxVideos, "videos"),
            StageDescription.Limit(nameof(options.MaxVideoBytes), options.MaxVideoBytes, "bytes"),
            StageDescription.Limit(nameof(options.MaxTotalBytes), options.MaxTotalBytes, "bytes"),
            StageDescription.Limit(nameof(options.MaxVideoDuration), options.MaxVideoDuration.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxRendersPerVideo), options.MaxRendersPerVideo, "renders"),
            StageDescription.Limit(nameof(options.MaxRunningRenders), options.MaxRunningRenders, "renders"),
            StageDescription.Limit(nameof(options.MaxVideosPerCaller), options.MaxVideosPerCaller, "videos"),
            StageDescription.Limit(nameof(options.MaxBytesPerCaller), options.MaxBytesPerCaller, "bytes"),
            StageDescription.Limit(nameof(options.MaxRunningRendersPerCaller), options.MaxRunningRendersPerCaller, "renders"),
            StageDescription.Limit(nameof(options.Lease), options.Lease.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        },
        });

    public override Task<StudioVideo> CreateVideo(CreateVideoRequest request, ServerCallContext context) =>
        Task.FromResult(videos.Create(request, context.Caller()).ToMessage());

    public override Task<StudioVideo> GetVideo(GetVideoRequest request, ServerCallContext context) =>
        Task.FromResult(videos.Find(request.VideoId, context.Caller()).ToMessage());

    public override Task<StudioVideo> RenewVideo(RenewVideoRequest request, ServerCallContext context) =>
        Task.FromResult(videos.Find(request.VideoId, context.Caller()).ToMessage());

    public override async Task<DeleteVideoResponse> DeleteVideo(DeleteVideoRequest request, ServerCallContext context)
    {
        await videos.DeleteAsync(request.VideoId, context.Caller());
        return new();
    }

    public override async Task<StudioVideo> UploadVideo(IAsyncStreamReader<UploadVideoRequest> requestStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);
        var start = await incoming.MoveNextAsync() && incoming.Current.Start is { } given
            ? given
            : throw InputFault.Invalid("start", "must be the first message");
        using var use = videos.Use(start.VideoId, context.Caller());
        var video = use.Video;
        if (!await video.Uploading.WaitAsync(0, cancellation))
            throw InputFault.Precondition("video_id", "is being uploaded by another call");
        try
        {
            if (start.Offset != video.Received)
                throw InputFault.Precondition("offset", $"must be {video.Received}, the bytes that have come, but is {start.Offset}");
            await using var file = new FileStream(
                video.Path,
                FileMode.OpenOrCreate,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 0,
                useAsync: true)
            { Position = video.Received };
            while (await incoming.MoveNextAsync())
            {
                var chunk = incoming.Current.Chunk;
                if (chunk.Length is 0 or > MessageLimits.ChunkBytes)
                    throw InputFault.Invalid("chunk", $"must have 1 to {MessageLimits.ChunkBytes} bytes, but has {chunk.Length}");
                if (video.Received + chunk.Length > video.Bytes)
                    throw InputFault.Invalid("chunk", $"must end with the {video.Bytes} bytes that were announced, but goes on");
                await file.WriteAsync(chunk.Memory, cancellation);
                video.Received += chunk.Length;
            }
        }
        finally
        {
            video.Uploading.Release();
        }
        if (video.Received == video.Bytes && video.Sha256.Length > 0)
            await CheckHashAsync(video, cancellation);
        return video.ToMessage();
    }

    public override async Task FetchVideo(
        FetchVideoRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        using var use = videos.Use(request.VideoId, context.Caller());
        use.Video.ThrowUnlessComplete();
        await responseStream.SendFileAsync(use.Video.Path, context.CancellationToken);
    }

    public override async Task<AnalyseResponse> Analyse(AnalyseRequest request, ServerCallContext context)
    {
        if (request.Pictures is < 0 or > MostPictures)
            throw InputFault.Invalid("pictures", $"must be from 0 to {MostPictures}, but is {request.Pictures}");
        using var use = videos.Use(request.VideoId, context.Caller());
        var facts = await FactsAsync(use.Video, context.CancellationToken);
        var seen = await SeenAsync(use.Video, facts, context.TimeLeft(options.AnalysisTimeout), context.CancellationToken);
        var caption = new Captioner(ConflictStatistics.Embedded).Describe(seen);
        var response = new AnalyseResponse
        {
            Video = seen.Known!.Video,
            Curve = seen.Energy.ToMessage(),
            Caption = new()
            {
                Text = caption.Text,
                Concept = caption.Concept ?? "",
                Confidence = caption.Confidence,
                Course = caption.Course,
                CutSeconds = { caption.Cuts },
            },
        };
        response.OnsetSeconds.AddRange(
            seen.Known.Descriptors.Onsets.Select((value, i) => (value, i))
                .Where(onset => onset.value > 0)
                .Select(onset => EnergyCurve.SecondsAt(onset.i)));
        if (request.Pictures > 0)
            response.Filmstrip = UnsafeByteOperations.UnsafeWrap(
                await Filmstrip.ReadAsync(use.Video.Path, facts, request.Pictures, PictureWidth, PictureHeight, context.CancellationToken));
        return response;
    }

    public override Task<V1.EnergyCurve> EditCurve(EditCurveRequest request, ServerCallContext context) =>
        Task.FromResult(request.Curve.ToCurve().Apply([.. request.Edits.Select(edit => edit.ToEdit())]).ToMessage());

    public override async Task<StudioRender> StartRender(StartRenderRequest request, ServerCallContext context)
    {
        var order = request.ToOrder();
        OrderCheck.ThrowIfWrong(order);
        using var use = videos.Use(request.VideoId, context.Caller());
        var facts = await FactsAsync(use.Video, context.CancellationToken);
        order.ThrowUnlessEditsFit(facts.Duration);
        order.Curve?.ToCurve();
        var clip = ClipOf(use.Video, facts);
        var render = videos.StartRender(request, context.Caller(), (video, id) =>
            new(id, video.Id, order, clip, (layers, progress, stop) => maker.MakeAsync(order, clip, layers, progress, stop)));
        return new() { RenderId = render.Id, VideoId = render.VideoId };
    }

    public override async Task WatchRender(
        WatchRenderRequest request, IServerStreamWriter<RenderEvent> responseStream, ServerCallContext context)
    {
        if (request.FromSample < 0)
            throw InputFault.Invalid("from_sample", $"must be at least 0, but is {request.FromSample}");
        var (use, render) = videos.UseRender(request.RenderId, context.Caller());
        using (use)
        {
            await foreach (var (state, first, samples) in render.WatchAsync(request.FromSample, context.CancellationToken))
                await responseStream.WriteAsync(
                    state is { } now
                        ? new()
                        {
                            Progress = new()
                            {
                                QueuePosition = now.QueuePosition,
                                WindowsDone = now.WindowsDone,
                                Windows = now.Windows,
                                Step = now.Step,
                                Steps = now.Steps,
                            },
                        }
                        : new()
                        {
                            Wave = new()
                            {
                                FirstSample = first,
                                Samples = Rewas.Clip.HostTensor.Of(samples!, samples!.Length).ToMessage("wave"),
                            },
                        },
                    context.CancellationToken);
            await responseStream.WriteAsync(new() { End = EndOf(await MadeAsync(render)) }, context.CancellationToken);
        }
    }

    public override async Task Export(ExportRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        var (use, render) = videos.UseRender(request.RenderId, context.Caller());
        using (use)
        {
            if (!render.HasEnded)
                throw InputFault.Precondition("render_id", "must have ended, but is being made");
            var made = await MadeAsync(render);
            SoundFiles.ThrowUnlessFormat(request.Format);
            var order = new SoundOrder(render.Order) { Format = request.Format, Finish = request.Finish ?? new() };
            using var folder = PrivateFolder.Create("rewas-export-");
            var files = new SoundFiles(folder.File($"export.{request.Format}")) { Name = $"sound.{request.Format}", Layer = request.Stem };
            var leftOut = SoundMaker.ThrowUnlessHeld(render.Clip, files) ?? "";
            var file = await SoundMaker.ExportAsync(
                order, render.Clip, made.WithFirst(request.Rank), files, folder.Path, context.CancellationToken);
            if (leftOut.Length > 0)
                await responseStream.WriteAsync(new() { LeftOut = leftOut }, context.CancellationToken);
            await responseStream.SendSidecarAsync(file.Sidecar.ToJson(), context.CancellationToken);
            await responseStream.SendFileAsync(files.Output, context.CancellationToken);
        }
    }

    VideoClip ClipOf(LeasedVideo video, VideoFacts facts) =>
        new(video.Path, facts) { Source = video.SourceFor(stages, facts), Name = video.ShownName, Known = video.Seen?.Known };

    async Task<VideoFacts> FactsAsync(LeasedVideo video, CancellationToken cancellation)
    {
        video.ThrowUnlessComplete();
        return video.Facts ??= await VideoProbe.ReadAsync(
            video.Path, new VideoLimits { MaxDuration = options.MaxVideoDuration, MaxFileBytes = options.MaxVideoBytes }, cancellation);
    }

    async Task<SeenVideo> SeenAsync(LeasedVideo video, VideoFacts facts, TimeSpan timeout, CancellationToken cancellation) =>
        video.Seen ??= await ToldAsync(
            () =>
                SeenVideo.LookAsync(
                    stages.Client, video.SourceFor(stages, facts), video.Path, facts, progress: null, cancellation, timeout));

    static async Task CheckHashAsync(LeasedVideo video, CancellationToken cancellation)
    {
        var found = await FileHash.OfAsync(video.Path, cancellation);
        if (found == video.Sha256)
            return;
        video.BeginAgain();
        throw InputFault.Invalid("sha256", $"must be {video.Sha256} as announced, but is {found}; upload it again");
    }

    /// <summary>The sound of a render. Throws if the render failed.</summary>
    static async Task<MadeSound> MadeAsync(StudioRendering render)
    {
        try
        {
            return await ToldAsync(() => render.Made);
        }
        catch (OperationCanceledException) when (render.HasEnded)
        {
            throw InputFault.NotFound("render_id", $"'{render.Id}' was deleted while it was made");
        }
    }

    /// <summary>Passes a stage's failure to the caller unchanged.</summary>
    static async Task<T> ToldAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StageFailure failure)
        {
            throw new RpcException(new(failure.Status, $"{failure.Stage}: {failure.Detail}"));
        }
    }

    static RenderEnd EndOf(MadeSound made)
    {
        var end = new RenderEnd
        {
            Samples = made.Result.Samples,
            Curve = EnergyCurve.Of([.. made.Result.Energy]).ToMessage(),
            Sampler = made.Result.Sampler,
            Elapsed = Duration.FromTimeSpan(made.Result.Elapsed),
        };
        foreach (var candidate in made.Candidates)
        {
            var message = new StudioCandidate { Candidate = candidate.Candidate, Sha256 = candidate.Sound.Sha256 };
            if (candidate.Scores is { } scores)
            {
                (message.Score, message.EnergyError, message.Clipping, message.Hum) = (
                    scores.Total, scores.EnergyError, scores.Clipping, scores.Hum);
                if (scores.Similarity is { } similarity)
                    message.Similarity = similarity;
                if (scores.OnsetAgreement is { } onsets)
                    message.OnsetAgreement = onsets;
            }
            end.Candidates.Add(message);
        }
        return end;
    }
}
