using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>The ReaScript against a running server.</summary>
[Collection(nameof(IntegrationServer))]
public sealed class ReaperTests(IntegrationServer server)
{
    const string Prompt = "a hammer, \"striking\" $(wood)";

    static string Recording => Path.Combine(Programs.RepositoryRoot, "docs", "reference-sounds", "metal-1.ogg");

    [Fact]
    public async Task A_time_selection_becomes_an_item_with_candidates_as_takes_and_its_energy_as_a_lane()
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun
        {
            Items = [ReaperRun.Film(position: 10)],
            Selection = [11, 13],
            Inputs = [Prompt, "speech", "2", "7", server.Address, server.Key],
        };
        var outcome = await run.RunAsync();
        Assert.Empty(ReaperRun.MessagesOf(outcome));
        Assert.Equal(["Rewas: add sound"], Texts(outcome.GetProperty("undo")));
        Assert.True(outcome.GetProperty("turns").GetInt32() > 20, "the script has waited in one turn");

        var tracks = outcome.GetProperty("tracks").EnumerateArray().ToList();
        Assert.Equal(["", $"Rewas: {Prompt}"], tracks.Select(track => track.GetProperty("name").GetString()));
        var item = Assert.Single(tracks[1].GetProperty("items").EnumerateArray());
        Assert.Equal((11.0, 2.0), (Value(item, "D_POSITION"), Value(item, "D_LENGTH")));
        var takes = item.GetProperty("takes").EnumerateArray().ToList();
        Assert.Equal([true, false], takes.Select(take => take.GetProperty("active").GetBoolean()));
        Assert.StartsWith("candidate 1", takes[0].GetProperty("name").GetString(), StringComparison.Ordinal);
        var sounds = await Task.WhenAll(takes.Select(take => ReadAsync(take.GetProperty("path").GetString()!)));
        Assert.All(sounds, sound => Assert.Equal(2.0, sound.Samples.Length / (double)sound.SampleRate, 3));
        Assert.NotEqual(sounds[0].Samples, sounds[1].Samples);
        Assert.All(takes, take => Assert.StartsWith(run.Project, take.GetProperty("path").GetString()!, StringComparison.Ordinal));

        // The lane has few points, and the lines between them lie on the energy that the server sees.
        var points = Points(tracks[1]);
        Assert.InRange(points.Count, 2, 120);
        var curve = await CurveAsync();
        for (var i = 0; i < 200; i++)
            Assert.Equal(curve[100 + i] * 20 / Math.Log(10), At(points, 11 + (i + 0.5) / 100), 0.35);
        Assert.All(points, point => Assert.InRange(point[0], 11, 13));
    }

    [Fact]
    public async Task No_command_line_holds_a_word_of_the_user_and_nothing_is_left_of_the_requests()
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun { Items = [ReaperRun.Film()], Inputs = [Prompt, "", "1", "7", server.Address, server.Key] };
        var outcome = await run.RunAsync();
        Assert.Empty(ReaperRun.MessagesOf(outcome));
        Assert.Equal(2, outcome.GetProperty("tracks").GetArrayLength());
        var folder = Path.Combine(run.Resources, "Data", "rewas");
        Assert.All(Texts(outcome.GetProperty("commands")), command => Assert.Matches(
            $"^(\"/usr/bin/curl\" --version|/bin/chmod 700 \"{folder}\"|/bin/sh \"{folder}/start.sh\" \"{folder}/[0-9A-F-]+\")$", command));
        Assert.Equal(["start.sh"], FilesIn(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(server.Key, outcome.GetProperty("ext").GetProperty("rewas/key").GetString());
    }

    [Fact]
    public async Task Selected_recordings_are_placed_and_each_piece_is_an_item_of_the_users_own_file()
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun
        {
            Items =
            [
                ReaperRun.Film(position: 3),
                new { path = Recording, kind = "VORBIS", position = 0.0, length = 1.0, offset = 0.0, rate = 1.0, source_length = 1.0 },
            ],
            Inputs = ["a hammer on metal", "", "1", "7", server.Address, server.Key],
            Window = true,
        };
        var outcome = await run.RunAsync();
        Assert.Equal(["done"], ReaperRun.MessagesOf(outcome));
        var tracks = outcome.GetProperty("tracks").EnumerateArray().ToList();
        var made = tracks.Single(track => track.GetProperty("name").GetString() == "Rewas: a hammer on metal");
        var lanes = tracks.Where(track => track.GetProperty("name").GetString()!.StartsWith("Rewas: pieces", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(lanes);
        Assert.All(lanes, lane => Assert.True(lane.GetProperty("muted").GetBoolean(), "the pieces would be heard twice"));
        var pieces = lanes.SelectMany(lane => lane.GetProperty("items").EnumerateArray()).ToList();
        Assert.All(pieces, piece =>
        {
            var take = Assert.Single(piece.GetProperty("takes").EnumerateArray());
            Assert.Equal(Recording, take.GetProperty("path").GetString());
            Assert.InRange(Value(piece, "D_POSITION"), 3, 9);
            Assert.True(Value(piece, "D_VOL") > 0 && Value(piece, "D_LENGTH") > 0 && Value(piece, "D_FADEOUTLEN") > 0);
            Assert.True(Value(take, "D_STARTOFFS") >= 0 && Value(take, "D_PLAYRATE") > 0 && Value(take, "B_PPITCH") == 0);
        });
        foreach (var lane in lanes)
        {
            var items = lane.GetProperty("items").EnumerateArray().OrderBy(item => Value(item, "D_POSITION")).ToList();
            foreach (var (one, next) in items.Zip(items.Skip(1)))
                Assert.True(Value(one, "D_POSITION") + Value(one, "D_LENGTH") <= Value(next, "D_POSITION") + 1e-6, "pieces overlap");
        }

        // The pieces, summed with their gains, fades and offsets, are the sound.
        var sound = await ReadAsync(made.GetProperty("items")[0].GetProperty("takes")[0].GetProperty("path").GetString()!);
        Assert.InRange(Correlation(sound, pieces), 0.999, 1.001);
    }

    [Fact]
    public async Task The_drawn_energy_is_rendered_again_as_further_takes()
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun
        {
            Items = [ReaperRun.Film(position: 10)],
            Selection = [11, 13],
            Inputs = ["rain on a roof", "", "1", "7", server.Address, server.Key],
            Again = new { from = 12.0, decibels = -100.0 },
        };
        var outcome = await run.RunAsync();
        Assert.Empty(ReaperRun.MessagesOf(outcome));
        Assert.Equal(["Rewas: add sound", "Rewas: sound of the drawn energy"], Texts(outcome.GetProperty("undo")));
        Assert.Equal(2, outcome.GetProperty("tracks").GetArrayLength());
        var takes = outcome.GetProperty("tracks")[1].GetProperty("items")[0].GetProperty("takes").EnumerateArray().ToList();
        Assert.Equal([false, true], takes.Select(take => take.GetProperty("active").GetBoolean()));
        var again = await ReadAsync(takes[1].GetProperty("path").GetString()!);
        var half = again.Samples.Length / 2;
        var (heard, silent) = (Level(again.Samples.AsSpan(0, half)), Level(again.Samples.AsSpan(half + half / 5)));
        Assert.True(silent < 0.3 * heard, $"the half that was drawn silent has {silent}, the other one {heard}");
    }

    [Fact]
    public async Task An_upload_that_is_cut_goes_on_where_it_stopped()
    {
        await ReaperRun.SkipUnlessThereAsync();
        await using var proxy = new CuttingProxy(server.Address);
        using var run = new ReaperRun { Items = [ReaperRun.Film()], Inputs = ["rain", "", "1", "7", proxy.Address, server.Key] };
        var outcome = await run.RunAsync();
        Assert.Empty(ReaperRun.MessagesOf(outcome));
        Assert.Equal((1, 2), (proxy.Cuts, outcome.GetProperty("tracks").GetArrayLength()));
    }

    [Fact]
    public async Task A_sound_that_is_being_made_survives_a_restart_of_the_server()
    {
        await ReaperRun.SkipUnlessThereAsync();
        await using var proxy = new RestartingProxy(server.Address);
        using var run = new ReaperRun { Items = [ReaperRun.Film()], Inputs = ["rain", "", "1", "7", proxy.Address, server.Key] };
        var outcome = await run.RunAsync();
        Assert.Empty(ReaperRun.MessagesOf(outcome));
        Assert.True(proxy.HasRestarted);
        Assert.Equal(2, outcome.GetProperty("tracks").GetArrayLength());
    }

    [Fact]
    public async Task A_video_item_that_is_deleted_meanwhile_is_one_line()
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun
        {
            Items = [ReaperRun.Film()],
            Inputs = ["rain", "", "1", "7", server.Address, server.Key],
            Delete = "making sound",
        };
        var outcome = await run.RunAsync();
        Assert.StartsWith(
            $"the item is no longer in this project; the sounds are in {run.Project}/rewas",
            Assert.Single(ReaperRun.MessagesOf(outcome)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_stops_the_sound_at_the_server(bool window)
    {
        await ReaperRun.SkipUnlessThereAsync();
        await using var strange = new StrangeServer();
        using var run = new ReaperRun
        {
            Items = [ReaperRun.Film()],
            Inputs = ["rain", "", "1", "7", strange.Address, ""],
            Cancel = "making sound",
            Window = window,
        };
        var outcome = await run.RunAsync();
        Assert.Equal(window ? ["cancelled"] : [], ReaperRun.MessagesOf(outcome));
        Assert.Equal(1, outcome.GetProperty("tracks").GetArrayLength());
        Assert.Contains("POST /v1/sounds/sound-1/cancel", strange.Requests);
        Assert.Equal(["start.sh"], FilesIn(Path.Combine(run.Resources, "Data", "rewas")));
    }

    [Fact]
    public async Task A_hostile_answer_is_one_line()
    {
        await ReaperRun.SkipUnlessThereAsync();
        await using var servers = new HostileServers();
        var lines = new string[servers.Each.Count()];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(servers.Each.Index(), options, async (each, _) =>
        {
            using var run = new ReaperRun { Items = [ReaperRun.Film()], Inputs = ["rain", "", "1", "7", each.Item.Address, ""] };
            var outcome = await run.RunAsync();
            lines[each.Index] = string.Join('\n', ReaperRun.MessagesOf(outcome));
            Assert.Equal(1, outcome.GetProperty("tracks").GetArrayLength());
            Assert.Equal(["start.sh"], FilesIn(Path.Combine(run.Resources, "Data", "rewas")));
            Assert.False(Directory.Exists(Path.Combine(run.Project, "rewas")), "a sound was written");
        });
        servers.CheckLines(lines);
    }

    [Theory]
    [InlineData("prompt: must have 1 to 2000 characters, but has 0", " ", "1", "http://127.0.0.1:9", "")]
    [InlineData("candidates: must be a whole number from 1 to 8, but is '9'", "rain", "9", "http://127.0.0.1:9", "")]
    [InlineData("server: must be http://HOST:PORT or https://HOST:PORT, but is 'file:///etc'", "rain", "1", "file:///etc", "")]
    [InlineData("server: must be https:// when a key is sent to another machine", "rain", "1", "http://studio.example:5180", "rewas_1_abc")]
    [InlineData("key: must be a key as `rewas keys create` prints it", "rain", "1", "http://127.0.0.1:9", "a\" -o x")]
    [InlineData("server: nothing answers at http://127.0.0.1:9; is `rewas serve` running?", "rain", "1", "http://127.0.0.1:9", "")]
    public async Task Says_what_is_wrong_with_the_form_in_one_line(
        string line, string prompt, string candidates, string address, string key)
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun { Items = [ReaperRun.Film()], Inputs = [prompt, "", candidates, "7", address, key] };
        Assert.Contains(line, Assert.Single(ReaperRun.MessagesOf(await run.RunAsync())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select one video item", 0, 6.0, 1.0, 0.0, 0.0)]
    [InlineData("2 video items are selected", 2, 6.0, 1.0, 0.0, 0.0)]
    [InlineData("the time selection is beside the selected video item", 1, 6.0, 1.0, 7.0, 8.0)]
    [InlineData("the selection must be 0.1 s or longer, but is 0.050 s", 1, 6.0, 1.0, 1.0, 1.05)]
    [InlineData("plays at another speed", 1, 6.0, 2.0, 0.0, 0.0)]
    [InlineData("reaches beyond the film", 1, 9.0, 1.0, 0.0, 0.0)]
    public async Task Says_what_is_wrong_with_the_selection_in_one_line(
        string line, int films, double length, double rate, double from, double to)
    {
        await ReaperRun.SkipUnlessThereAsync();
        using var run = new ReaperRun
        {
            Items = [.. Enumerable.Repeat(ReaperRun.Film(length: length, rate: rate), films)],
            Selection = [from, to],
            Inputs = ["rain", "", "1", "7", server.Address, server.Key],
        };
        Assert.Contains(line, Assert.Single(ReaperRun.MessagesOf(await run.RunAsync())), StringComparison.Ordinal);
    }

    [Fact]
    public void The_index_of_ReaPack_lists_every_file_with_its_hash()
    {
        var folder = Path.Combine(Programs.RepositoryRoot, "integrations", "reaper");
        var index = XDocument.Load(Path.Combine(folder, "index.xml")).Root!;
        Assert.Equal(("index", "1", "Rewas"), (index.Name.LocalName, index.Attribute("version")!.Value, index.Attribute("name")!.Value));
        var package = index.Elements("category").Single().Elements("reapack").Single();
        Assert.Equal(("script", "rewas.lua"), (package.Attribute("type")!.Value, package.Attribute("name")!.Value));
        var version = package.Elements("version").Single();
        var head = File.ReadAllText(Path.Combine(folder, "rewas.lua"));
        Assert.Contains($"-- @version {version.Attribute("name")!.Value}\n", head, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(version.Attribute("time")!.Value, out _));
        var sources = version.Elements("source").ToDictionary(
            source => source.Attribute("file")?.Value ?? "rewas.lua", source => source);
        var files = Directory.EnumerateFiles(folder, "*.lua", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).ToList();
        Assert.Equal(files.Order(StringComparer.Ordinal), sources.Keys.Order(StringComparer.Ordinal));
        Assert.All(sources, source =>
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, source.Key));
            // A multihash: 12 for SHA-256, 20 for its 32 bytes.
            Assert.Equal("1220" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
                source.Value.Attribute("hash")!.Value);
            Assert.EndsWith("/" + source.Key, source.Value.Value, StringComparison.Ordinal);
            Assert.Equal(source.Key == "rewas.lua" ? "main" : null, source.Value.Attribute("main")?.Value);
        });
    }

    static IEnumerable<string?> FilesIn(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName);

    static string?[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString())];

    static double Value(JsonElement thing, string name) => thing.GetProperty("values").GetProperty(name).GetDouble();

    static List<double[]> Points(JsonElement track) =>
        [.. track.GetProperty("points").EnumerateArray().Select(point => new[] { point[0].GetDouble(), point[1].GetDouble() })];

    static double At(List<double[]> points, double time)
    {
        var after = points.FindIndex(point => point[0] >= time - 1e-9);
        if (after <= 0)
            return points[after < 0 ? ^1 : 0][1];
        var (one, two) = (points[after - 1], points[after]);
        return one[1] + (two[1] - one[1]) * (time - one[0]) / (two[0] - one[0]);
    }

    /// <summary>The energy that the server sees in the sample.</summary>
    async Task<float[]> CurveAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var film = await File.ReadAllBytesAsync(Programs.Sample, cancellation);
        using var sent = await server.Client.PostAsync("/v1/files", new ByteArrayContent(film), cancellation);
        var file = (await sent.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetString();
        using var seen = await server.Client.PostAsync($"/v1/files/{file}/analysis", null, cancellation);
        return [.. (await seen.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("curve").EnumerateArray()
            .Select(value => value.GetSingle())];
    }

    static async Task<WavSamples> ReadAsync(string path) => WavSamples.Of(
        ClipFolder.Run("-i", "file:" + path, "-ac", "1", "-f", "f32le", "-"),
        int.Parse((await Programs.RunAsync(
            "ffprobe", ["-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", path])).Output.Trim(),
            System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Correlation of a sound with its pieces, cut from their file and summed as REAPER would.</summary>
    static double Correlation(WavSamples sound, IReadOnlyList<JsonElement> pieces)
    {
        var sum = new float[sound.Samples.Length];
        foreach (var piece in pieces)
        {
            var take = piece.GetProperty("takes")[0];
            var file = "file:" + take.GetProperty("path").GetString();
            var source = WavSamples.Of(
                ClipFolder.Run("-i", file, "-ac", "1", "-ar", $"{sound.SampleRate}", "-f", "f32le", "-"), sound.SampleRate).Samples;
            var line = Points(take);
            var first = (int)Math.Round((Value(piece, "D_POSITION") - 3) * sound.SampleRate);
            var count = (int)(Value(piece, "D_LENGTH") * sound.SampleRate);
            var (fadeIn, fadeOut) = (Value(piece, "D_FADEINLEN") * sound.SampleRate, Value(piece, "D_FADEOUTLEN") * sound.SampleRate);
            for (var i = 0; i < count && first + i < sum.Length; i++)
            {
                var at = Value(take, "D_STARTOFFS") * sound.SampleRate + i * Value(take, "D_PLAYRATE");
                if ((int)at + 1 >= source.Length || first + i < 0)
                    continue;
                var value = source[(int)at] + (at - (int)at) * (source[(int)at + 1] - source[(int)at]);
                // The stub scales volumes of envelopes by 1000, as REAPER does by its own law.
                var volume = Value(piece, "D_VOL") * (line.Count > 0 ? At(line, i / (double)sound.SampleRate) / 1000 : 1);
                var fade = Math.Min(1, Math.Min(fadeIn > 0 ? i / fadeIn : 1, fadeOut > 0 ? (count - i) / fadeOut : 1));
                sum[first + i] += (float)(value * volume * Math.Sin(Math.PI / 2 * fade));
            }
        }
        double both = 0, ours = 0, theirs = 0;
        for (var i = 0; i < sum.Length; i++)
            (both, ours, theirs) = (both + sum[i] * sound.Samples[i], ours + sum[i] * sum[i], theirs + sound.Samples[i] * sound.Samples[i]);
        return both / Math.Sqrt(ours * theirs);
    }

    static double Level(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample * sample;
        return Math.Sqrt(sum / samples.Length);
    }

    /// <summary>One channel of a file.</summary>
    readonly record struct WavSamples(float[] Samples, int SampleRate)
    {
        public static WavSamples Of(byte[] floats, int rate) =>
            new(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(floats).ToArray(), rate);
    }
}
