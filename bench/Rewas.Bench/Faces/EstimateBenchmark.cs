using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Rewas.Bench.Faces;

/// <summary>
/// Compares the web API's estimates with what the sounds then take. A few ordinary sounds come first, as on a server that is in use.
/// </summary>
static class EstimateBenchmark
{
    const int LongestWait = 300;

    /// <summary>A relative error that an estimate should not exceed.</summary>
    const double Tolerated = 0.3;

    /// <param name="Film">One of the films; null for sound without a picture.</param>
    /// <param name="Beside">Another sound is begun just before.</param>
    sealed record Request(string What, string? Film, string Options, bool Beside = false);

    static readonly Request[] First =
    [
        new("a film of 5 s", "hammer", """{"prompt":"a hammer striking metal"}"""),
        new("the same film, other words", "hammer", """{"prompt":"a hammer striking wood","seed":3}"""),
        new("a film of 8 s", "eight", """{"prompt":"rain on a roof"}"""),
        new("8 s without a picture", null, """{"seconds":8,"prompt":"rain on a roof"}"""),
    ];

    static readonly Request[] Measured =
    [
        new("a film of 12 s, 1280x720, first sight", "wide", """{"prompt":"a river"}"""),
        new("a known film, another seed", "hammer", """{"prompt":"a hammer striking metal","seed":11}"""),
        new("6 s without a picture", null, """{"seconds":6,"prompt":"wind in trees"}"""),
        new("a film of 30 s, 320x180, first sight, preset draft", "long", """{"prompt":"a machine","preset":"draft"}"""),
        new("3 candidates", "eight", """{"prompt":"footsteps on gravel","candidates":3}"""),
        new("100 steps", "hammer", """{"prompt":"a hammer striking metal","steps":100,"seed":5}"""),
        new("40 s of drawn energy", null, """{"seconds":40,"edits":["draw 1s=-30dB,20s=-10dB,39s=-30dB"],"prompt":"a storm"}"""),
        new("an environment behind it", "eight", """{"prompt":"a dog barking","environment":"light wind","seed":2}"""),
        new("own recordings, placed", "hammer", """{"prompt":"noise","reference":["RECORDING"]}"""),
        new("one window of an earlier sound changed", "wide", """{"prompt":"a river","edits":["gain 1s..2s=-6dB"]}"""),
        new("while another sound is made", "eight", """{"prompt":"a train passing","seed":9}""", Beside: true),
        new("guidance off, finished to a loudness", "eight", """{"prompt":"a crowd","guidance":1,"loudness":-16,"seed":4}"""),
    ];

    public static IEnumerable<string> Run(string program, string bundle, string video) => RunAsync(program, bundle, video).Result;

    static async Task<IReadOnlyList<string>> RunAsync(string program, string bundle, string video)
    {
        using var served = new ServedProgram(program, bundle);
        await served.ReadyAsync();
        var films = new Dictionary<string, string>
        {
            ["hammer"] = await served.UploadAsync(video),
            ["eight"] = await served.UploadAsync(Draw(served, "eight.mp4", "testsrc2=size=640x360:rate=25:duration=8")),
            ["wide"] = await served.UploadAsync(Draw(served, "wide.mp4", "testsrc2=size=1280x720:rate=30:duration=12")),
            ["long"] = await served.UploadAsync(Draw(served, "long.mp4", "testsrc2=size=320x180:rate=25:duration=30")),
            ["recording"] = await served.UploadAsync(Draw(served, "noise.wav", "anoisesrc=duration=4:seed=1:amplitude=0.3")),
        };
        var lines = new List<string> { "| request | estimated, s | taken, s | estimated / taken |", "|---|---|---|---|" };
        foreach (var request in First)
            lines.Add(Row($"first: {request.What}", await MeasureAsync(served, films, request)));
        var good = 0;
        foreach (var request in Measured)
        {
            var (estimated, taken) = await MeasureAsync(served, films, request);
            lines.Add(Row(request.What, (estimated, taken)));
            good += Math.Abs(estimated / taken - 1) <= Tolerated ? 1 : 0;
        }
        lines.Add("");
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{good} of {Measured.Length} estimates are within {Tolerated:P0} of the time taken, without the first sounds."));
        return lines;
    }

    static async Task<(double Estimated, double Taken)> MeasureAsync(
        ServedProgram served, Dictionary<string, string> films, Request request)
    {
        var order = JsonNode.Parse(request.Options.Replace("RECORDING", films["recording"], StringComparison.Ordinal))!.AsObject();
        if (request.Film is { } film)
            order["file"] = films[film];
        if (request.Beside)
            await served.PostAsync("/v1/sounds", new() { ["file"] = films["hammer"], ["prompt"] = "an anvil", ["steps"] = 60 });
        var estimate = await served.PostAsync("/v1/estimate", order);
        var start = Stopwatch.GetTimestamp();
        var sound = await served.PostAsync("/v1/sounds", order, wait: LongestWait);
        var taken = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if ((string?)sound["status"] != "succeeded")
            throw new InvalidOperationException($"{request.What}: {sound.ToJsonString()}");
        return ((double?)estimate["seconds"] ?? double.NaN, taken);
    }

    /// <summary>Makes a film or a sound with ffmpeg.</summary>
    static string Draw(ServedProgram served, string name, string source)
    {
        var path = served.File(name);
        string[] codec = name.EndsWith(".wav", StringComparison.Ordinal) ? [] : ["-c:v", "libx264", "-pix_fmt", "yuv420p"];
        using var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, .. codec, path]);
        ffmpeg.WaitForExit();
        return ffmpeg.ExitCode == 0 ? path : throw new InvalidOperationException($"ffmpeg did not make {name}");
    }

    static string Row(string what, (double Estimated, double Taken) times) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {(double.IsNaN(times.Estimated) ? "none" : $"{times.Estimated:F2}")} | {times.Taken:F2} "
        + $"| {(double.IsNaN(times.Estimated) ? "" : $"{times.Estimated / times.Taken:F2}")} |");
}
