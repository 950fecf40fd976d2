using Dapper;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>The whole platform in one process, which is killed in the middle of a batch.</summary>
[Trait("Category", "FullSize")]
public sealed class RestartTests(ITestOutputHelper output)
{
    const int Items = 200, AtATime = 2;
    static readonly int[] KilledAfter = [60, 130];

    // These take minutes each. Run them with -explicit on.
    [Fact(Explicit = true)]
    public Task On_SQLite_a_batch_of_200_goes_on_after_kills_and_repeats_nothing_that_was_finished() => KillAsync(postgres: null);

    [Fact(Explicit = true)]
    public async Task On_PostgreSQL_a_batch_of_200_goes_on_after_kills_and_repeats_nothing_that_was_finished()
    {
        using var postgres = await PostgresCluster.StartAsync();
        await KillAsync(postgres);
    }

    async Task KillAsync(PostgresCluster? postgres)
    {
        using var bundle = new TinyBundle();
        using var clips = new ClipFolder();
        using var folder = new TemporaryFolder();
        string[] videos =
        [
            .. Enumerable.Range(2, 4).Select(
                i => Path.GetFileName(clips.Make($"{i}.mp4", $"testsrc2=size=64x48:rate=25:duration=0.{i}", "-c:v", "libx264", "-g", "5"))),
        ];
        var port = Programs.FreePort();
        string[] arguments =
        [
            "--bundle",
            bundle.Bundle.Directory,
            "--",
            $"--Jobs:Folder={folder.Path}",
            $"--Jobs:ReadableFolder={clips.Root}",
            $"--Jobs:MaxParallelItems={AtATime}",
            "--Jobs:PollInterval=00:00:00.100",
            "--Jobs:NodeTimeout=00:00:02", "--Onnx:Threads=1", $"--Jobs:Postgres={postgres?.Connection}",
        ];
        var service = await ServiceProcess.ServeAsync(port, arguments);
        try
        {
            using var channel = GrpcChannel.ForAddress(service.Address);
            var client = new V1.Jobs.JobsClient(channel);
            var job = await SubmitAsync(client, videos);
            var finished = new List<HashSet<long>>();
            foreach (var killedAfter in KilledAfter)
            {
                await WatchAsync(client, job, until: now => now.Succeeded >= killedAfter);
                service.Dispose();                                           // kill -9
                finished.Add(await FinishedAsync(folder, postgres, job));
                Assert.InRange(finished[^1].Count, killedAfter, Items - 1);
                service = await ServiceProcess.ServeAsync(port, arguments);
            }
            var ended = await WatchAsync(client, job, until: _ => false);
            Assert.Equal((JobState.Succeeded, Items), (ended.State, ended.Succeeded));

            var executions = await ExecutionsAsync(folder, postgres, job);
            Assert.Equal(
                Enumerable.Range(0, Items).Select(i => (long)i),
                executions.Where(execution => execution.Outcome == "succeeded").Select(execution => execution.Item).Order());
            var lost = executions.Where(execution => execution.Outcome == "lost").ToList();
            Assert.Equal(Items + lost.Count, executions.Count);
            Assert.InRange(lost.Count, 0, AtATime * KilledAfter.Length);
            for (var kill = 0; kill < KilledAfter.Length; kill++)
                Assert.All(
                    finished[kill],
                    item => Assert.True(
                        Assert.Single(executions, execution => execution.Item == item && execution.Outcome == "succeeded").Run <= kill + 1,
                        $"item {item} was made again"));
            for (var item = 0; item < Items; item += 20)
                Assert.True(await ResultAsync(client, job, item) > 44);      // more than a head
            output.WriteLine(
                $"{executions.Count} executions of {Items} items in {executions.Max(execution => execution.Run)} runs; {lost.Count} "
                + $"were lost by {KilledAfter.Length} kills, at {string.Join(" and ", finished.Select(set => set.Count))} finished items");
        }
        catch (RpcException)
        {
            output.WriteLine(service.Log);
            throw;
        }
        finally
        {
            service.Dispose();
        }
    }

    static async Task<string> SubmitAsync(V1.Jobs.JobsClient client, string[] videos)
    {
        using var call = client.Submit();
        await call.RequestStream.WriteAsync(new() { Start = new() { IdempotencyKey = "batch", Items = Items } });
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken) && call.ResponseStream.Current.Job is null)
            if (call.ResponseStream.Current.Taken is var taken && taken < Items)
                await call.RequestStream.WriteAsync(new()
                {
                    Item = new()
                    {
                        Path = videos[taken % videos.Length],
                        Name = $"{taken}",
                        Format = "wav",
                        Options = new() { Prompt = "rain", Seed = (ulong)taken, Steps = 1 },
                    },
                });
        return call.ResponseStream.Current.Job!.JobId;
    }

    static async Task<Job> WatchAsync(V1.Jobs.JobsClient client, string job, Func<Job, bool> until)
    {
        Job? last = null;
        using var call = client.Watch(new() { JobId = job });
        await foreach (var happened in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            if (happened.Job is { } now && until(last = now))
                break;
        return last!;
    }

    static async Task<int> ResultAsync(V1.Jobs.JobsClient client, string job, int item)
    {
        var bytes = 0;
        using var call = client.Result(new() { JobId = job, Item = item });
        await foreach (var part in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            bytes += part.Chunk.Length;
        return bytes;
    }

    static async Task<HashSet<long>> FinishedAsync(TemporaryFolder folder, PostgresCluster? postgres, string job) =>
        [
            .. await QueryAsync<long>(
                folder, postgres, $"SELECT item FROM rewas_items WHERE job = @job AND state = {(int)ItemState.Succeeded}", job),
        ];

    static async Task<IReadOnlyList<(long Item, long Run, string Outcome)>> ExecutionsAsync(
        TemporaryFolder folder, PostgresCluster? postgres, string job) =>
        [
            .. await QueryAsync<(long, long, string)>(
                folder, postgres, "SELECT item, run, outcome FROM rewas_executions WHERE job = @job", job),
        ];

    static async Task<IEnumerable<T>> QueryAsync<T>(TemporaryFolder folder, PostgresCluster? postgres, string query, string job)
    {
        await using System.Data.Common.DbConnection connection = postgres is null
            ? new SqliteConnection($"Data Source={folder.File("jobs.db")}")
            : new NpgsqlConnection(postgres.Connection);
        return await connection.QueryAsync<T>(query, new { job });
    }
}
