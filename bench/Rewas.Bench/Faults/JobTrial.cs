using Grpc.Core;
using Rewas.Client;
using Rewas.V1;

namespace Rewas.Bench.Faults;

/// <param name="Sounds">SHA-256 of the samples of each item that succeeded.</param>
/// <param name="Made">How often each item was completed.</param>
/// <param name="Lost">The number of attempts that ended with their process.</param>
/// <param name="Took">Time from submission to end.</param>
sealed record JobOutcome(
    string JobId, JobState State, IReadOnlyDictionary<int, string> Sounds, IReadOnlyDictionary<int, int> Made, int Lost, TimeSpan Took);

/// <summary>Submits jobs of several items and watches each to its end, whatever happens meanwhile.</summary>
/// <param name="folder">Holds the videos that jobs name by path.</param>
sealed class JobTrial(string gateways, TrialDatabase database, string folder)
{
    public const int ItemsPerJob = 5;

    const int Steps = 4;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(6), Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="name">Prefix of the jobs' keys. Jobs of different names must not share results.</param>
    /// <param name="video">Copied to a new file with the same pictures and other bytes, so that no result of another name is
    /// reused.</param>
    /// <param name="jobs">The number of jobs, spread over the time.</param>
    /// <param name="duration">The last job is submitted before this time ends.</param>
    public async Task<IReadOnlyList<JobOutcome>> RunAsync(string name, string video, int jobs, TimeSpan duration)
    {
        var file = $"{name}.mp4";
        await CopyAsync(video, Path.Combine(folder, file), name);
        return await Task.WhenAll(Enumerable.Range(0, jobs).Select(async number =>
        {
            await Task.Delay(duration * number / jobs);
            return await RunAsync($"{name}-{number}", file, number);
        }));
    }

    async Task<JobOutcome> RunAsync(string key, string file, int number)
    {
        using var client = RewasClient.Connect(GatewayAddresses.Parse(gateways));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var job = await PersistAsync(watch, () => SubmitAsync(client, key, file, number));
        var items = new Dictionary<int, JobItemStatus>();
        job = await PersistAsync(watch, () => WatchAsync(client, job.JobId, items));
        var (made, lost) = await database.ExecutionsAsync(job.JobId);
        return new(
            job.JobId,
            job.State,
            items.Values.Where(item => item.Result is not null).ToDictionary(item => item.Item, item => item.Result.SoundSha256),
            made,
            lost,
            watch.Elapsed);
    }

    static async Task<Job> SubmitAsync(RewasClient client, string key, string file, int number)
    {
        using var call = new DuplexCall<SubmitRequest, SubmitResponse>(
            client.Jobs.Submit(deadline: DateTime.UtcNow + TimeSpan.FromSeconds(30)));
        await call.TryWriteAsync(new() { Start = new() { IdempotencyKey = key, Items = ItemsPerJob } });
        while (await call.MoveNextAsync())
        {
            if (call.Current.Job is { } job)
                return job;
            var item = call.Current.Taken;
            if (item < ItemsPerJob)
                await call.TryWriteAsync(new()
                {
                    Item = new()
                    {
                        Path = file,
                        Name = $"{item}",
                        Format = "wav",
                        Options = new()
                        {
                            Prompt = TrialRequest.PromptOf(item),
                            Seed = (ulong)(number * ItemsPerJob + item),
                            Steps = Steps,
                        },
                    },
                });
        }
        throw new RpcException(new(StatusCode.Unavailable, "the answer ended without a job"));
    }

    static async Task<Job> WatchAsync(RewasClient client, string job, Dictionary<int, JobItemStatus> items)
    {
        using var call = client.Jobs.Watch(new() { JobId = job }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(60));
        await foreach (var happened in call.ResponseStream.ReadAllAsync())
        {
            if (happened.Item is { } item)
                items[item.Item] = item;
            if (happened.Job is { Ended: not null } ended)
                return ended;
        }
        throw new RpcException(new(StatusCode.Unavailable, "the answer ended before the job"));
    }

    /// <summary>Repeats the action until it succeeds. A job continues while nobody can ask for it.</summary>
    static async Task<Job> PersistAsync(System.Diagnostics.Stopwatch watch, Func<Task<Job>> action)
    {
        while (true)
        {
            try
            {
                return await action();
            }
            catch (RpcException) when (watch.Elapsed < Limit)
            {
                await Task.Delay(Pause);
            }
        }
    }

    static async Task CopyAsync(string video, string copy, string name)
    {
        File.Copy(video, copy, overwrite: true);
        // Appends a box of type "free", which every MP4 reader skips.
        var text = System.Text.Encoding.ASCII.GetBytes(name);
        await using var file = new FileStream(copy, FileMode.Append);
        await file.WriteAsync((byte[])[0, 0, 0, (byte)(8 + text.Length), .. "free"u8, .. text]);
    }
}
