using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Client;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests;

/// <summary>
/// Whoever makes a file, it has a sidecar, and <c>rewas render</c> makes the same samples from it. The agent's files: SidecarTests of
/// Rewas.Tests.PromptCheck.
/// </summary>
public class OneMakerTests
{
    static readonly string[] Quick = ["--prompt", "a hammer striking metal", "--steps", "2"];

    public static TheoryData<string, string[]> Orders() => new()
    {
        { "plain.mp4", [] },
        { "finished.mov", ["--loudness", "-20", "--stereo", "--fade", "0.2", "--true-peak", "-3", "--sample-rate", "44100"] },
        { "chosen.wav", ["--candidates", "2", "--seed", "5"] },
        {
            "sampled.mp4",
            [
                "--sampler",
                "unipc",
                "--spacing",
                "karras",
                "--guidance",
                "2",
                "--energy-guidance",
                "1",
                "--guidance-rescale",
                "0.5",
                "--guidance-to",
                "0.2",
                "--negative",
                "music",
            ]
        },
        { "joined.mp4", ["--join", "concatenate", "--memory", "off", "--ignore-cuts", "--eta", "0.3", "--sampler", "ddim"] },
        { "layered.flac", ["--environment", "rain", "--environment-gain", "-6", "--gain", "1s..2s=-12dB", "--volume", "-6"] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Generate(string output, string[] options)
    {
        using var folder = new TemporaryFolder();
        await OkAsync(["generate", Programs.Sample, .. Quick, .. options, "-o", folder.File(output)]);
        await RendersTheSameAsync(folder.File(output), folder.File("again" + Path.GetExtension(output)));
    }

    [Fact]
    public async Task Batch()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Programs.Sample, folder.File("film.mp4"));
        await File.WriteAllTextAsync(
            folder.File("films.csv"),
            "file,prompt,output,seed,negative_prompt,candidates,environment,loudness\nfilm.mp4,a hammer,one.mp4,3,music,,,\nfilm.mp4,a "
            + "hammer,two.flac,,,2,rain,-20\n",
            TestContext.Current.CancellationToken);
        await OkAsync("batch", folder.File("films.csv"), "-o", folder.File("out"), "--steps", "2");
        await RendersTheSameAsync(folder.File("out/one.mp4"), folder.File("again.mp4"));
        await RendersTheSameAsync(folder.File("out/two.flac"), folder.File("again.flac"));
        Assert.Equal("music", Part(folder.File("out/one.mp4.json"), "options").GetProperty("negative").GetString());

        // A second run takes nothing that lies there, and brings back a sidecar that is gone.
        File.Delete(folder.File("out/one.mp4.json"));
        await OkAsync("batch", folder.File("films.csv"), "-o", folder.File("out"), "--steps", "2");
        Assert.True(File.Exists(folder.File("out/one.mp4.json")));
    }

    [Fact]
    public async Task Studio()
    {
        using var folder = new TemporaryFolder();
        using var served = await ServiceProcess.ServeAsync(Programs.FreePort());
        using var client = RewasClient.Connect(new Uri(served.Address));
        var bytes = await File.ReadAllBytesAsync(Programs.Sample, TestContext.Current.CancellationToken);
        var video = await client.Studio.CreateVideoAsync(new() { IdempotencyKey = "v", FileName = "../hammer.mp4", Bytes = bytes.Length });
        using (var upload = client.Studio.UploadVideo())
        {
            await upload.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId } });
            foreach (var part in bytes.Chunk(1 << 20))
                await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(part) });
            await upload.RequestStream.CompleteAsync();
            await upload;
        }
        var render = await client.Studio.StartRenderAsync(new()
        {
            IdempotencyKey = "r",
            VideoId = video.VideoId,
            Options = new() { Prompt = "a hammer", Steps = 2, Candidates = 3, Seed = 9 },
            Environment = new() { Prompt = "rain", Seed = 4, Decibels = -9 },
            Edits = { new CurveEdit { Mute = new() { Range = new() { FromSeconds = 1, ToSeconds = 2 } } } },
        });
        using (var watch = client.Studio.WatchRender(new() { RenderId = render.RenderId }))
            await foreach (var _ in watch.ResponseStream.ReadAllAsync())
                continue;

        foreach (var (name, request) in (IEnumerable<(string, ExportRequest)>)[
            ("best.mp4", new() { Format = "mp4" }),
            ("third.wav", new() { Format = "wav", Rank = 2, Finish = new() { Loudness = -20 } }),
            ("layer.wav", new() { Format = "wav", Stem = "environment", Rank = 1 }),
        ])
        {
            request.RenderId = render.RenderId;
            using var export = client.Studio.Export(request);
            await using (var file = File.Create(folder.File(name)))
            await using (var sidecar = File.Create(folder.File(name) + ".json"))
                await foreach (var part in export.ResponseStream.ReadAllAsync())
                {
                    await file.WriteAsync(part.Chunk.Memory, TestContext.Current.CancellationToken);
                    await sidecar.WriteAsync(part.Sidecar.Memory, TestContext.Current.CancellationToken);
                }
            Assert.Equal(
                "hammer.mp4",
                JsonDocument.Parse(await File.ReadAllTextAsync(
                    folder.File(name) + ".json",
                    TestContext.Current.CancellationToken)).RootElement.GetProperty("video").GetProperty("file").GetString());
            await RendersTheSameAsync(folder.File(name), folder.File("again-" + name), "--video", Programs.Sample);
        }
    }

    /// <summary>The same samples, as the command says; and where the file holds them as they are, the same bytes.</summary>
    static async Task RendersTheSameAsync(string output, string again, params string[] options)
    {
        Assert.True(File.Exists(output + ".json"), $"{output} has no sidecar");
        var outcome = await OkAsync(["render", output + ".json", "-o", again, .. options]);
        Assert.Contains("; the same samples as before", outcome.Output, StringComparison.Ordinal);
        if (Path.GetExtension(output) is ".wav" or ".flac")
            Assert.Equal(
                await File.ReadAllBytesAsync(output, TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
        Assert.Equal(Part(output + ".json", "sampler").GetRawText(), Part(again + ".json", "sampler").GetRawText());
    }

    static JsonElement Part(string sidecar, string name) => JsonDocument.Parse(File.ReadAllText(sidecar)).RootElement.GetProperty(name);

    static async Task<Outcome> OkAsync(params string[] arguments)
    {
        var outcome = await Programs.RewasAsync(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }
}
