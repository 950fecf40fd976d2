using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.V1;

namespace Rewas.Tests.Gateway.Web;

public sealed class SoundTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task A_sound_is_the_one_that_gRPC_makes_of_the_same_order()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip());
        var sound = await web.Client.SoundAsync(new
        {
            file,
            prompt = "a dog barks",
            steps = 2,
            seed = 4294967295,
            candidates = 2,
            guidance_scale = 4.5,
            environment = "rain",
            loudness = -20,
            edits = new[] { "mute 0.5s..1s", "event 1.50s=-3dB" },
        });
        Assert.Equal(2, sound.GetProperty("candidates").GetArrayLength());
        Assert.Equal(4.5, sound.GetProperty("options").GetProperty("guidance").GetDouble());

        using var channel = GrpcChannel.ForAddress(web.Grpc);
        var studio = new V1.SoundStudio.SoundStudioClient(channel);
        var render = await studio.StartRenderAsync(new()
        {
            IdempotencyKey = "grpc",
            VideoId = file,
            Options = new() { Prompt = "a dog barks", Steps = 2, Seed = 4294967295, Candidates = 2, GuidanceScale = 4.5 },
            Environment = new() { Prompt = "rain", Seed = 0, Decibels = -12 },
            Edits =
            {
                new V1.CurveEdit { Mute = new() { Range = new() { FromSeconds = 0.5, ToSeconds = 1 } } },
                new V1.CurveEdit { Event = new() { AtSeconds = 1.5, Decibels = -3 } },
            },
            Finish = new() { Loudness = -20 },
        });
        foreach (var format in new[] { "wav", "mp4" })
        {
            var (bytes, sha256) = await ExportAsync(studio, new() { RenderId = render.RenderId, Format = format });
            using var content = await web.Client.GetAsync(
                $"/v1/sounds/{sound.GetProperty("id")}/content?format={format}", TestContext.Current.CancellationToken);
            var downloaded = await content.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Samples(bytes, format), Samples(downloaded, format));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), sha256);
            Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(downloaded))}\"", content.Headers.ETag!.Tag);
        }
    }

    [Fact]
    public async Task A_finished_file_is_read_in_parts()
    {
        await using var web = await WebHost.StartAsync();
        var sound = await web.Client.SoundAsync(new { file = await web.Client.FileAsync(Clip()), prompt = "a dog barks", steps = 1 });
        var path = sound.GetProperty("urls").GetProperty("content").GetString()!;
        using var whole = await web.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal("video/mp4", whole.Content.Headers.ContentType!.MediaType);
        var bytes = await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var part = await web.Client.GetRangeAsync(path, 1000, 1999);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[1000..2000], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(whole.Headers.ETag, part.Headers.ETag);
        await web.Client.GetAsync(path + "?format=avi", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "format: must be one of mp4");
        await web.Client.GetAsync(path + "?candidate=1", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "rank: must be from 0 to 0");
        await web.Client.GetAsync(path + "?stem=drums", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "stem: must be one of primary");
    }

    [Fact]
    public async Task A_sound_is_heard_while_it_is_made_and_its_parts_fit()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip(seconds: 12));
        var started = await web.Client.StartSoundAsync(new { file, prompt = "a dog barks", steps = 20 }).OkAsync();
        var path = started.GetProperty("urls").GetProperty("content").GetString() + "?stem=live";

        using var early = await web.Client.GetRangeAsync(path, 1_001, 40_000);
        var part = await early.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var whole = await web.Client.GetByteArrayAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(44 + 12 * 16_000 * 2, whole.Length);
        Assert.Equal(whole[1_001..40_001], part);
        Assert.Equal(12 * 16_000 * sizeof(float), Samples(whole, "wav").Length);
        // Afterwards the bytes are the same.
        await EndedAsync(web.Client, started);
        Assert.Equal(whole, await web.Client.GetByteArrayAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("wav")]
    [InlineData("mp4")]
    public async Task A_download_in_parts_that_begins_while_the_sound_is_made_plays(string format)
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip(seconds: 12));
        var started = await web.Client.StartSoundAsync(new { file, prompt = "a dog barks", steps = 20, loudness = -20 }).OkAsync();
        Assert.NotEqual("succeeded", started.GetProperty("status").GetString());
        var path = $"{started.GetProperty("urls").GetProperty("content").GetString()}?format={format}";

        var bytes = new List<byte>();
        for (var (total, tag) = (long.MaxValue, ""); bytes.Count < total;)
        {
            using var part = await web.Client.GetRangeAsync(path, bytes.Count, bytes.Count + 99_999);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.True(tag.Length == 0 || tag == part.Headers.ETag!.Tag);   // one file, whenever its parts are asked for
            (total, tag) = (part.Content.Headers.ContentRange!.Length!.Value, part.Headers.ETag!.Tag);
            bytes.AddRange(await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
        var encoderDelay = format == "wav" ? 0 : 20_000;
        Assert.InRange(
            Samples([.. bytes], format).Length, 12 * 48_000 * sizeof(float) - encoderDelay, 12 * 48_000 * sizeof(float) + encoderDelay);
        Assert.Equal(bytes, await web.Client.GetByteArrayAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sound_file_is_asked_for_in_any_form()
    {
        await using var web = await WebHost.StartAsync();
        var order = new { seconds = 1.5, prompt = "rain", steps = 1, format = "wav", sample_format = "pcm16" };
        var sound = await web.Client.SoundAsync(order);
        Assert.Equal("pcm16", sound.GetProperty("options").GetProperty("sample-format").GetString());
        var path = sound.GetProperty("urls").GetProperty("content").GetString()!;
        foreach (var (query, bits, rate, chunk) in new[]
        {
            ("", 16, 48_000, false), ("?sample-format=pcm24", 24, 48_000, false),
            ("?sample-format=float32&broadcast=true", 32, 48_000, true),
            ("?sample-rate=96000", 16, 96_000, false), ("?broadcast=true&sample-rate=44100", 16, 44_100, true),
        })
        {
            var bytes = await web.Client.GetByteArrayAsync(path + query, TestContext.Current.CancellationToken);
            var format = bytes.AsSpan().IndexOf("fmt "u8);
            Assert.Equal((rate, bits), (BitConverter.ToInt32(bytes, format + 12), BitConverter.ToInt16(bytes, format + 22)));
            Assert.Equal(chunk, bytes.AsSpan().IndexOf("bext"u8) > 0);
        }
        await web.Client.GetAsync(path + "?format=flac&sample-format=float32", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "sample-format: must be pcm16 or pcm24 in a .flac, but is float32");
        await web.Client.GetAsync(path + "?sample-format=pcm20", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "sample-format: must be one of pcm16, pcm24, pcm32, float32");
        await web.Client.GetAsync(path + "?sample-rate=22050", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "sample-rate: must be one of");
        await web.Client.GetAsync(path + "?format=mp4&sample-format=pcm16", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "delivery: must be absent for a video");
        await web.Client.GetAsync(path + "?stem=live&sample-format=pcm16", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "stem: live is the first candidate as wav");
        await web.Client.StartSoundAsync(new { seconds = 1, prompt = "rain", format = "flac", sample_format = "pcm32" })
            .RefusedAsync(400, "INVALID_ARGUMENT", "sample-format: must be pcm16 or pcm24 in a .flac, but is pcm32");
    }

    [Fact]
    public async Task A_timeline_is_a_form_of_the_content()
    {
        await using var web = await WebHost.StartAsync();
        var sound = await web.Client.SoundAsync(
            new
            {
                file = await web.Client.FileAsync(Clip()),
                prompt = "a dog barks",
                steps = 1,
                environment = "rain",
                sample_format = "pcm24",
            });
        var path = sound.GetProperty("urls").GetProperty("content").GetString()!;
        using var bundle = new System.IO.Compression.ZipArchive(
            await web.Client.GetStreamAsync(path + "?format=otioz", TestContext.Current.CancellationToken));
        Assert.Equal(
            ["content.otio", "version.txt", "media/clip.mp4", "media/sound.primary.wav", "media/sound.environment.wav"],
            bundle.Entries.Select(entry => entry.FullName));
        var otio = await web.Client.GetStringAsync(path + "?format=otio", TestContext.Current.CancellationToken);
        foreach (var name in new[] { "clip.mp4", "sound.primary.wav", "sound.environment.wav" })
            Assert.Contains($"\"target_url\": \"{name}\"", otio, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp", otio, StringComparison.Ordinal);       // no path of the server
        var list = await web.Client.GetStringAsync(path + "?format=edl", TestContext.Current.CancellationToken);
        Assert.Contains("* SOURCE FILE: sound.environment.wav\n", list, StringComparison.Ordinal);
        using var stem = await web.Client.GetAsync(path + "?stem=environment", TestContext.Current.CancellationToken);
        var disposition = stem.Content.Headers.ContentDisposition!;
        Assert.Equal("sound.environment.wav", disposition.FileNameStar ?? disposition.FileName);
        await web.Client.GetAsync(path + "?format=otio&stem=primary", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "stem: must be absent for a timeline");
    }

    [Fact]
    public async Task Events_go_on_after_the_last_one_that_was_seen()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip(seconds: 6));
        var sound = await web.Client.SoundAsync(new { file, prompt = "a dog barks", steps = 2 });
        var path = sound.GetProperty("urls").GetProperty("events").GetString()!;
        var all = await EventsAsync(web.Client, path, null);
        Assert.Equal("done", all[^1].Type);
        Assert.Equal(96_000, all[^1].Id);
        Assert.Equal("succeeded", all[^1].Data.GetProperty("status").GetString());
        var sounds = all.Where(one => one.Type == "sound").ToList();
        Assert.True(sounds.Count > 3);

        var rest = await EventsAsync(web.Client, path, $"{sounds[1].Id}");
        Assert.Equal(sounds.Skip(2).Select(one => one.Id), rest.Where(one => one.Type == "sound").Select(one => one.Id));
        await web.Client.GetAsync("/v1/sounds/none/events", TestContext.Current.CancellationToken).RefusedAsync(404, "NOT_FOUND", "none");
    }

    [Fact]
    public async Task A_cancelled_sound_says_so_and_has_no_content()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip(seconds: 12));
        var started = await web.Client.StartSoundAsync(new { file, prompt = "a dog barks", steps = 1000 }).OkAsync();
        var urls = started.GetProperty("urls");
        var cancelled = await web.Client.PostAsync(
            urls.GetProperty("cancel").GetString(), null, TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal("cancelled", cancelled.GetProperty("status").GetString());
        await web.Client.GetAsync(urls.GetProperty("content").GetString(), TestContext.Current.CancellationToken)
            .RefusedAsync(409, "FAILED_PRECONDITION", "was cancelled");
        var events = await EventsAsync(web.Client, urls.GetProperty("events").GetString()!, null);
        Assert.Equal(("done", "cancelled"), (events[^1].Type, events[^1].Data.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Edits_make_a_new_sound_of_the_same_order()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip());
        var first = await web.Client.SoundAsync(new { file, prompt = "a dog barks", steps = 2, edits = new[] { "gain -3dB" } });
        var edits = first.GetProperty("urls").GetProperty("edits").GetString()!;
        var again = await web.Client
            .PostJsonAsync(edits, new { edits = new[] { "mute 0s..1s" }, seed = 5 }, ("Prefer", "wait=170")).OkAsync();
        var whole = await web.Client.SoundAsync(
            new { file, prompt = "a dog barks", steps = 2, seed = 5, edits = new[] { "gain -3dB", "mute 0s..1s" } });
        Assert.Equal(Sha256(whole), Sha256(again));
        Assert.NotEqual(Sha256(first), Sha256(again));
        await web.Client.PostJsonAsync(edits, new { edits = new[] { "mute 0s..9s" } }).RefusedAsync(400, "INVALID_ARGUMENT", "mute");
        await web.Client.PostJsonAsync(edits, new { edits = new[] { "replace 0s..1s=/etc/passwd" } })
            .RefusedAsync(400, "INVALID_ARGUMENT", "must not name a file");
        await web.Client.PostJsonAsync(edits, new { edits = Enumerable.Repeat("gain -1dB", 100) })
            .RefusedAsync(429, "RESOURCE_EXHAUSTED", "edits: at most 100");
    }

    [Fact]
    public async Task A_repeated_order_makes_one_sound()
    {
        await using var web = await WebHost.StartAsync();
        var order = new { file = await web.Client.FileAsync(Clip()), prompt = "a dog barks", steps = 1 };
        var first = await web.Client.PostJsonAsync("/v1/sounds", order, ("Idempotency-Key", "k")).OkAsync();
        var second = await web.Client.PostJsonAsync("/v1/sounds", order, ("Idempotency-Key", "k")).OkAsync();
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        await web.Client.PostJsonAsync("/v1/sounds", new { order.file, prompt = "rain" }, ("Idempotency-Key", "k"))
            .RefusedAsync(400, "INVALID_ARGUMENT", "idempotency_key: 'k' was used for another request");
    }

    [Fact]
    public async Task Text_alone_makes_sound_of_a_length_or_along_a_curve()
    {
        await using var web = await WebHost.StartAsync();
        var alone = await web.Client.SoundAsync(new { seconds = 1.37, prompt = "rain", steps = 1, format = "wav" });
        Assert.Equal(1.37, alone.GetProperty("seconds").GetDouble(), 1e-9);
        Assert.Equal("text-only", alone.GetProperty("options").GetProperty("control").GetString());
        var wav = await web.Client.GetByteArrayAsync(
            alone.GetProperty("urls").GetProperty("content").GetString(), TestContext.Current.CancellationToken);
        Assert.Equal(1.37 * 48_000, Samples(wav, "wav").Length / sizeof(float), 1.0);

        var drawn = await web.Client.SoundAsync(
            new { curve = Enumerable.Range(0, 200).Select(i => i < 100 ? -11.5f : -2f), prompt = "rain", steps = 1, format = "wav" });
        Assert.Equal(2.0, drawn.GetProperty("seconds").GetDouble(), 1e-9);
        var edited = await web.Client.SoundAsync(
            new { seconds = 2, edits = new[] { "draw 1s=-20dB,1.5s=-10dB" }, prompt = "rain", steps = 1, format = "wav" });
        Assert.Equal(2.0, edited.GetProperty("seconds").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task An_estimate_starts_nothing_and_names_what_a_sound_takes()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip(seconds: 12));
        var order = new { file, prompt = "a dog barks", steps = 3, candidates = 2 };
        var before = await web.Client.PostJsonAsync("/v1/estimate", order).OkAsync();
        Assert.False(before.TryGetProperty("seconds", out _));
        Assert.Equal((3, 3, 3 * 12 * 16_000 * 4), (before.GetProperty("windows").GetInt32(), before.GetProperty("steps").GetInt32(),
            before.GetProperty("kept_bytes").GetInt32()));
        await web.Client.SoundAsync(order);
        await Wait.UntilAsync(
            async () => (await web.Client.PostJsonAsync("/v1/estimate", order).OkAsync()).TryGetProperty("seconds", out _),
            "the first sound is learnt from");
    }

    [Fact]
    public async Task A_file_is_analysed_and_a_prompt_checked()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Clip());
        var seen = await web.Client.PostAsync($"/v1/files/{file}/analysis", null, TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal((2.0, 200), (seen.GetProperty("seconds").GetDouble(), seen.GetProperty("curve").GetArrayLength()));
        var strip = await web.Client.GetByteArrayAsync(
            seen.GetProperty("filmstrip").GetString() + "?pictures=3", TestContext.Current.CancellationToken);
        Assert.Equal([0x89, .. "PNG"u8], strip[..4]);
        var check = await web.Client.PostJsonAsync("/v1/checks", new { file, prompt = "a dog barks" }).OkAsync();
        Assert.Equal("a dog barks", check.GetProperty("prompt").GetString());
        Assert.Contains(check.GetProperty("verdict").GetString(), new[] { "consistent", "uncertain", "conflict" });
        var read = await web.Client.PostJsonAsync("/v1/checks", new { file, prompt = "rain, no dog" }).OkAsync();
        Assert.Equal("dog", read.GetProperty("words").GetProperty("negative").GetString());
        var literal = await web.Client.PostJsonAsync("/v1/checks", new { file, prompt = "rain, no dog", words = "literal" }).OkAsync();
        Assert.False(literal.TryGetProperty("words", out _));
        await web.Client.PostJsonAsync("/v1/checks", new { file, prompt = "rain", words = "loosely" })
            .RefusedAsync(400, "INVALID_ARGUMENT", "words: must be one of understood, literal");
        await web.Client.PostJsonAsync("/v1/checks", new { file })
            .RefusedAsync(400, "INVALID_ARGUMENT", "prompt: must be given, but is absent");
        await web.Client.GetAsync($"/v1/files/{file}/filmstrip?pictures=51", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "pictures: must be from 0 to 50");
    }

    byte[] Clip(int seconds = 2) => File.ReadAllBytes(clips.Make(
        $"{seconds}-{Guid.NewGuid():N}.mp4", $"testsrc2=size=128x96:rate=25:duration={seconds}", "-c:v", "libx264", "-g", "15"));

    byte[] Samples(byte[] file, string format)
    {
        var path = clips.Path($"{Guid.NewGuid():N}.{format}");
        File.WriteAllBytes(path, file);
        return ClipFolder.Run("-i", "file:" + path, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-");
    }

    static string Sha256(JsonElement sound) => sound.GetProperty("candidates")[0].GetProperty("sha256").GetString()!;

    static Task EndedAsync(HttpClient client, JsonElement sound) => Wait.UntilAsync(
        async () => (await client.GetAsync(sound.GetProperty("urls").GetProperty("self").GetString()).OkAsync())
            .GetProperty("status").GetString() == "succeeded",
        "the sound has been made");

    static async Task<(byte[] File, string Sha256)> ExportAsync(V1.SoundStudio.SoundStudioClient studio, ExportRequest request)
    {
        using var watch = studio.WatchRender(new() { RenderId = request.RenderId });
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            continue;
        using var call = studio.Export(request);
        var (bytes, sha256) = (new MemoryStream(), "");
        await foreach (var part in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            part.Chunk.WriteTo(bytes);
            sha256 = part.File?.Sha256 ?? sha256;
        }
        return (bytes.ToArray(), sha256);
    }

    static async Task<List<(string Type, long Id, JsonElement Data)>> EventsAsync(HttpClient client, string path, string? lastId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var parser = System.Net.ServerSentEvents.SseParser.Create(
            await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var events = new List<(string, long, JsonElement)>();
        await foreach (var one in parser.EnumerateAsync(TestContext.Current.CancellationToken))
            events.Add((one.EventType, long.Parse(parser.LastEventId), JsonDocument.Parse(one.Data).RootElement));
        return events;
    }
}
