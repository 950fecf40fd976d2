using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Hosting;
using Rewas.PromptCheck;
using Rewas.Protocol;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.V1;
using Rewas.Video;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.SoundStudio;

/// <summary>The gRPC service of the studio.</summary>
public sealed class SoundStudioService(
    LeasedVideos videos,
    WorkingVideos copies,
    RenderRunner runner,
    RenderWatch watch,
    StudioLook look,
    StudioStages stages,
    LeaseTable leases,
    StoredParts parts,
    WorkingSpace space,
    TimeProvider time,
    IOptions<SoundStudioOptions> configured) : V1.SoundStudio.SoundStudioBase
{
    const int MostPictures = 50, PictureWidth = 120, PictureHeight = 90;

    readonly SoundStudioOptions options = configured.Value;

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

    public override async Task<StudioVideo> CreateVideo(CreateVideoRequest request, ServerCallContext context) =>
        (await videos.CreateAsync(request, context.Caller(), context.CancellationToken)).ToMessage();

    public override async Task<StudioVideo> GetVideo(GetVideoRequest request, ServerCallContext context) =>
        (await videos.FindAsync(request.VideoId, context.Caller(), context.CancellationToken)).ToMessage();

    public override async Task<StudioVideo> RenewVideo(RenewVideoRequest request, ServerCallContext context) =>
        (await videos.FindAsync(request.VideoId, context.Caller(), context.CancellationToken)).ToMessage();

    public override async Task<DeleteVideoResponse> DeleteVideo(DeleteVideoRequest request, ServerCallContext context)
    {
        var renders = await leases.ChildrenAsync(request.VideoId, context.CancellationToken);
        await videos.DeleteAsync(request.VideoId, context.Caller(), context.CancellationToken);
        foreach (var render in renders.Where(render => render.Caller == context.Caller()))
            if (runner.Local(render.Id) is { } rendering)
                await rendering.StopAsync();
        return new();
    }

    public override async Task<StudioVideo> UploadVideo(IAsyncStreamReader<UploadVideoRequest> requestStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);
        var start = await incoming.MoveNextAsync() && incoming.Current.Start is { } given
            ? given
            : throw InputFault.Invalid("start", "must be the first message");
        var video = await videos.FindAsync(start.VideoId, context.Caller(), cancellation);
        await using (new LeaseRenewal(leases, video.Id, options.Lease, time))
        {
            if (start.Offset != video.Received)
                throw InputFault.Precondition("offset", $"must be {video.Received}, the bytes that have come, but is {start.Offset}");
            await using (var upload = new PartUpload(parts, video.Id, LeasedVideo.PartsName, video.Received, "video"))
            {
                while (await incoming.MoveNextAsync())
                {
                    if (upload.Received + incoming.Current.Chunk.Length > video.Announced.Bytes)
                        throw InputFault.Invalid(
                            "chunk", $"must end with the {video.Announced.Bytes} bytes that were announced, but goes on");
                    await upload.WriteAsync(incoming.Current.Chunk, options.MaxVideoBytes, nameof(options.MaxVideoBytes), cancellation);
                }
                await upload.StoreAsync(cancellation);
            }
            video = await videos.FindAsync(video.Id, context.Caller(), cancellation);
            if (video.Received == video.Announced.Bytes && video.Announced.Sha256.Length > 0)
                await CheckHashAsync(video, cancellation);
        }
        return video.ToMessage();
    }

    public override async Task FetchVideo(
        FetchVideoRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        await using var use = await UseAsync(request.VideoId, context);
        await responseStream.SendFileAsync(use.Video.Path, context.CancellationToken);
    }

    public override async Task<AnalyseResponse> Analyse(AnalyseRequest request, ServerCallContext context)
    {
        if (request.Pictures is < 0 or > MostPictures)
            throw InputFault.Invalid("pictures", $"must be from 0 to {MostPictures}, but is {request.Pictures}");
        await using var use = await UseAsync(request.VideoId, context);
        var facts = await look.FactsAsync(use.Video, context.CancellationToken);
        var seen = await look.SeenAsync(use.Video, facts, context.TimeLeft(options.AnalysisTimeout), context.CancellationToken);
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
        Task.FromResult(request.Curve.ToCurve().Apply(request.Edits.ToEdits(), context.CancellationToken).ToMessage());

    public override async Task<StudioRender> StartRender(StartRenderRequest request, ServerCallContext context)
    {
        var order = request.ToOrder();
        OrderCheck.ThrowIfWrong(order);
        await using var use = await UseAsync(request.VideoId, context);
        var facts = await look.FactsAsync(use.Video, context.CancellationToken);
        order.ThrowUnlessEditsFit(facts.Duration);
        order.Curve?.ToCurve();
        // The first candidate is stored twice: while it is made, and whole.
        var sounds = Math.Max(1, order.Options.Candidates) + 1 + (order.Environment is null ? 0 : 1);
        var bytes = Clip.ClipTiming.SamplesIn(facts.Duration) * SoundMaker.MostBytesOfFrame(order) * sounds;
        foreach (var id in UploadedRecordings.Of(order))
            (await videos.FindAsync(id, context.Caller(), context.CancellationToken)).ThrowUnlessComplete();
        var render = await videos.CreateRenderAsync(request, context.Caller(), bytes, context.CancellationToken);
        runner.Ensure(render.Id);
        return new() { RenderId = render.Id, VideoId = render.Parent };
    }

    public override async Task WatchRender(
        WatchRenderRequest request, IServerStreamWriter<RenderEvent> responseStream, ServerCallContext context)
    {
        if (request.FromSample < 0)
            throw InputFault.Invalid("from_sample", $"must be at least 0, but is {request.FromSample}");
        var (render, video) = await videos.FindRenderAsync(request.RenderId, context.Caller(), context.CancellationToken);
        await using var renewal = new LeaseRenewal(leases, video.Id, options.Lease, time);
        await watch.FollowAsync(render, request.FromSample, responseStream, context.CancellationToken);
    }

    public override async Task Export(ExportRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var (render, video) = await videos.FindRenderAsync(request.RenderId, context.Caller(), cancellation);
        if (render.State == (long)RenderStage.Making)
            throw InputFault.Precondition("render_id", "must have ended, but is being made");
        if (render.State == (long)RenderStage.Failed)
            throw RenderFailure.Read(render.Progress);
        SoundFiles.ThrowUnlessFormat(request.Format);
        await using var use = await copies.UseAsync(video, cancellation);
        var facts = await look.FactsAsync(use.Video, cancellation);
        var clip = use.Video.ClipFor(stages, facts);
        var made = await (await runner.ReadAsync(render, cancellation)).Made;
        var order = new SoundOrder(StartRenderRequest.Parser.ParseFrom(render.Document).ToOrder())
        {
            Format = request.Format,
            Finish = request.Finish ?? new(),
        };
        var name = $"export.{request.Format}";
        var most = new SoundFiles(name) { Layer = request.Stem }.MostBytes(
            video.Announced.Bytes, facts.Duration, made.Candidates[0].Sound.Sound.SampleRate);
        using var room = space.Reserve(context.Caller(), 2 * most);           // the file, and what its sound is mixed from
        using var folder = PrivateFolder.Create("rewas-export-");
        var files = new SoundFiles(folder.File(name)) { Name = $"sound.{request.Format}", Layer = request.Stem };
        var leftOut = SoundMaker.ThrowUnlessHeld(clip, files) ?? "";
        var file = await SoundMaker.ExportAsync(order, clip, made.WithFirst(request.Rank), files, folder.Path, cancellation);
        if (leftOut.Length > 0)
            await responseStream.WriteAsync(new() { LeftOut = leftOut }, cancellation);
        await responseStream.SendSidecarAsync(file.Sidecar.ToJson(), cancellation);
        await responseStream.SendFileAsync(files.Output, cancellation);
    }

    async Task<WorkingVideos.VideoUse> UseAsync(string id, ServerCallContext context) => await copies.UseAsync(
        await videos.FindAsync(id, context.Caller(), context.CancellationToken), context.CancellationToken);

    async Task CheckHashAsync(LeasedVideo video, CancellationToken cancellation)
    {
        string found;
        await using (var use = await copies.UseAsync(video, cancellation))
            found = await FileHash.OfAsync(use.Video.Path, cancellation);
        if (found == video.Announced.Sha256)
            return;
        await videos.BeginAgainAsync(video);
        await copies.ForgetAsync(video.Id);
        throw InputFault.Invalid("sha256", $"must be {video.Announced.Sha256} as announced, but is {found}; upload it again");
    }
}
