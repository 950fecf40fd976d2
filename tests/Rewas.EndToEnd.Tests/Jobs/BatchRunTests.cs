using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rewas.Cli.Batch;
using Rewas.Cli.Output;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>A batch whose service breaks calls off. The job itself has ended well.</summary>
public sealed class BatchRunTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task A_file_whose_fetch_breaks_off_is_fetched_again(StatusCode status)
    {
        using var folder = new TemporaryFolder();
        var jobs = new JobsDouble { BreaksFetch = status };

        await RunAsync(jobs, folder);

        foreach (var name in (string[])["first.wav", "second.wav"])
            Assert.Equal(JobsDouble.Content, await File.ReadAllTextAsync(folder.File(name), Token));
        Assert.Equal((int[])[0, 1, 1], jobs.Fetched);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task A_watch_that_ends_before_the_job_is_made_again(StatusCode status)
    {
        using var folder = new TemporaryFolder();
        var jobs = new JobsDouble { BreaksWatch = status };

        await RunAsync(jobs, folder);

        Assert.Equal((2, 2), (jobs.Watched, jobs.Fetched.Count));
    }

    static async Task RunAsync(JobsDouble jobs, TemporaryFolder folder)
    {
        using var socket = new PrivateSocket();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Rewas:Listen"] = socket.Address.OriginalString;
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(jobs);
        await using var app = builder.Build();
        app.MapRewasDefaults();
        app.MapGrpcService<JobsDouble>();
        await app.StartAsync(Token);
        using var client = RewasClient.Connect(socket.Address);
        var manifest = new BatchManifest([ItemOf(1, "first.wav"), ItemOf(2, "second.wav")], "key");

        var (job, failures) = await new BatchRun(client, manifest, folder.Path, folder.Path, uploads: false, new Silent())
            .RunAsync(await BatchEstimate.OfAsync(manifest, stated: 1, Token), Token);
        await app.StopAsync(Token);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Empty(failures);
    }

    static BatchItem ItemOf(int line, string output) => new(line, "", null, output, new() { BlankSeconds = 1 });

    /// <summary>A job of two items. A call breaks off once with the status that is set for it.</summary>
    internal sealed class JobsDouble : V1.Jobs.JobsBase
    {
        public const string Content = "a sound";

        bool hasBroken;

        /// <summary>How the first watch ends, after the first item.</summary>
        public StatusCode? BreaksWatch { get; init; }

        /// <summary>How the first fetch of the second item ends, in the middle of the file.</summary>
        public StatusCode? BreaksFetch { get; init; }

        public int Watched { get; private set; }

        /// <summary>The item of each fetch.</summary>
        public List<int> Fetched { get; } = [];

        public override async Task Submit(
            IAsyncStreamReader<SubmitRequest> requestStream, IServerStreamWriter<SubmitResponse> responseStream, ServerCallContext context)
        {
            await requestStream.MoveNext(context.CancellationToken);
            await responseStream.WriteAsync(new() { Job = new() { JobId = "job", State = JobState.Running, Items = 2, Revision = 1 } });
        }

        public override async Task Watch(
            WatchJobRequest request, IServerStreamWriter<JobEvent> responseStream, ServerCallContext context)
        {
            Watched++;
            for (var item = 0; item < 2; item++)
            {
                await responseStream.WriteAsync(new()
                {
                    Item = new()
                    {
                        Item = item,
                        State = ItemState.Succeeded,
                        Result = new() { Samples = 16_000, Elapsed = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) },
                    },
                });
                BreakOnce(BreaksWatch);
            }
            await responseStream.WriteAsync(new()
            {
                Job = new()
                {
                    JobId = "job",
                    State = JobState.Succeeded,
                    Items = 2,
                    Succeeded = 2,
                    Revision = 3,
                    Ended = Timestamp.FromDateTime(DateTime.UtcNow),
                },
            });
        }

        public override async Task Result(
            JobResultRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
        {
            Fetched.Add(request.Item);
            await responseStream.WriteAsync(new() { Chunk = ByteString.CopyFromUtf8(Content[..3]) });
            if (request.Item == 1)
                BreakOnce(BreaksFetch);
            await responseStream.WriteAsync(new() { Chunk = ByteString.CopyFromUtf8(Content[3..]) });
        }

        void BreakOnce(StatusCode? status)
        {
            if (hasBroken || status is not { } given)
                return;
            hasBroken = true;
            throw new RpcException(new(given, "broken off"));
        }
    }

    sealed class Silent : IBatchProgress
    {
        public void Show(Job? job, int count, string text) { }

        public void Say(string line) { }
    }
}
