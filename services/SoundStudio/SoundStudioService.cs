using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.PromptCheck;
using Rewas.Protocol;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Rendering.Finishing;
using Rewas.Rendering.Timelines;
using Rewas.Sound.Curves;
using Rewas.SoundStudio.Webhooks;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Text.Words;
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
    RenderEstimates estimates,
    ExportedFiles exports,
    DecoderShares decoders,
    VideoUpload upload,
    RunningUploads uploads,
    WebhookEvents webhooks,
    WebhookSecrets secrets,
    WebhookTable deliveries,
    LeasedProjects projects,
    LeaseTable leases,
    StoredParts parts,
    WorkingSpace space,
    TimeProvider time,
    IOptions<SoundStudioOptions> configured) : V1.SoundStudio.SoundStudioBase
{
    const int MostPictures = 50, PictureWidth = 120, PictureHeight = 90;

    const string Wave = "wav";

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
            StageDescription.Limit(nameof(options.ProjectLease), options.ProjectLease.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxProjects), options.MaxProjects, "projects"),
            StageDescription.Limit(nameof(options.MaxProjectsPerCaller), options.MaxProjectsPerCaller, "projects"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        },
        });

    public override async Task<StudioVideo> CreateVideo(CreateVideoRequest request, ServerCallContext context) =>
        (request.BlankSeconds == 0
            ? await videos.CreateAsync(request, context.Caller(), context.CancellationToken)
            : await BlankAsync(request, context.Caller(), context.CancellationToken)).ToMessage();

    public override async Task<StudioVideo> GetVideo(GetVideoRequest request, ServerCallContext context)
    {
        var video = await videos.FindToReadAsync(request.VideoId, context.Caller(), context.CancellationToken);
        var message = video.ToMessage();
        // The last byte counts when all are stored: then the file can be used.
        message.Received = Math.Max(video.Received, Math.Min(uploads.Received(video.Id), video.Bytes - 1));
        return message;
    }

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
        var start = await StartOfAsync(requestStream, cancellation);
        var video = await videos.FindAsync(start.VideoId, context.Caller(), cancellation);
        await using (new LeaseRenewal(leases, video.Id, options.Lease, time))
        {
            var ends = await upload.ReceiveAsync(start, requestStream, context.Caller(), cancellation);
            video = await videos.FindAsync(video.Id, context.Caller(), cancellation);
            if (ends)
            {
                await videos.EndAsync(video, cancellation);
                video = await videos.FindAsync(video.Id, context.Caller(), cancellation);
            }
            if (video.Received == video.Bytes && video.Announced.Sha256.Length > 0)
                await CheckHashAsync(video, cancellation);
        }
        return video.ToMessage();
    }

    async Task<UploadStart> StartOfAsync(IAsyncStreamReader<UploadVideoRequest> messages, CancellationToken cancellation)
    {
        await using var first = messages.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);
        return await first.MoveNextAsync() && first.Current.Start is { } start
            ? start : throw InputFault.Invalid("start", "must be the first message");
    }

    public override async Task FetchVideo(
        FetchVideoRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        await using var use = await UseToReadAsync(request.VideoId, context);
        await responseStream.SendFileAsync(use.Video.Path, request.FromByte, request.ByteCount, context.CancellationToken);
    }

    public override async Task<AnalyseResponse> Analyse(AnalyseRequest request, ServerCallContext context)
    {
        if (request.Pictures is < 0 or > MostPictures)
            throw InputFault.Invalid("pictures", $"must be from 0 to {MostPictures}, but is {request.Pictures}");
        await using var use = await UseToReadAsync(request.VideoId, context);
        var facts = await look.FactsAsync(use.Video, context.CancellationToken);
        var seen = await look.SeenAsync(
            use.Video, facts, context.Caller(), context.TimeLeft(options.AnalysisTimeout), context.CancellationToken);
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
        {
            using var place = await decoders.EnterAsync(context.Caller(), context.CancellationToken);
            response.Filmstrip = UnsafeByteOperations.UnsafeWrap(
                await Filmstrip.ReadAsync(use.Video.Path, facts, request.Pictures, PictureWidth, PictureHeight, context.CancellationToken));
        }
        return response;
    }

    public override Task<V1.EnergyCurve> EditCurve(EditCurveRequest request, ServerCallContext context) =>
        Task.FromResult(request.Curve.ToCurve().Apply(request.Edits.ToEdits(), context.CancellationToken).ToMessage());

    public override async Task<V1.ConflictReport> CheckPrompt(CheckPromptRequest request, ServerCallContext context)
    {
        OrderCheck.ThrowIfWrong(new GenerateOptions { Prompt = request.Prompt, Words = request.Words });
        await using var use = await UseAsync(request.VideoId, context);
        var facts = await look.FactsAsync(use.Video, context.CancellationToken);
        var seen = await look.SeenAsync(
            use.Video, facts, context.Caller(), context.TimeLeft(options.AnalysisTimeout), context.CancellationToken);
        return ReportMessages.Of(new ConflictCheck(ConflictStatistics.Embedded)
            .Check(seen, request.Words == WordsNames.Literal ? PromptWords.Literal(request.Prompt) : PromptWords.Read(request.Prompt)));
    }

    public override async Task<RenderEstimate> EstimateRender(StartRenderRequest request, ServerCallContext context)
    {
        var order = request.ToOrder();
        OrderCheck.ThrowIfWrong(order);
        OrderWords.ThrowIfWrong(order);
        await using var use = await UseAsync(request.VideoId, context);
        var facts = await look.FactsAsync(use.Video, context.CancellationToken);
        order.ThrowUnlessEditsFit(facts.Duration);
        return await estimates.OfAsync(
            estimates.PlanOf(request, context.Caller(), use.Video.ClipFor(stages, facts)), context.CancellationToken);
    }

    public override async Task<StudioRender> StartRender(StartRenderRequest request, ServerCallContext context)
    {
        var order = request.ToOrder();
        OrderCheck.ThrowIfWrong(order);
        OrderWords.ThrowIfWrong(order);
        await using var use = await UseAsync(request.VideoId, context);
        var facts = await look.FactsAsync(use.Video, context.CancellationToken);
        order.ThrowUnlessEditsFit(facts.Duration);
        order.Curve?.ToCurve();
        if (request.Format.Length > 0)
            SoundFiles.ThrowUnlessFormat(request.Format);
        var bytes = RenderMessages.KeptBytes(request, Clip.ClipTiming.SamplesIn(facts.Duration));
        foreach (var id in UploadedRecordings.Of(order))
            (await videos.FindAsync(id, context.Caller(), context.CancellationToken)).ThrowUnlessComplete();
        await webhooks.ThrowUnlessPossibleAsync(request.Webhook, context.Caller(), context.CancellationToken);
        var render = await videos.CreateRenderAsync(request, context.Caller(), bytes, context.CancellationToken);
        runner.Ensure(render.Id);
        return new() { RenderId = render.Id, VideoId = render.Parent };
    }

    public override async Task WatchRender(
        WatchRenderRequest request, IServerStreamWriter<RenderEvent> responseStream, ServerCallContext context)
    {
        if (request.FromSample < 0)
            throw InputFault.Invalid("from_sample", $"must be at least 0, but is {request.FromSample}");
        var (render, video) = await videos.FindRenderToReadAsync(request.RenderId, context.Caller(), context.CancellationToken);
        await using var renewal = new LeaseRenewal(leases, video.Id, options.Lease, time);
        await watch.FollowAsync(render, request.FromSample, responseStream, context.CancellationToken);
    }

    public override async Task<RenderStatus> GetRender(GetRenderRequest request, ServerCallContext context)
    {
        var (render, _) = await videos.FindRenderToReadAsync(request.RenderId, context.Caller(), context.CancellationToken);
        var status = await StatusAsync(render, context.CancellationToken);
        if (render.Caller != context.Caller())
            status.Request.Webhook = "";                                     // an address of the owner's
        return status;
    }

    public override async Task<DeleteRenderResponse> DeleteRender(DeleteRenderRequest request, ServerCallContext context)
    {
        await videos.DeleteRenderAsync(request.RenderId, context.Caller(), context.CancellationToken);
        if (runner.Local(request.RenderId) is { } rendering && await leases.ReadAsync(request.RenderId, CancellationToken.None) is null)
            await rendering.StopAsync();
        return new();
    }

    public override async Task<RenderStatus> CancelRender(CancelRenderRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var (render, _) = await videos.FindRenderAsync(request.RenderId, context.Caller(), cancellation);
        var cancelled = render with { State = (long)RenderStage.Cancelled };
        var told = webhooks.Of(render.Caller, RenderMessages.StatusOf(cancelled, runner.Local(render.Id), made: null));
        await videos.CancelAsync(render, transaction => webhooks.AddAsync(transaction, told), cancellation);
        if (runner.Local(render.Id) is { HasEnded: false } making)
            await making.StopAsync();
        (render, _) = await videos.FindRenderAsync(request.RenderId, context.Caller(), cancellation);
        return await StatusAsync(render, cancellation);
    }

    public override async Task<V1.WebhookSecret> CreateWebhookSecret(CreateWebhookSecretRequest request, ServerCallContext context)
    {
        var (row, secret) = await secrets.CreateAsync(context.Caller(), context.CancellationToken);
        return row.ToMessage(secret);
    }

    public override async Task<ListWebhookSecretsResponse> ListWebhookSecrets(
        ListWebhookSecretsRequest request, ServerCallContext context) => new()
        {
            Secrets = { (await secrets.ListAsync(context.Caller(), context.CancellationToken)).Select(row => row.ToMessage()) },
        };

    public override async Task<DeleteWebhookSecretResponse> DeleteWebhookSecret(
        DeleteWebhookSecretRequest request, ServerCallContext context)
    {
        await secrets.DeleteAsync(request.SecretId, context.Caller(), context.CancellationToken);
        return new();
    }

    public override async Task<ListWebhookDeliveriesResponse> ListWebhookDeliveries(
        ListWebhookDeliveriesRequest request, ServerCallContext context) => new()
        {
            Deliveries = { await DeliveriesAsync(request.RenderId, context) },
        };

    public override async Task<V1.WebhookDelivery> ReplayWebhook(ReplayWebhookRequest request, ServerCallContext context)
    {
        await DeliveriesAsync(request.RenderId, context);
        await deliveries.ReplayAsync(request.DeliveryId, request.RenderId, context.Caller(), context.CancellationToken);
        return (await DeliveriesAsync(request.RenderId, context)).First(delivery => delivery.DeliveryId == request.DeliveryId);
    }

    /// <summary>The deliveries of a render. They are there for longer than the render.</summary>
    /// <exception cref="InputFault">NotFound: the caller has neither.</exception>
    async Task<IReadOnlyList<V1.WebhookDelivery>> DeliveriesAsync(string render, ServerCallContext context)
    {
        var (caller, cancellation) = (context.Caller(), context.CancellationToken);
        var found = await deliveries.ListAsync(render, caller, cancellation);
        if (found.Count == 0)
            await videos.FindRenderAsync(render, caller, cancellation);
        var messages = new List<V1.WebhookDelivery>();
        foreach (var delivery in found)
            messages.Add(delivery.ToMessage(await deliveries.AttemptsAsync(delivery.Id, cancellation)));
        return messages;
    }

    public override Task<StudioProject> CreateProject(CreateProjectRequest request, ServerCallContext context) =>
        projects.CreateAsync(request, context.Caller(), context.CancellationToken);

    public override async Task<ListProjectsResponse> ListProjects(ListProjectsRequest request, ServerCallContext context) =>
        new() { Projects = { await projects.ListAsync(context.Caller(), context.CancellationToken) } };

    public override Task<StudioProject> GetProject(GetProjectRequest request, ServerCallContext context) =>
        projects.GetAsync(request.ProjectId, context.Caller(), context.CancellationToken);

    public override Task<StudioProject> SaveProject(SaveProjectRequest request, ServerCallContext context) =>
        projects.SaveAsync(request, context.Caller(), context.CancellationToken);

    public override async Task<DeleteProjectResponse> DeleteProject(DeleteProjectRequest request, ServerCallContext context)
    {
        await projects.DeleteAsync(request.ProjectId, context.Caller(), context.CancellationToken);
        return new();
    }

    public override Task<StudioProject> ShareProject(ShareProjectRequest request, ServerCallContext context) =>
        projects.ShareAsync(request, context.Caller(), context.CancellationToken);

    public override async Task<UnshareProjectResponse> UnshareProject(UnshareProjectRequest request, ServerCallContext context)
    {
        await projects.UnshareAsync(request, context.Caller(), context.CancellationToken);
        return new();
    }

    public override async Task Export(ExportRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        await using var use = await UseExportAsync(request, context);
        var file = use.Export.File;
        if (file.LeftOut.Length > 0)
            await responseStream.WriteAsync(new() { LeftOut = file.LeftOut }, cancellation);
        await responseStream.WriteAsync(
            new() { File = new() { Bytes = file.Bytes, Sha256 = file.Sha256, Format = use.Format } }, cancellation);
        await responseStream.SendSidecarAsync(file.Sidecar, cancellation);
        await responseStream.SendFileAsync(file.Path, request.FromByte, request.ByteCount, cancellation);
    }

    public override async Task<SoundLevels> MeasureExport(ExportRequest request, ServerCallContext context)
    {
        await using var use = await UseExportAsync(new(request) { Format = Wave }, context);
        var levels = await FileLevels.OfAsync(use.Export.File.Path, context.CancellationToken);
        var message = new SoundLevels();
        if (levels.Loudness is { } loudness)
            message.Loudness = loudness;
        if (levels.TruePeak is { } peak)
            message.TruePeak = peak;
        return message;
    }

    /// <summary>The file of an export, written or found.</summary>
    /// <exception cref="InputFault">Precondition: the render has not ended. Others: it has failed, or there is no such format.</exception>
    async Task<ExportOfVideo> UseExportAsync(ExportRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var (render, video) = await videos.FindRenderToReadAsync(request.RenderId, context.Caller(), cancellation);
        if (render.State == (long)RenderStage.Making)
            throw InputFault.Precondition("render_id", "must have ended, but is being made");
        if (render.State == (long)RenderStage.Failed)
            throw RenderFailure.Read(render.Progress);
        if (render.State == (long)RenderStage.Cancelled)
            throw RenderFailure.Cancelled(render.Id);
        var order = StartRenderRequest.Parser.ParseFrom(render.Document).ToOrder();
        var wanted = new ExportRequest(request)
        {
            Format = request.Format.Length > 0 ? request.Format : order.Format.Length > 0 ? order.Format : SoundFiles.UsualFormat,
            Finish = request.Finish ?? order.Finish ?? new(),
            Delivery = request.Delivery ?? order.Delivery,
        };
        var isTimeline = TimelineFormats.All.Contains(wanted.Format);
        if (!isTimeline)
            SoundFiles.ThrowUnlessFormat(wanted.Format);
        else if (request.Stem.Length > 0)
            throw InputFault.Invalid("stem", $"must be absent for a timeline, which has all stems, but is {request.Stem}");
        if (request.Delivery is not null && !isTimeline && !SoundFiles.IsSound(wanted.Format))
            throw InputFault.Invalid("delivery", $"must be absent for a video, but the format is {wanted.Format}; choose wav or flac");
        OrderCheck.ThrowIfWrong(
            new SoundOrder { Options = order.Options, Finish = wanted.Finish, Format = wanted.Format, Delivery = wanted.Delivery });
        var use = await copies.UseAsync(video, cancellation);
        try
        {
            return new(use, wanted.Format, await exports.UseAsync(
                wanted, context.Caller(), folder => WriteAsync(wanted, order, render, use.Video, context.Caller(), folder, cancellation),
                cancellation));
        }
        catch
        {
            await use.DisposeAsync();
            throw;
        }
    }

    /// <summary>An exported file, with the video that it is made of.</summary>
    sealed record ExportOfVideo(WorkingVideos.VideoUse Video, string Format, ExportUse Export) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Export.Dispose();
            return Video.DisposeAsync();
        }
    }

    async Task<WrittenExport> WriteAsync(
        ExportRequest wanted, SoundOrder ordered, LeaseRow render, WorkingVideo video, string caller, PrivateFolder folder,
        CancellationToken cancellation)
    {
        // First, because the sound may be forgotten as unused while this call waits.
        using var place = wanted.Finish.Pan == PanNames.Picture ? await decoders.EnterAsync(caller, cancellation) : null;
        var facts = await look.FactsAsync(video, cancellation);
        var clip = video.ClipFor(stages, facts);
        var made = await (await runner.ReadAsync(render, cancellation)).Made;
        var order = new SoundOrder(ordered) { Format = wanted.Format, Finish = wanted.Finish, Delivery = wanted.Delivery };
        var files = SoundFiles.In(folder, "sound", wanted.Format) with { Layer = wanted.Stem };
        var most = files.MostBytes(video.Leased.Bytes, facts.Duration, made.Candidates[0].Sound.Sound.SampleRate);
        using var room = space.Reserve(render.Caller, 2 * most);              // the file, and what its sound is mixed from
        var leftOut = SoundMaker.ThrowUnlessHeld(clip, files) ?? "";
        var file = await SoundMaker.ExportAsync(order, clip, made.WithFirst(wanted.Rank), files, folder.Path,
            new() { MadeAt = DateTimeOffset.FromUnixTimeMilliseconds(render.Created) }, cancellation);
        return new(
            files.Result, new FileInfo(files.Result).Length, await FileHash.OfAsync(files.Result, cancellation), file.Sidecar.ToJson(),
            leftOut);
    }

    async Task<RenderStatus> StatusAsync(LeaseRow render, CancellationToken cancellation)
    {
        var made = render.State == (long)RenderStage.Made ? await (await runner.ReadAsync(render, cancellation)).Made : null;
        return RenderMessages.StatusOf(render, runner.Local(render.Id), made);
    }

    /// <summary>A black video that the studio makes itself.</summary>
    async Task<LeasedVideo> BlankAsync(CreateVideoRequest request, string caller, CancellationToken cancellation)
    {
        InputFault.ThrowUnlessInRange(
            "blank_seconds", request.BlankSeconds, WithoutPicture.Shortest, options.MaxVideoDuration.TotalSeconds);
        if (request.Bytes != 0 || request.Sha256.Length > 0)
            throw InputFault.Invalid("bytes", "and sha256 must be absent with blank_seconds, because nothing is uploaded");
        using var folder = PrivateFolder.Create("rewas-blank-");
        using (await decoders.EnterAsync(caller, cancellation))
            await BlankVideo.WriteAsync(folder.File("video"), TimeSpan.FromSeconds(request.BlankSeconds), cancellation);
        var video = await videos.CreateAsync(request, caller, cancellation, made: new FileInfo(folder.File("video")).Length);
        if (video.Received == 0)
            await parts.AppendAsync(video.Id, LeasedVideo.PartsName, 0, folder.File("video"), cancellation);
        return await videos.FindAsync(video.Id, caller, cancellation);
    }

    async Task<WorkingVideos.VideoUse> UseAsync(string id, ServerCallContext context) => await copies.UseAsync(
        await videos.FindAsync(id, context.Caller(), context.CancellationToken), context.CancellationToken);

    /// <summary>Also for a video that is shared with the caller.</summary>
    async Task<WorkingVideos.VideoUse> UseToReadAsync(string id, ServerCallContext context) => await copies.UseAsync(
        await videos.FindToReadAsync(id, context.Caller(), context.CancellationToken), context.CancellationToken);

    async Task CheckHashAsync(LeasedVideo video, CancellationToken cancellation)
    {
        string found;
        await using (var use = await copies.UseAsync(video, cancellation))
            found = await FileHash.OfAsync(use.Video.Path, cancellation);
        if (found == video.Announced.Sha256)
            return;
        await videos.BeginAgainAsync(video);
        copies.Forget(video.Id);
        throw InputFault.Invalid("sha256", $"must be {video.Announced.Sha256} as announced, but is {found}; upload it again");
    }
}
