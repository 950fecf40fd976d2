using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Rewas.Client;

namespace Rewas.Bench.Faults;

/// <param name="At">Time from the start of the trial.</param>
/// <param name="Took">Time until the request ended.</param>
/// <param name="Result">The bytes of the result; null if the request failed.</param>
/// <param name="Repeats">How often the client repeated the request.</param>
/// <param name="IsClear">Whether the failure is one gRPC status with a message.</param>
sealed record TrialOutcome(
    TrialRequest Request, TimeSpan At, TimeSpan Took, byte[]? Result, int Repeats, string Failure = "", bool IsClear = true);

/// <summary>Clients that send requests one after another, spread over the time of the trial.</summary>
sealed class Trial(string gateways, int clients)
{
    /// <param name="duration">The last request begins at this time. Zero starts each request as soon as a client is free.</param>
    public async Task<IReadOnlyList<TrialOutcome>> RunAsync(IReadOnlyList<TrialRequest> requests, TimeSpan duration)
    {
        var (waiting, outcomes, start) = (
            new ConcurrentQueue<TrialRequest>(requests), new ConcurrentBag<TrialOutcome>(), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var client = RewasClient.Connect(GatewayAddresses.Parse(gateways));
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
        var (at, watch, repeats) = (trial.Elapsed, Stopwatch.StartNew(), new Repeats());
        try
        {
            // A request that ignores its deadline would hold up the trial. It is given up and reported.
            var bytes = await request.RunAsync(client, repeats).WaitAsync(request.Timeout + TimeSpan.FromSeconds(30));
            return new(request, at, watch.Elapsed, bytes, repeats.Count);
        }
        catch (StageFailure failure)
        {
            return new(request, at, watch.Elapsed, null, repeats.Count, failure.Message);
        }
        catch (RpcException failure)
        {
            return new(request, at, watch.Elapsed, null, repeats.Count, $"SoundAgent: {failure.StatusCode}: {failure.Status.Detail}");
        }
        catch (Exception failure)
        {
            return new(request, at, watch.Elapsed, null, repeats.Count, $"{failure.GetType().Name}: {failure.Message}", IsClear: false);
        }
    }

    /// <summary>Counts repetitions.</summary>
    sealed class Repeats : IProgress<GenerateProgress>
    {
        int count;

        public int Count => count;

        public void Report(GenerateProgress value)
        {
            if (value is GenerateProgress.Repeated)
                Interlocked.Increment(ref count);
        }
    }
}
