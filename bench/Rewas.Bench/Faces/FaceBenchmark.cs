using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Rewas.Client;

namespace Rewas.Bench.Faces;

/// <summary>
/// Compares the web API with gRPC: the same requests to the same `rewas serve`, in turn. The web API calls the services over gRPC itself,
/// so it shows what the second hop and JSON cost.
/// </summary>
static class FaceBenchmark
{
    const int Calls = 400, Together = 8, Rounds = 7, LongestWait = 300;
    const int UploadBytes = 64 << 20;

    static readonly TimeSpan BusyTime = TimeSpan.FromSeconds(3);

    public static IEnumerable<string> Run(string program, string bundle, string video) => RunAsync(program, bundle, video).Result;

    static async Task<IReadOnlyList<string>> RunAsync(string program, string bundle, string video)
    {
        using var served = new ServedProgram(program, bundle);
        await served.ReadyAsync();
        using var client = RewasClient.Connect(served.Grpc);
        var studio = client.Studio;
        var film = await served.UploadAsync(video);
        var sound = (string)(await served.PostAsync("/v1/sounds", Order(film), LongestWait))["id"]!;
        var big = (string)(await served.PostAsync(
            "/v1/sounds", new() { ["seconds"] = 120, ["prompt"] = "rain", ["preset"] = "draft" }, LongestWait))["id"]!;
        var upload = served.File("upload");
        await File.WriteAllBytesAsync(upload, RandomNumberGenerator.GetBytes(UploadBytes));
        var lines = new List<string> { "| request | gRPC | HTTP | HTTP / gRPC |", "|---|---|---|---|" };

        // One call after another.
        async Task WebState() => await served.Client.GetStringAsync($"/v1/sounds/{sound}");
        async Task GrpcState() => await studio.GetRenderAsync(new() { RenderId = sound });
        var (grpc, web) = await InTurnAsync(Calls, GrpcState, WebState);
        lines.Add(Row("state of a sound, median", grpc, web, "ms", 1e3, 0.5));
        lines.Add(Row("state of a sound, 95 of 100", grpc, web, "ms", 1e3, 0.95));

        // Several at a time.
        var (perGrpc, perWeb) = (await PerSecondAsync(GrpcState), await PerSecondAsync(WebState));
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| the same, {Together} callers at a time | {perGrpc:F0} a second | {perWeb:F0} a second | {perWeb / perGrpc:F2} |"));

        // Whole sounds, of a film of their own because the sounds of a film have a limit. All windows are in the cache, so that sampling
        // hides nothing.
        var other = await served.UploadAsync(video);
        async Task WebSound() => await served.PostAsync("/v1/sounds", Order(other), LongestWait);
        async Task GrpcSound()
        {
            var started = await studio.StartRenderAsync(new()
            {
                VideoId = other,
                IdempotencyKey = Guid.NewGuid().ToString("N"),
                Options = new() { Prompt = "a hammer striking metal", Seed = 1 },
            });
            using var watching = studio.WatchRender(new() { RenderId = started.RenderId });
            while (await watching.ResponseStream.MoveNext(CancellationToken.None) && watching.ResponseStream.Current.End is null) { }
        }
        (grpc, web) = await InTurnAsync(Rounds, GrpcSound, WebSound);
        lines.Add(Row("a sound of 6 s from order to end, found in the cache, median", grpc, web, "ms", 1e3, 0.5));

        // Bytes.
        async Task WebUpload() => await served.UploadAsync(upload);
        async Task GrpcUpload() => await StudioUpload.SendAsync(studio, VideoSource.FromFile(upload), "upload");
        (grpc, web) = await InTurnAsync(Rounds, GrpcUpload, WebUpload);
        lines.Add(Row($"upload of {UploadBytes >> 20} MiB, median", grpc, web, "MiB/s", UploadBytes >> 20, 0.5, isRate: true));
        var bytes = 0L;
        async Task WebContent() => bytes = (await served.Client.GetByteArrayAsync($"/v1/sounds/{big}/content?format=wav")).Length;
        async Task GrpcContent()
        {
            using var call = studio.Export(new() { RenderId = big, Format = "wav" });
            while (await call.ResponseStream.MoveNext(CancellationToken.None)) { }
        }
        await WebContent();                                                  // the file is written once
        (grpc, web) = await InTurnAsync(Rounds, GrpcContent, WebContent);
        var size = bytes / (double)(1 << 20);
        lines.Add(Row(
            string.Create(CultureInfo.InvariantCulture, $"content of {size:F0} MiB, median"), grpc, web, "MiB/s", size, 0.5, isRate: true));
        return lines;
    }

    static JsonObject Order(string film) => new() { ["file"] = film, ["prompt"] = "a hammer striking metal", ["seed"] = 1 };

    /// <summary>Seconds of each call, gRPC and HTTP in turn. One call of each comes first and is not counted.</summary>
    static async Task<(List<double> Grpc, List<double> Web)> InTurnAsync(int count, Func<Task> grpc, Func<Task> web)
    {
        await grpc();
        await web();
        var (first, second) = (new List<double>(), new List<double>());
        for (var i = 0; i < count; i++)
        {
            first.Add(await SecondsAsync(grpc));
            second.Add(await SecondsAsync(web));
        }
        return (first, second);
    }

    static async Task<double> SecondsAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static async Task<double> PerSecondAsync(Func<Task> call)
    {
        var (start, count) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < BusyTime)
            {
                await call();
                Interlocked.Increment(ref count);
            }
        }));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <param name="scale">Units of a second; of a rate, the amount of one call.</param>
    static string Row(
        string what, List<double> grpc, List<double> web, string unit, double scale, double quantile, bool isRate = false)
    {
        var (one, other) = (Value(grpc), Value(web));
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {one:F2} {unit} | {other:F2} {unit} | {other / one:F2} |");

        double Value(List<double> seconds)
        {
            var value = seconds.Order().ElementAt((int)(quantile * (seconds.Count - 1)));
            return isRate ? scale / value : scale * value;
        }
    }
}
