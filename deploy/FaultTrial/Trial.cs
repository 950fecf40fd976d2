using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Rewas.Client;

namespace Rewas.FaultTrial;

/// <param name="Request">What was asked.</param>
/// <param name="At">From the start of the trial.</param>
/// <param name="Took">Until it ended.</param>
/// <param name="Result">Its bytes; null if it failed.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="IsClear">Whether the failure is one gRPC status with a message.</param>
sealed record TrialOutcome(TrialRequest Request, TimeSpan At, TimeSpan Took, byte[]? Result, string Failure = "", bool IsClear = true);

/// <summary>Clients that send requests one after the other, spread over the trial's time.</summary>
sealed class Trial(Uri gateway, int clients)
{
    /// <summary>What is safe to repeat is repeated for about half a minute: a process that is started again may need that long on a busy machine.</summary>
    static readonly RewasClientOptions Patient = new() { Retries = 20, DescribeTimeout = TimeSpan.FromSeconds(60) };

    /// <param name="requests">All of them.</param>
    /// <param name="duration">The last one begins then; zero: each as soon as a client is free.</param>
    public async Task<IReadOnlyList<TrialOutcome>> RunAsync(IReadOnlyList<TrialRequest> requests, TimeSpan duration)
    {
        var (waiting, outcomes, start) = (new ConcurrentQueue<TrialRequest>(requests), new ConcurrentBag<TrialOutcome>(), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var client = RewasClient.Connect(gateway, Patient);
            while (waiting.TryDequeue(out var request))
            {
                var due = duration * request.Number / Math.Max(1, requests.Count - 1) - start.Elapsed;
                if (due > TimeSpan.Zero)
                    await Task.Delay(due);
                outcomes.Add(await RunAsync(client, request, start));
            }
        })));
        return [.. outcomes.OrderBy(outcome => outcome.Request.Number)];
    }

    static async Task<TrialOutcome> RunAsync(RewasClient client, TrialRequest request, Stopwatch trial)
    {
        var (at, watch) = (trial.Elapsed, Stopwatch.StartNew());
        try
        {
            // What ignores its deadline would hold up everything: it is given up, and told of.
            var bytes = await request.RunAsync(client).WaitAsync(request.Timeout + TimeSpan.FromSeconds(30));
            return new(request, at, watch.Elapsed, bytes);
        }
        catch (StageFailure failure)
        {
            return new(request, at, watch.Elapsed, null, failure.Message);
        }
        catch (RpcException failure)
        {
            return new(request, at, watch.Elapsed, null, $"SoundAgent: {failure.StatusCode}: {failure.Status.Detail}");
        }
        catch (Exception failure)
        {
            return new(request, at, watch.Elapsed, null, $"{failure.GetType().Name}: {failure.Message}", IsClear: false);
        }
    }
}
