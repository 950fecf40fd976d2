using System.Diagnostics;
using System.Globalization;
using Rewas.Bundles;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Rendering.Guards;

namespace Rewas.Bench;

/// <summary>
/// What hearing a sound costs beside making it: in turn, in one process, with warm services. Processor time counts all threads of the
/// process, and other load on the machine hardly changes it. ffmpeg, which decodes the video in a process of its own, is not counted, so
/// the share is rather too large than too small.
/// </summary>
static class GuardBenchmark
{
    const int WarmRuns = 2;

    /// <summary>One hearing takes some milliseconds, so several are timed together.</summary>
    const int Hearings = 8;

    public static IEnumerable<string> Run(Bundle bundle, string precision, string videoPath, int runs) =>
        RunAsync(bundle, precision, videoPath, runs).GetAwaiter().GetResult();

    static async Task<List<string>> RunAsync(Bundle bundle, string precision, string videoPath, int runs)
    {
        using var guard = SoundGuard.Load(bundle, new OnnxOptions());
        using var socket = new PrivateSocket();
        await using var host = AllInOne.Build(socket.Address.OriginalString, bundle, quiet: true, AllInOne.WithPrecision(precision));
        await host.StartAsync();
        using var client = RewasClient.Connect(socket.Address);
        var (pairs, seconds) = (new List<Pair>(), 0.0);
        for (var run = -WarmRuns; run < runs; run++)
        {
            var sound = new List<float>();
            var making = await TimeAsync(() => client.GenerateAsync(new GenerateRequest
            {
                Video = VideoSource.FromFile(videoPath),
                Options = new() { Prompt = "a hammer striking metal", Seed = (ulong)(run + WarmRuns) },
                Sink = (samples, _) =>
                {
                    sound.AddRange(samples.Span);
                    return ValueTask.CompletedTask;
                },
            }));
            float[] samples = [.. sound];
            var hearing = await TimeAsync(() =>
            {
                for (var i = 0; i < Hearings; i++)
                    guard.Hear(samples, CancellationToken.None);
                return Task.CompletedTask;
            });
            seconds = (double)samples.Length / ClipTiming.SampleRate;
            if (run >= 0)
                pairs.Add(new(making, (hearing.Processor / Hearings, hearing.Wall / Hearings)));
        }
        await host.StopAsync();
        return [.. Table(pairs, Path.GetFileName(videoPath), seconds, guard.Name, precision)];
    }

    static async Task<(TimeSpan Processor, TimeSpan Wall)> TimeAsync(Func<Task> run)
    {
        var (processor, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await run();
        return (Environment.CpuUsage.TotalTime - processor, Stopwatch.GetElapsedTime(started));
    }

    static IEnumerable<string> Table(List<Pair> pairs, string video, double seconds, string? guard, string precision)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{video}, {seconds:F1} s, {precision}; {guard ?? "no network hears"}. Making and hearing in turn, {pairs.Count} runs:");
        yield return "";
        yield return "| time | making, s | hearing, s | share, all runs | share, least to most |";
        yield return "|---|---|---|---|---|";
        yield return Row("processor, all threads", pair => pair.Making.Processor, pair => pair.Hearing.Processor);
        yield return Row("wall", pair => pair.Making.Wall, pair => pair.Hearing.Wall);
        yield return "";
        yield return $"Times are means. Each hearing is the mean of {Hearings}. ffmpeg is not counted.";

        string Row(string time, Func<Pair, TimeSpan> making, Func<Pair, TimeSpan> hearing)
        {
            var (made, heard) = (pairs.Average(p => making(p).TotalSeconds), pairs.Average(p => hearing(p).TotalSeconds));
            var shares = pairs.Select(p => hearing(p) / making(p)).ToList();
            return string.Create(CultureInfo.InvariantCulture,
                $"| {time} | {made:F3} | {heard:F4} | {heard / made:P1} | {shares.Min():P1} to {shares.Max():P1} |");
        }
    }

    sealed record Pair((TimeSpan Processor, TimeSpan Wall) Making, (TimeSpan Processor, TimeSpan Wall) Hearing);
}
