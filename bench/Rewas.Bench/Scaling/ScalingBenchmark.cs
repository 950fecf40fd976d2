using System.Globalization;
using Rewas.Bundles;

namespace Rewas.Bench.Scaling;

/// <summary>
/// Measures throughput at 1, 2, 4 and 8 replicas, the wait of interactive requests beside batch requests, and the metric for scaling.
/// </summary>
static class ScalingBenchmark
{
    const int Steps = 10, RequestsPerReplica = 15, CallersPerReplica = 3;

    static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<string> Run(Bundle bundle, int[] replicas) => RunAsync(bundle, replicas).GetAwaiter().GetResult();

    static async Task<List<string>> RunAsync(Bundle bundle, int[] replicas)
    {
        List<string> lines =
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"Windows of {Steps} steps from replicas whose denoiser takes {StepTime.TotalMilliseconds} ms a step, "
                + $"{CallersPerReplica} callers a replica, every third request of batch priority;"),
            "gateway, queue, sampling loop, samplers, texts and mels are real, all in one process:",
            "",
            "| replicas | windows a second | of linear | of what the steps alone allow | p95 wait, interactive | p95 wait, batch |",
            "|---|---|---|---|---|---|",
        ];
        var single = 0.0;
        foreach (var count in replicas)
        {
            await using var scaling = await ReplicaScaling.StartAsync(bundle, count, StepTime);
            await scaling.RunAsync(count, count, Steps, _ => false);          // connects and warms up
            var run = await scaling.RunAsync(CallersPerReplica * count, RequestsPerReplica * count, Steps, number => number % 3 == 0);
            single = single == 0 ? run.RequestsPerSecond / count : single;
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {count} | {run.RequestsPerSecond:F2} | {run.RequestsPerSecond / (single * count):P0} | "
                + $"{run.RequestsPerSecond * Steps * StepTime.TotalSeconds / count:P0} | "
                + $"{run.LongestUsualWait(batch: false).TotalSeconds:F2} s | {run.LongestUsualWait(batch: true).TotalSeconds:F2} s |"));
        }
        lines.Add("");
        lines.AddRange(await MetricAsync(bundle));
        return lines;
    }

    /// <summary>One replica with more and more callers, then with none.</summary>
    static async Task<List<string>> MetricAsync(Bundle bundle)
    {
        List<string> lines =
        [
            "What scaling follows, rewas.diffusion.queue.length of one replica:",
            "",
            "| callers | most latents waiting | when they had gone |",
            "|---|---|---|",
        ];
        await using var scaling = await ReplicaScaling.StartAsync(bundle, replicas: 1, StepTime);
        foreach (var callers in (int[])[1, 4, 8, 2])
        {
            using var watch = new QueueLengthWatch();
            await scaling.RunAsync(callers, 2 * callers, Steps, _ => false);
            await Task.Delay(StepTime);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {callers} | {watch.Read().Most} | {watch.Read().Last} |"));
        }
        return lines;
    }
}
