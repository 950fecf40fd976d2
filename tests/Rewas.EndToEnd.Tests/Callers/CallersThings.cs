using Google.Protobuf;
using Grpc.Core;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>What a caller has made in every service, and the names that the services gave it.</summary>
sealed class CallersThings
{
    readonly CallInvoker calls;

    CallersThings(CallInvoker calls, string videoId, string renderId, string projectId, string jobId, string session, string name) =>
        (this.calls, VideoId, RenderId, ProjectId, JobId, Session, Keys) =
            (calls, videoId, renderId, projectId, jobId, session, [$"{name}-video", $"{name}-render", $"{name}-job", $"{name}-project"]);

    public string VideoId { get; }

    public string RenderId { get; }

    public string ProjectId { get; }

    public string JobId { get; }

    public string Session { get; }

    /// <summary>Idempotency keys.</summary>
    public string[] Keys { get; }

    /// <summary>The names by the fields that requests give them in.</summary>
    public Dictionary<string, string> Ids => new()
    {
        ["video_id"] = VideoId,
        ["render_id"] = RenderId,
        ["project_id"] = ProjectId,
        ["job_id"] = JobId,
        ["session"] = Session,
    };

    public static async Task<CallersThings> MakeAsync(CallInvoker calls, byte[] clip, string name)
    {
        var studio = new V1.SoundStudio.SoundStudioClient(calls);
        var video = await CallersWorld.UploadAsync(calls, clip, $"{name}-video");
        var render = await studio.StartRenderAsync(new()
        {
            IdempotencyKey = $"{name}-render",
            VideoId = video.VideoId,
            Options = new() { Prompt = "rain", Steps = 1 },
        });
        await EndOfAsync(studio, render.RenderId);
        var project = await studio.CreateProjectAsync(new()
        {
            IdempotencyKey = $"{name}-project",
            Content = new() { Name = $"{name}-film", Document = "{}", VideoIds = { video.VideoId }, RenderIds = { render.RenderId } },
        });
        var (job, _) = await CallersWorld.MakeAsync(calls, video.VideoId, $"{name}-job");
        using var chat = new V1.SoundAgent.SoundAgentClient(calls).Chat();
        await chat.RequestStream.WriteAsync(new() { Session = "" });
        Assert.True(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var session = chat.ResponseStream.Current.Session;
        await chat.RequestStream.WriteAsync(new() { Video = $"{name}.mp4" });
        await chat.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(clip) });
        await chat.RequestStream.WriteAsync(new() { VideoEnd = true });
        Assert.True(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return new(calls, video.VideoId, render.RenderId, project.ProjectId, job.JobId, session, name);
    }

    /// <summary>Asserts that everything is as it was made.</summary>
    public async Task AreThereAsync()
    {
        var studio = new V1.SoundStudio.SoundStudioClient(calls);
        var video = await studio.GetVideoAsync(new() { VideoId = VideoId });
        Assert.Equal(video.Bytes, video.Received);
        await EndOfAsync(studio, RenderId);
        var project = Assert.Single((await studio.ListProjectsAsync(new())).Projects);
        Assert.Equal((ProjectId, 1L), (project.ProjectId, project.Version));
        var jobs = (await new V1.Jobs.JobsClient(calls).ListAsync(new())).Jobs;
        Assert.Equal((JobId, JobState.Succeeded, $"{Keys[2]} name"), (Assert.Single(jobs).JobId, jobs[0].State, jobs[0].Name));
        using var result = new V1.Jobs.JobsClient(calls).Result(new() { JobId = JobId });
        Assert.True(await result.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        using var chat = new V1.SoundAgent.SoundAgentClient(calls).Chat();
        await chat.RequestStream.WriteAsync(new() { Session = Session });
        Assert.True(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    static async Task EndOfAsync(V1.SoundStudio.SoundStudioClient studio, string renderId)
    {
        var ended = false;
        using var watch = studio.WatchRender(new() { RenderId = renderId });
        await foreach (var happened in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            ended = happened.End is not null;
        Assert.True(ended);
    }
}
