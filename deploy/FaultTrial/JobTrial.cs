using Grpc.Core;
using Rewas.Client;
using Rewas.V1;

namespace Rewas.FaultTrial;

/// <param name="JobId">As the service named it.</param>
/// <param name="State">How it ended.</param>
/// <param name="Sounds">SHA-256 of the samples of each item that succeeded.</param>
/// <param name="Made">How often each item was made to its end.</param>
/// <param name="Lost">Attempts that ended with their process.</param>
/// <param name="Took">From its submission to its end.</param>
sealed record JobOutcome(string JobId, JobState State, IReadOnlyDictionary<int, string> Sounds, IReadOnlyDictionary<int, int> Made, int Lost, TimeSpan Took);

/// <summary>Jobs of several items that a client submits and watches to their end, whatever happens meanwhile.</summary>
/// <param name="gateway">Where the jobs are.</param>
/// <param name="database">Of the jobs.</param>
/// <param name="folder">Videos that jobs name by their path lie here.</param>
sealed class JobTrial(Uri gateway, TrialDatabase database, string folder)
{
    /// <summary>Jobs, spread over the trial's time.</summary>
    public const int Jobs = 5;

    public const int ItemsPerJob = 8;

    const int Steps = 4;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(6), Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="name">Of these jobs; they share nothing with jobs of another name but their sounds.</param>
    /// <param name="video">Copied to a file of its own: the same pictures in other bytes, so that no result is taken from another name's.</param>
    /// <param name="duration">The last job is submitted before its end.</param>
    public async Task<IReadOnlyList<JobOutcome>> RunAsync(string name, string video, TimeSpan duration)
    {
        var file = $"{name}.mp4";
        await CopyAsync(video, Path.Combine(folder, file), name);
        return await Task.WhenAll(Enumerable.Range(0, Jobs).Select(async number =>
        {
            await Task.Delay(duration * number / Jobs);
            return await RunAsync($"{name}-{number}", file, number);
        }));
    }

    async Task<JobOutcome> RunAsync(string key, string file, int number)
    {
        using var client = RewasClient.Connect(gateway);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var job = await PersistAsync(watch, () => SubmitAsync(client, key, file, number));
        var items = new Dictionary<int, JobItemStatus>();
        job = await PersistAsync(watch, () => WatchAsync(client, job.JobId, items));
        var (made, lost) = await database.ExecutionsAsync(job.JobId);
        return new(job.JobId, job.State, items.Values.Where(item => item.Result is not null).ToDictionary(item => item.Item, item => item.Result.SoundSha256), made, lost, watch.Elapsed);
    }

    static async Task<Job> SubmitAsync(RewasClient client, string key, string file, int number)
    {
        using var call = client.Jobs.Submit(deadline: DateTime.UtcNow + TimeSpan.FromSeconds(30));
        await call.RequestStream.WriteAsync(new() { Start = new() { IdempotencyKey = key, Items = ItemsPerJob } });
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.Job is { } job)
                return job;
            var item = call.ResponseStream.Current.Taken;
            if (item < ItemsPerJob)
                await call.RequestStream.WriteAsync(new()
                {
                    Item = new() { Path = file, Name = $"{item}", Format = "wav", Options = new() { Prompt = TrialRequest.PromptOf(item), Seed = (ulong)(number * ItemsPerJob + item), Steps = Steps } },
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

    /// <summary>Does it again until it succeeds: a job goes on while nobody can ask for it.</summary>
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
        // A box of type "free" at the end, which every reader of MP4 passes over.
        var text = System.Text.Encoding.ASCII.GetBytes(name);
        await using var file = new FileStream(copy, FileMode.Append);
        await file.WriteAsync((byte[])[0, 0, 0, (byte)(8 + text.Length), .. "free"u8, .. text]);
    }
}
