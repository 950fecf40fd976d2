using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Rewas.Bundles;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Video;

namespace Rewas.Bench;

/// <summary>
/// Shows where the time of a whole clip goes, from a video to a finished file, with warm services. The stages report the time of their
/// network calls. ffmpeg is timed alone on the same file, one part after another. The rest of the wall time is gRPC, queue and managed
/// code. If parts overlap, this rest looks smaller than it is; with one window hardly any parts overlap.
/// </summary>
static class ClipBenchmark
{
    const int WarmRuns = 2;

    public static IEnumerable<string> Run(Bundle bundle, string precision, string videoPath, string? gateway, int runs) =>
        RunAsync(bundle, precision, videoPath, gateway, runs).GetAwaiter().GetResult();

    static async Task<List<string>> RunAsync(Bundle bundle, string precision, string videoPath, string? gateway, int runs)
    {
        using var socket = new PrivateSocket();
        await using var host = gateway is null
            ? AllInOne.Build(socket.Address.OriginalString, bundle, quiet: true, AllInOne.WithPrecision(precision))
            : null;
        if (host is not null)
            await host.StartAsync();
        using var client = RewasClient.Connect(gateway is null ? socket.Address : new Uri(gateway));
        var output = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".mp4");
        try
        {
            var all = new List<Parts>();
            for (var run = -WarmRuns; run < runs; run++)
            {
                var parts = await MeasureAsync(client, bundle.Manifest.Timing, videoPath, output);
                if (run >= 0)
                    all.Add(parts);
            }
            var median = all.OrderBy(parts => parts.Wall).ElementAt(all.Count / 2);
            return [
                .. Table(median, all, videoPath, gateway is null ? $"all stages in this process, {precision}" : $"stages behind {gateway}"),
            ];
        }
        finally
        {
            File.Delete(output);
            if (host is not null)
                await host.StopAsync();
        }
    }

    static async Task<Parts> MeasureAsync(RewasClient client, ClipTiming timing, string videoPath, string output)
    {
        // :: Step 1: make the clip as `rewas generate` does. The muxer takes the sound while it is made.
        var start = Stopwatch.GetTimestamp();
        var facts = await VideoProbe.ReadAsync(videoPath, new VideoLimits());
        var sound = new List<ReadOnlyMemory<float>>();
        var toMuxer = Channel.CreateUnbounded<ReadOnlyMemory<float>>();
        var muxing = Muxer.MuxAsync(videoPath, facts, toMuxer.Reader.ReadAllAsync(), ClipTiming.SampleRate, output);
        var result = await client.GenerateAsync(new GenerateRequest
        {
            Video = VideoSource.FromFile(videoPath),
            Options = new() { Prompt = "a hammer striking metal" },
            Sink = (samples, stop) =>
            {
                sound.Add(samples.ToArray());
                return toMuxer.Writer.WriteAsync(sound[^1], stop);
            },
        });
        toMuxer.Writer.Complete();
        await muxing;
        var wall = Stopwatch.GetElapsedTime(start);

        // :: Step 2: time ffmpeg alone. The file is probed twice: here and by the service.
        var probe = await TimeAsync(() => VideoProbe.ReadAsync(videoPath, new VideoLimits()));
        var decode = await TimeAsync(async () =>
        {
            await foreach (var _ in FrameReader.ReadAsync(videoPath, facts, timing))
            {
            }
        });
        var mux = await TimeAsync(() => Muxer.MuxAsync(videoPath, facts, sound.ToAsyncEnumerable(), ClipTiming.SampleRate, output));
        return new(
            wall,
            result.Summaries.ToDictionary(s => s.Stage, s => (s.Elapsed.ToTimeSpan(), s.NetworkElapsed.ToTimeSpan())),
            2 * probe + decode + mux,
            result.FirstSoundAfter);
    }

    static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var start = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(start);
    }

    static IEnumerable<string> Table(Parts median, List<Parts> all, string video, string where)
    {
        yield return $"{Path.GetFileName(video)} to a finished MP4 from warm services, {where}; the median of {all.Count} runs:";
        yield return "";
        yield return "| part | s | of the whole |";
        yield return "|---|---|---|";
        foreach (var (stage, (elapsed, network)) in median.Stages)
            yield return Row(
                $"{stage}: network calls (of {elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture)} s that the stage "
                + $"was called)",
                network);
        yield return Row("ffmpeg: probing twice, decoding, muxing", median.Ffmpeg);
        yield return Row("outside network calls and ffmpeg", median.Outside);
        yield return Row("whole", median.Wall);
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Whole, least to most: {all.Min(p => p.Wall.TotalSeconds):F2} to {all.Max(p => p.Wall.TotalSeconds):F2} s. First sound "
            + $"after {median.FirstSound.TotalSeconds:F2} s.");

        string Row(string part, TimeSpan time) =>
            string.Create(CultureInfo.InvariantCulture, $"| {part} | {time.TotalSeconds:F3} | {time / median.Wall:P1} |");
    }

    /// <param name="Wall">Time from the call to the finished file.</param>
    /// <param name="Stages">Time of each stage's call, and of its network calls.</param>
    /// <param name="Ffmpeg">Time of ffmpeg, measured alone.</param>
    /// <param name="FirstSound">Time from the call to the first samples.</param>
    sealed record Parts(
        TimeSpan Wall, Dictionary<string, (TimeSpan Elapsed, TimeSpan Network)> Stages, TimeSpan Ffmpeg, TimeSpan FirstSound)
    {
        public TimeSpan Outside => Wall - Ffmpeg - Stages.Values.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.Network);
    }
}
