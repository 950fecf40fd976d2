using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Jobs;
using Rewas.Store.Data;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>A node for jobs. Several run in this process. Its folder stays when it ends.</summary>
sealed class JobsNode : IAsyncDisposable
{
    readonly PrivateSocket socket = new();
    readonly WebApplication app;
    readonly RewasClient client;

    JobsNode(StagesHost stages, string folder, Action<IServiceCollection> add, (string Key, string Value)[] settings)
    {
        app = Build(
        [
            ("Rewas:Bundle", stages.Bundle),
            ("Rewas:TrustCallerHeader", "true"),
            ("Rewas:Listen", socket.Address.OriginalString),
            ("Jobs:Stages", stages.Address),
            ("Jobs:Folder", folder),
            ("Jobs:ReadableFolder", stages.Clips.Root),
            ("Jobs:PollInterval", "00:00:00.050"),
            ("Jobs:RetryDelay", "00:00:00.050"),
            .. settings,
        ], Log, add);
        client = RewasClient.Connect(socket.Address);
    }

    public V1.Jobs.JobsClient Client => client.Jobs;

    /// <summary>Warnings and errors that the platform has logged.</summary>
    public LogLines Log { get; } = new();

    public static WebApplication Build(
        IEnumerable<(string Key, string Value)> settings, LogLines? log = null, Action<IServiceCollection>? add = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddRewasDefaults();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        if (log is not null)
            builder.Logging.AddProvider(log).AddFilter<LogLines>("Rewas", LogLevel.Warning);
        builder.AddJobs();
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapJobs();
        return app;
    }

    public static Task<JobsNode> StartAsync(StagesHost stages, string folder, params (string Key, string Value)[] settings) =>
        StartAsync(stages, folder, _ => { }, settings);

    /// <param name="add">Adds services that replace those of the node.</param>
    public static async Task<JobsNode> StartAsync(
        StagesHost stages, string folder, Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var node = new JobsNode(stages, folder, add, settings);
        await node.app.StartAsync(TestContext.Current.CancellationToken);
        return node;
    }

    public static JobItem Item(string path, ulong seed = 0, int steps = 1) =>
        new()
        {
            Path = Path.GetFileName(path),
            Name = Path.GetFileName(path),
            Format = "wav",
            Options = new() { Prompt = "rain", Seed = seed, Steps = steps },
        };

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static Metadata As(string caller) => new() { { CallerHeader.Name, caller } };

    public Task<Job> SubmitAsync(params JobItem[] items) => SubmitAsync(Guid.NewGuid().ToString(), null, items);

    /// <summary>Submits a job with these items. A job that was begun continues after the items that the node already has.</summary>
    public async Task<Job> SubmitAsync(string key, string? caller, params JobItem[] items)
    {
        using var call = new DuplexCall<SubmitRequest, SubmitResponse>(
            Client.Submit(caller is null ? [] : As(caller), DateTime.UtcNow + Wait.Patience));
        await call.TryWriteAsync(new() { Start = new() { IdempotencyKey = key, Items = items.Length, Name = "test" } });
        Assert.True(await call.MoveNextAsync());
        foreach (var item in items.Skip(call.Current.Taken))
        {
            await call.TryWriteAsync(new() { Item = item });
            Assert.True(await call.MoveNextAsync());
        }
        Assert.True(await call.MoveNextAsync());
        return call.Current.Job;
    }

    /// <summary>Watches a job to its end, or until a condition holds.</summary>
    public async Task<(Job Job, Dictionary<int, JobItemStatus> Items)> WatchAsync(
        string job, Func<JobEvent, bool>? until = null, string? caller = null, long after = 0)
    {
        var items = new Dictionary<int, JobItemStatus>();
        Job? last = null;
        using var call =
            Client.Watch(new() { JobId = job, AfterRevision = after }, caller is null ? [] : As(caller), DateTime.UtcNow + Wait.Patience);
        await foreach (var happened in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (happened.Item is { } item)
                items[item.Item] = item;
            last = happened.Job ?? last;
            if (until?.Invoke(happened) == true)
                break;
        }
        return (last!, items);
    }

    public async Task<byte[]> ResultAsync(string job, int item, string? caller = null)
    {
        using var call = Client.Result(new() { JobId = job, Item = item }, caller is null ? [] : As(caller));
        var file = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            part.Chunk.WriteTo(file);
        return file.ToArray();
    }

    /// <summary>Takes the tables of the jobs away, as if the database were, until the result is disposed.</summary>
    public async Task<IAsyncDisposable> WithoutDatabaseAsync()
    {
        await RenameAsync("rewas_jobs", "away_jobs");
        return new Away(this);
    }

    async Task RenameAsync(string from, string to) => await app.Services.GetRequiredService<StoreDatabase>().ExecuteAsync(
        $"ALTER TABLE {from} RENAME TO {to}", new { }, TestContext.Current.CancellationToken);

    sealed class Away(JobsNode node) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await node.RenameAsync("away_jobs", "rewas_jobs");
    }

    /// <summary>Outcomes of all attempts of a job.</summary>
    public async Task<IReadOnlyList<(long Item, string Outcome)>> ExecutionsAsync(string job)
    {
        var database = app.Services.GetRequiredService<StoreDatabase>();
        return await database.QueryAsync<(long, string)>(
            "SELECT item, outcome FROM rewas_executions WHERE job = @job", new { job }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        socket.Dispose();
    }
}
