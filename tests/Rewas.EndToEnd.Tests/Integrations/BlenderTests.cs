using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>The Blender add-on in Blender without a window, against a running server.</summary>
[Collection(nameof(IntegrationServer))]
public sealed class BlenderTests(IntegrationServer server)
{
    [Fact]
    public async Task A_movie_strip_gets_sound_strips_above_it_the_first_heard_and_the_others_muted()
    {
        using var folder = new TemporaryFolder();
        var steps = await RunAsync(folder,
            Step(folder, new { prompt = "a hammer striking wood", candidates = 2, seed = 7 }, above: true),
            Step(folder, new { prompt = "a hammer striking wood", negative = "speech", candidates = 1, seed = 7 }, cut: [30, 60]));

        // 180 frames of the film, 3 of channel taken: sounds on 4 and 5.
        var whole = steps[0];
        Assert.Equal(["FINISHED"], whole.GetProperty("ended").EnumerateArray().Select(word => word.GetString()));
        Assert.True(whole.GetProperty("poll").GetBoolean());
        var sounds = whole.GetProperty("sounds").EnumerateArray().ToList();
        Assert.Equal([(4, 10, 180, false), (5, 10, 180, true)], sounds.Select(Place));
        Assert.All(sounds, sound => Assert.StartsWith(folder.Path, sound.GetProperty("path").GetString()!, StringComparison.Ordinal));
        Assert.All(sounds, sound => Assert.Equal(6, SecondsOf(sound.GetProperty("path").GetString()!), 3));

        // The strip shows 90 of 180 frames.
        var part = Assert.Single(steps[1].GetProperty("sounds").EnumerateArray());
        Assert.Equal((3, 40, 90, false), Place(part));
        Assert.Equal(3, SecondsOf(part.GetProperty("path").GetString()!), 3);
        Assert.DoesNotContain(folder.Entries, entry => entry.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sound_that_is_being_made_survives_a_restart_of_the_server()
    {
        await using var proxy = new RestartingProxy(server.Address);
        using var folder = new TemporaryFolder();
        var step = Step(folder, new { prompt = "rain", candidates = 1, seed = 7 }, proxy.Address);
        step["key"] = server.Key;
        var steps = await RunAsync(folder, step);
        Assert.True(proxy.HasRestarted);
        Assert.Single(steps[0].GetProperty("sounds").EnumerateArray());
    }

    [Fact]
    public async Task Cancel_stops_the_sound_at_the_server()
    {
        await using var strange = new StrangeServer();
        using var folder = new TemporaryFolder();
        var step = Step(folder, new { prompt = "rain", candidates = 1, seed = 0 }, strange.Address);
        step["cancel"] = true;
        var steps = await RunAsync(folder, step);
        Assert.True(steps[0].GetProperty("cancelled").GetBoolean());
        Assert.Contains("POST /v1/sounds/sound-1/cancel", strange.Requests);
    }

    [Fact]
    public async Task In_a_window_the_user_goes_on_while_the_sound_is_made()
    {
        Assert.SkipUnless(
            (await Programs.RunAsync("sh", ["-c", "command -v xvfb-run"])).ExitCode == 0, "xvfb is not installed (Debian's package xvfb)");
        await using var strange = new StrangeServer();
        using var folder = new TemporaryFolder();
        var cancelled = Step(folder, new { prompt = "rain", candidates = 1, seed = 0 }, strange.Address);
        cancelled["cancel"] = true;
        var steps = await RunAsync(
            folder, inWindow: true, Step(folder, new { prompt = "a hammer striking wood", candidates = 2, seed = 7 }), cancelled);
        Assert.All(steps.EnumerateArray(), step =>
        {
            Assert.Equal(["RUNNING_MODAL"], step.GetProperty("answer").EnumerateArray().Select(word => word.GetString()));
            Assert.True(step.GetProperty("turns").GetInt32() > 0, "the window stood still");
            Assert.Contains("making sound", step.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
        });
        Assert.Equal(
            [(3, false), (4, true)],
            steps[0].GetProperty("sounds").EnumerateArray()
                .Select(sound => (sound.GetProperty("channel").GetInt32(), sound.GetProperty("muted").GetBoolean())).Order());
        Assert.Empty(steps[1].GetProperty("sounds").EnumerateArray());
        Assert.Contains("POST /v1/sounds/sound-1/cancel", strange.Requests);
    }

    [Fact]
    public async Task A_hostile_answer_is_one_line()
    {
        await using var servers = new HostileServers();
        using var folder = new TemporaryFolder();
        var steps = await RunAsync(folder, [.. servers.Each.Select(each => Step(folder, new { prompt = "rain" }, each.Address))]);
        servers.CheckLines([.. steps.EnumerateArray().Select(LineOf)]);
        Assert.All(steps.EnumerateArray(), step => Assert.Equal(1, step.GetProperty("strips").GetInt32()));
    }

    [Fact]
    public async Task Says_what_is_wrong_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var order = new { prompt = "rain" };
        var without = Step(folder, order);
        without["strip"] = false;
        var slow = Step(folder, order);
        slow["fps"] = 24;
        var steps = await RunAsync(
            folder, Step(folder, new { prompt = " " }), without, slow, Step(folder, order, "file:///etc/passwd"),
            Step(folder, order, "http://studio.example:5180"), Step(folder, order, "http://127.0.0.1:9"),
            Step(folder, order, cut: [90, 89]));
        string[] wanted =
        [
            "prompt: must have 1 to 2000 characters, but is empty", "select a movie strip",
            "strip 'film': must play at its own speed, but its 6.00 s take 7.50 s",
            "server: must be http://HOST:PORT or https://HOST:PORT, but is 'file:///etc/passwd'",
            "server: must be https:// when a key is sent to another machine",
            "server: nothing answers at http://127.0.0.1:9; is `rewas serve` running?", "strip 'film': must be 0.1 s or longer",
        ];
        Assert.All(steps.EnumerateArray().Zip(wanted), pair => Assert.Contains(pair.Second, LineOf(pair.First), StringComparison.Ordinal));
    }

    static (int Channel, int Start, int Frames, bool Muted) Place(JsonElement sound) => (
        sound.GetProperty("channel").GetInt32(), sound.GetProperty("start").GetInt32(), sound.GetProperty("frames").GetInt32(),
        sound.GetProperty("muted").GetBoolean());

    /// <summary>Blender sets this before the text of a report.</summary>
    static string LineOf(JsonElement step)
    {
        var line = step.GetProperty("failure").GetString()!;
        Assert.StartsWith("Error: ", line, StringComparison.Ordinal);
        return line["Error: ".Length..];
    }

    static double SecondsOf(string wave) =>
        ClipFolder.Run("-i", "file:" + wave, "-ac", "1", "-ar", "48000", "-f", "s16le", "-").Length / 96_000.0;

    JsonObject Step(TemporaryFolder folder, object order, string? address = null, int[]? cut = null, bool above = false)
    {
        var step = new JsonObject
        {
            ["server"] = address ?? server.Address,
            ["key"] = address is null || !address.Contains("127.0.0.1", StringComparison.Ordinal) ? server.Key : "",
            ["folder"] = folder.File("sounds"),
            ["order"] = JsonSerializer.SerializeToNode(order),
            ["above"] = above,
        };
        if (cut is not null)
            step["cut"] = JsonSerializer.SerializeToNode(cut);
        return step;
    }

    static Task<JsonElement> RunAsync(TemporaryFolder folder, params JsonObject[] plan) => RunAsync(folder, inWindow: false, plan);

    static async Task<JsonElement> RunAsync(TemporaryFolder folder, bool inWindow, params JsonObject[] plan)
    {
        Assert.SkipUnless(
            (await Programs.RunAsync("sh", ["-c", "command -v blender"])).ExitCode == 0,
            "blender is not installed (Debian's package blender)");
        var addOn = folder.File("scripts/addons/rewas_sound");
        Directory.CreateDirectory(addOn);
        var source = Path.Combine(Programs.RepositoryRoot, "integrations", "blender", "rewas_sound");
        foreach (var file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(addOn, Path.GetFileName(file)));
        await File.WriteAllTextAsync(
            folder.File("plan.json"), JsonSerializer.Serialize(plan), TestContext.Current.CancellationToken);
        var drives = Path.Combine(Programs.RepositoryRoot, "tests", "Rewas.EndToEnd.Tests", "Integrations", "Blender");
        string[] usual = ["--factory-startup", "-noaudio", "--python-exit-code", "1", "--python"];
        string[] files = ["--", Programs.Sample, folder.File("plan.json"), folder.File("outcome.json")];
        var outcome = await Programs.RunAsync(
            inWindow ? "xvfb-run" : "blender",
            inWindow
                ? ["-a", "-s", "-screen 0 1280x800x24", "blender", .. usual, Path.Combine(drives, "drive_window.py"), .. files]
                : ["-b", .. usual, Path.Combine(drives, "drive.py"), .. files],
            environment: new Dictionary<string, string>
            {
                ["BLENDER_USER_SCRIPTS"] = folder.File("scripts"),
                ["BLENDER_USER_CONFIG"] = folder.File("config"),
                ["REWAS_API_KEY"] = "",
                ["LIBGL_ALWAYS_SOFTWARE"] = "1",
            });
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        Assert.DoesNotContain("Traceback", outcome.Output + outcome.Error, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(folder.File("outcome.json"), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement.GetProperty("steps");
    }
}
