using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Client;
using Rewas.Sound;
using Rewas.Sound.Mel;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests;

/// <summary>Own recordings, as a user of the command gives them.</summary>
public sealed class ReferenceTests : IDisposable
{
    const int SampleRate = 96_000;

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Alone_they_keep_their_samples_rate_and_channels_and_no_network_is_loaded()
    {
        var samples = await RecordAsync("rain.wav", seconds: 8, seed: 1);
        await CurveAsync("level.csv", LevelOf(samples), seconds: 6);
        await OkAsync("generate", Programs.Sample, "--prompt", "rain", "--reference", folder.File("rain.wav"),
            "--curve", folder.File("level.csv"), "-o", folder.File("out.wav"), "--trace", folder.File("trace.svg"));

        var (rate, channels, bits, made) = Read(folder.File("out.wav"));
        Assert.Equal((SampleRate, 2, 24, 2 * 6 * SampleRate), (rate, channels, bits, made.Length));
        var pieces = Pieces("out.wav", candidate: 0);
        var exact = 0;
        foreach (var piece in pieces)
        {
            var (start, source) = ((long)Math.Round(piece.At * SampleRate), piece.SourceStart);
            for (var i = piece.FadeIn; i < piece.Samples - piece.FadeOut; i++)
            {
                if (piece.GainAt((double)i / SampleRate) != 1
                    || pieces.Any(other => other != piece && other.Covers((start + i) / (double)SampleRate)))
                    continue;
                for (var channel = 0; channel < 2; channel++)
                    Assert.Equal(samples[2 * (source + i) + channel], made[2 * (start + i) + channel]);
                exact++;
            }
        }
        Assert.True(exact > SampleRate / 20, $"only {exact} samples have a gain of 1");

        var trace = await File.ReadAllTextAsync(folder.File("trace.svg"), TestContext.Current.CancellationToken);
        foreach (var network in (string[])["denoiser", "vocoder", "mel_encoder", "text_encoder", "AudioDiffusion", "EnergyPredictor"])
            Assert.DoesNotContain(network, trace, StringComparison.Ordinal);
        using var sidecar = Sidecar("out.wav");
        Assert.False(sidecar.RootElement.TryGetProperty("sampler", out _));
        Assert.Equal("", sidecar.RootElement.GetProperty("bundle").GetString());
    }

    [Theory]
    [InlineData("out.mp4")]
    [InlineData("out.flac")]
    [InlineData("out.wav", "--candidates", "2")]
    [InlineData("loud.wav", "--loudness", "-20")]
    [InlineData("started.wav", "--reference-strength", "0.6", "--steps", "2")]
    [InlineData("two.mp4", "--reference-strength", "1", "--steps", "2", "--candidates", "2")]
    public async Task A_sidecar_renders_the_same_samples(string name, params string[] options)
    {
        await RecordAsync("rain.wav", seconds: 3, seed: 1);
        await RecordAsync("wind.wav", seconds: 3, seed: 2);
        await OkAsync(["generate", Programs.Sample, "--prompt", "a hammer", "--reference", folder.File("rain.wav"), folder.File("wind.wav"),
            "-o", folder.File(name), .. options]);
        var again = "again" + Path.GetExtension(name);
        var outcome = await OkAsync("render", folder.File(name) + ".json", "-o", folder.File(again));
        Assert.Contains("; the same samples as before", outcome.Output, StringComparison.Ordinal);
        if (Path.GetExtension(name) != ".mp4")
            Assert.Equal(
                await File.ReadAllBytesAsync(folder.File(name), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(folder.File(again), TestContext.Current.CancellationToken));
        using var sidecar = Sidecar(name);
        var references = sidecar.RootElement.GetProperty("references");
        Assert.Equal(
            ["rain.wav", "wind.wav"],
            references.GetProperty("recordings").EnumerateArray().Select(recording => recording.GetProperty("name").GetString()));
        Assert.Equal(options.Contains("--candidates") ? 2 : 1, references.GetProperty("candidates").GetArrayLength());
    }

    [Fact]
    public async Task A_moved_recording_is_named_again_and_another_one_is_refused()
    {
        await RecordAsync("rain.wav", seconds: 3, seed: 1);
        await RecordAsync("wind.wav", seconds: 3, seed: 2);
        await OkAsync(
            "generate", Programs.Sample, "--prompt", "rain", "--reference", folder.File("rain.wav"), "-o", folder.File("out.wav"));
        Directory.CreateDirectory(folder.File("elsewhere"));
        File.Move(folder.File("rain.wav"), folder.File("elsewhere/other.wav"));
        await ThrowsAsync("is not found: --reference FILE names it", "render", folder.File("out.wav.json"), "-o", folder.File("x.wav"));
        await ThrowsAsync("is not found", "render", folder.File("out.wav.json"), "-o", folder.File("x.wav"),
            "--reference", folder.File("wind.wav"));
        var outcome = await OkAsync("render", folder.File("out.wav.json"), "-o", folder.File("x.wav"),
            "--reference", folder.File("elsewhere/other.wav"));
        Assert.Contains("; the same samples as before", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_piece_is_banned_and_another_one_pinned()
    {
        await RecordAsync("rain.wav", seconds: 6, seed: 1);
        await RecordAsync("wind.wav", seconds: 6, seed: 2);
        await CurveAsync("level.csv", -4.3, seconds: 6);
        string[] order = ["generate", Programs.Sample, "--prompt", "rain", "--reference", folder.File("rain.wav"), folder.File("wind.wav"),
            "--curve", folder.File("level.csv")];
        await OkAsync([.. order, "-o", folder.File("a.wav")]);
        var first = Pieces("a.wav", 0)[0];
        await OkAsync([.. order, "-o", folder.File("b.wav"), "--ban", first.Id]);
        Assert.DoesNotContain(Pieces("b.wav", 0), piece => piece.Id == first.Id);
        await OkAsync([.. order, "-o", folder.File("c.wav"), "--pin", first.Id, "--seed", "99"]);
        Assert.Contains(Pieces("c.wav", 0), piece => piece.Id == first.Id);
        await ThrowsAsync("ban: '00000000:1+1@1' is of none of the given recordings",
            [.. order, "-o", folder.File("d.wav"), "--ban", "00000000:1+1@1"]);
        await ThrowsAsync("pin: must be the id of a piece", [.. order, "-o", folder.File("d.wav"), "--pin", "that one"]);
        await ThrowsAsync("ban: needs recordings", "generate", Programs.Sample, "--prompt", "rain", "-o", folder.File("d.wav"),
            "--ban", first.Id);
    }

    [Fact]
    public async Task The_library_gives_recordings_that_match_the_prompt_and_says_which()
    {
        Directory.CreateDirectory(folder.File("sounds"));
        await RecordAsync("sounds/RAINWatr_Heavy Rain_ABC.wav", seconds: 4, seed: 1);
        await RecordAsync("sounds/ANMLDog_Bark_ABC.wav", seconds: 1, seed: 2);
        var environment = new Dictionary<string, string> { ["REWAS_LIBRARY"] = folder.File("index") };
        await OkAsync(environment, "sounds", "index", folder.File("sounds"));
        var outcome = await OkAsync(
            environment, "generate", Programs.Sample, "--prompt", "heavy rain", "--library", "on", "-o", folder.File("out.wav"));
        Assert.Contains(
            "from 1 recording of your library: " + folder.File("sounds/RAINWatr_Heavy Rain_ABC.wav"), outcome.Output,
            StringComparison.Ordinal);
        using (var sidecar = Sidecar("out.wav"))
            Assert.True(sidecar.RootElement.GetProperty("references").GetProperty("recordings")[0].GetProperty("fromLibrary").GetBoolean());
        Assert.Equal(SampleRate, Read(folder.File("out.wav")).Rate);
        Assert.Contains("; the same samples as before", (await OkAsync(environment, "render", folder.File("out.wav.json"), "-o",
            folder.File("again.wav"))).Output, StringComparison.Ordinal);

        // What the library does not have is sampled as without it.
        await OkAsync(environment, "generate", Programs.Sample, "--prompt", "a jazz trumpet", "--library", "on", "--steps", "2", "-o",
            folder.File("other.wav"));
        using var without = Sidecar("other.wav");
        Assert.False(without.RootElement.TryGetProperty("references", out _));
    }

    [Fact]
    public async Task A_batch_has_a_column_for_recordings()
    {
        File.Copy(Programs.Sample, folder.File("film.mp4"));
        await RecordAsync("rain.wav", seconds: 3, seed: 1);
        await RecordAsync("wind.wav", seconds: 3, seed: 2);
        await WriteAsync("films.csv", "file,prompt,output,reference\nfilm.mp4,rain,one.wav,rain.wav;wind.wav\n");
        await OkAsync("batch", folder.File("films.csv"), "-o", folder.File("out"));
        var made = Read(folder.File("out/one.wav"));
        Assert.Equal((SampleRate, 2, 24), (made.Rate, made.Channels, made.Bits));
        Assert.Contains("; the same samples as before", (await OkAsync("render", folder.File("out/one.wav.json"), "-o",
            folder.File("again.wav"))).Output, StringComparison.Ordinal);

        // A changed recording is another order.
        await RecordAsync("rain.wav", seconds: 4, seed: 3);
        await OkAsync("batch", folder.File("films.csv"), "-o", folder.File("out"));
        Assert.NotEqual(made.Samples, Read(folder.File("out/one.wav")).Samples);

        await WriteAsync("bad.csv", "file,prompt,output,reference\nfilm.mp4,rain,one.wav,../rain.wav\nfilm.mp4,rain,two.wav,none.wav\n");
        var outcome = await Programs.RewasAsync("batch", folder.File("bad.csv"), "-o", folder.File("out"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("line 2: reference: must be relative", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 3: reference: 'none.wav' does not exist", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_studio_places_uploaded_recordings()
    {
        await RecordAsync("rain.wav", seconds: 3, seed: 1);
        using var served = await ServiceProcess.ServeAsync(Programs.FreePort());
        using var client = RewasClient.Connect(new Uri(served.Address));
        var (video, recording) = (await UploadAsync(client, Programs.Sample), await UploadAsync(client, folder.File("rain.wav")));
        var request = new StartRenderRequest
        {
            IdempotencyKey = "r",
            VideoId = video,
            Options = new() { Prompt = "rain", Candidates = 2 },
            References = new() { Recordings = { new ReferenceSound { Name = "rain.wav", UploadId = recording } } },
        };
        var render = await client.Studio.StartRenderAsync(request);
        var heard = 0;
        using (var watch = client.Studio.WatchRender(new() { RenderId = render.RenderId }))
            await foreach (var happened in watch.ResponseStream.ReadAllAsync())
                heard += (int)(happened.Wave?.Samples.Shape[0] ?? 0);
        Assert.Equal(6 * 16_000, heard);                                     // a preview

        await using (var file = File.Create(folder.File("out.wav")))
        await using (var sidecar = File.Create(folder.File("out.wav.json")))
        {
            using var export = client.Studio.Export(new() { RenderId = render.RenderId, Format = "wav", Rank = 1 });
            await foreach (var part in export.ResponseStream.ReadAllAsync())
            {
                await file.WriteAsync(part.Chunk.Memory, TestContext.Current.CancellationToken);
                await sidecar.WriteAsync(part.Sidecar.Memory, TestContext.Current.CancellationToken);
            }
        }
        var (rate, channels, bits, samples) = Read(folder.File("out.wav"));
        Assert.Equal((SampleRate, 2, 24, 2 * 6 * SampleRate), (rate, channels, bits, samples.Length));
        Assert.Contains("; the same samples as before", (await OkAsync("render", folder.File("out.wav.json"), "-o",
            folder.File("again.wav"), "--video", Programs.Sample)).Output, StringComparison.Ordinal);

        // What callers may not name is refused at once, or tells why the render failed.
        (request.IdempotencyKey, request.References.Recordings[0].UploadId) = ("s", "nothing");
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(
            async () => await client.Studio.StartRenderAsync(request))).StatusCode);
        (request.IdempotencyKey, request.References.Recordings[0].Path) = ("t", "/etc/passwd");
        render = await client.Studio.StartRenderAsync(request);
        using var failing = client.Studio.WatchRender(new() { RenderId = render.RenderId });
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var _ in failing.ResponseStream.ReadAllAsync())
                continue;
        });
        Assert.Contains("reference: a path cannot be given here", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_conversation_recordings_are_used_and_a_piece_is_not_wanted()
    {
        await RecordAsync("rain.wav", seconds: 2, seed: 1);
        await RecordAsync("wind.wav", seconds: 2, seed: 2);
        var outcome = await Programs.RunAsync(
            "bash",
            ["-c", """printf '%s\n' 'use these hammer blows' 'make it anyway' 'not the one at 2.4 s' 'not that one' | dotnet "$@" """,
                "chat", Programs.Dll("rewas"), "chat", Programs.Sample,
                "--reference", folder.File("rain.wav"), folder.File("wind.wav"), "-o", folder.Path]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("I place your recordings: rain.wav, wind.wav.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("is not used there again.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Which one? Say when it sounds", outcome.Output, StringComparison.Ordinal);
        string[] made = [.. Directory.EnumerateFiles(folder.Path, "hammer-sound-*.json").Order(StringComparer.Ordinal)];
        Assert.InRange(made.Length, 2, 3);                                   // the prompt may need to be insisted on
        var (before, after) = (Pieces(Path.GetFileNameWithoutExtension(made[^2]), 0), Pieces(Path.GetFileNameWithoutExtension(made[^1]), 0));
        Assert.NotEqual(before.Select(piece => piece.Id), after.Select(piece => piece.Id));
    }

    public void Dispose() => folder.Dispose();

    static async Task<string> UploadAsync(RewasClient client, string path)
    {
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var created = await client.Studio.CreateVideoAsync(
            new() { IdempotencyKey = Guid.NewGuid().ToString("n"), FileName = Path.GetFileName(path), Bytes = bytes.Length });
        using var upload = client.Studio.UploadVideo();
        await upload.RequestStream.WriteAsync(new() { Start = new() { VideoId = created.VideoId } });
        foreach (var part in bytes.Chunk(1 << 20))
            await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(part) });
        await upload.RequestStream.CompleteAsync();
        await upload;
        return created.VideoId;
    }

    /// <summary>Noise in 24 bits, stereo.</summary>
    async Task<int[]> RecordAsync(string name, int seconds, int seed)
    {
        var random = new Random(seed);
        int[] samples = [.. Enumerable.Range(0, 2 * seconds * SampleRate).Select(_ => random.Next(-400_000, 400_000))];
        await using var file = File.Create(folder.File(name));
        await using var writer = new BinaryWriter(file);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length * 3);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)2);
        writer.Write(SampleRate);
        writer.Write(SampleRate * 6);
        writer.Write((short)6);
        writer.Write((short)24);
        writer.Write("data"u8);
        writer.Write(samples.Length * 3);
        foreach (var sample in samples)
        {
            writer.Write((ushort)sample);
            writer.Write((byte)(sample >> 16));
        }
        return samples;
    }

    /// <summary>Mean energy of a recording, nepers.</summary>
    static double LevelOf(int[] samples)
    {
        float[] mono = [.. samples.Chunk(2).Select(pair => (pair[0] + pair[1]) / 2f / (1 << 23))];
        return Energy.OfLogMel(MelSpectrogram.LogMel(new Waveform(mono, SampleRate).At(16_000).Samples)).Average();
    }

    Task CurveAsync(string name, double level, int seconds) => WriteAsync(
        name,
        string.Concat(Enumerable.Range(-1, 100 * seconds + 1).Select(i => i < 0
            ? "time_s,energy\n" : FormattableString.Invariant($"{i / 100.0:0.00},{level}\n"))));

    Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(folder.File(name), text, TestContext.Current.CancellationToken);

    JsonDocument Sidecar(string name) => JsonDocument.Parse(File.ReadAllText(folder.File(name) + ".json"));

    List<Piece> Pieces(string name, int candidate)
    {
        using var sidecar = Sidecar(name);
        return [.. sidecar.RootElement.GetProperty("references").GetProperty("candidates")[candidate].GetProperty("pieces").EnumerateArray()
            .Select(Piece.Of)];
    }

    /// <summary>A WAV file of whole numbers.</summary>
    static (int Rate, int Channels, int Bits, int[] Samples) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var format = bytes.AsSpan().IndexOf("fmt "u8);
        var data = bytes.AsSpan().IndexOf("data"u8);
        var count = BitConverter.ToInt32(bytes, data + 4) / 3;
        var (rate, channels, bits) = (
            BitConverter.ToInt32(bytes, format + 12), BitConverter.ToInt16(bytes, format + 10), BitConverter.ToInt16(bytes, format + 22));
        return (rate, channels, bits, [.. Enumerable.Range(0, count).Select(i => data + 8 + 3 * i)
            .Select(at => bytes[at] | bytes[at + 1] << 8 | (sbyte)bytes[at + 2] << 16)]);
    }

    static Task<Outcome> OkAsync(params string[] arguments) => OkAsync([], arguments);

    static async Task<Outcome> OkAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var outcome = await Programs.RunAsync("dotnet", [Programs.Dll("rewas"), .. arguments], environment: environment);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }

    static async Task ThrowsAsync(string message, params string[] arguments)
    {
        var outcome = await Programs.RewasAsync(arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.ErrorLines[^1], StringComparison.Ordinal);
    }

    sealed record Piece(string Id, double At, double Seconds, long SourceStart, long Samples, long FadeIn, long FadeOut, double[] Gain)
    {
        public static Piece Of(JsonElement piece) => new(
            piece.GetProperty("id").GetString()!,
            piece.GetProperty("atSeconds").GetDouble(),
            piece.GetProperty("seconds").GetDouble(),
            piece.GetProperty("sourceStart").GetInt64(),
            piece.GetProperty("sourceSamples").GetInt64(),
            (long)(piece.GetProperty("fadeInSeconds").GetDouble() * SampleRate),
            (long)(piece.GetProperty("fadeOutSeconds").GetDouble() * SampleRate),
            [.. piece.GetProperty("gainCurve").EnumerateArray().Select(number => number.GetDouble())]);

        public bool Covers(double seconds) => seconds >= At - 1e-3 && seconds < At + Seconds + 1e-3;

        /// <summary>The gain where it is constant; otherwise 0.</summary>
        public double GainAt(double seconds)
        {
            for (var i = 0; i + 3 < Gain.Length; i += 2)
                if (seconds >= Gain[i] && seconds < Gain[i + 2])
                    return Gain[i + 1] == Gain[i + 3] ? Gain[i + 1] : 0;
            return 0;
        }
    }
}
