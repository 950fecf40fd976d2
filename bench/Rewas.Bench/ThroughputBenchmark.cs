using System.Diagnostics;
using System.Globalization;
using Rewas.Bundles;

namespace Rewas.Bench;

/// <summary>
/// Windows per second for requests that come at once and for the same requests one after another, and the memory of the process.
/// </summary>
static class ThroughputBenchmark
{
    public static IEnumerable<string> Run(Bundle bundle, int threads, string precision)
    {
        using var sampling = new Sampling(bundle, threads, rows: 16, precision);
        yield return $"Windows of the bundle's default steps, {threads} thread(s), {precision}, at most 16 rows a "
            + "call; everything but the wire:";
        yield return "";
        yield return "| requests | at once, s | in a row, s | ratio | resident memory, MiB |";
        yield return "|---|---|---|---|---|";
        Seconds(sampling, bundle, 2, together: true);
        foreach (var requests in (int[])[1, 2, 4, 8, 16])
        {
            var together = Seconds(sampling, bundle, requests, together: true);
            var inARow = Seconds(sampling, bundle, requests, together: false);
            using var process = Process.GetCurrentProcess();
            yield return string.Create(CultureInfo.InvariantCulture,
                $"| {requests} | {together:F2} | {inARow:F2} | {together / inARow:F2} | {process.WorkingSet64 >> 20} |");
        }
    }

    static double Seconds(Sampling sampling, Bundle bundle, int requests, bool together)
    {
        var defaults = bundle.Manifest.Sampler;
        var start = Stopwatch.GetTimestamp();
        var all = Enumerable.Range(0, requests)
            .Select(clip => (Func<Task>)(() => Task.Run(
                () => sampling.MelAsync(sampling.Request(defaults.Sampler, defaults.Spacing, defaults.Steps, clip, defaults.Eta), clip))));
        if (together)
            Task.WaitAll([.. all.Select(run => run())]);
        else
            foreach (var run in all)
                run().Wait();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
