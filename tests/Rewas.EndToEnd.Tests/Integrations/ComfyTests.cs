using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>The ComfyUI node against a running server, with stubs of ComfyUI's interface and the real torch.</summary>
[Collection(nameof(IntegrationServer))]
public sealed class ComfyTests(IntegrationServer server)
{
    /// <summary>Debian's own Python, which sees Debian's packages.</summary>
    const string Python = "/usr/bin/python3";

    static readonly string Folder = Path.Combine(Programs.RepositoryRoot, "integrations", "comfyui");

    [Fact]
    public async Task A_video_gets_a_sound_of_its_length_and_the_curve_goes_out_and_in()
    {
        const int Changed = 300;
        var steps = (await RunAsync(
            Step(new { prompt = "a hammer striking wood", negative_prompt = "speech", seed = 7, candidates = 2 }),
            Step(new { prompt = "a hammer striking wood", seed = 7, candidates = 1 }, curveOf: Changed),
            Step(new { prompt = "a hammer", seed = 7, candidates = 1 }, reference: "batch"))).GetProperty("steps");

        Assert.Equal([1, 1, 288_000], Shape(steps[0], "audio"));
        Assert.Equal([2, 1, 288_000], Shape(steps[0], "candidates"));
        Assert.Equal(("torch.float32", 48_000), (
            steps[0].GetProperty("audio").GetProperty("type").GetString(), steps[0].GetProperty("audio").GetProperty("rate").GetInt32()));
        Assert.Equal(600, steps[0].GetProperty("values").GetInt32());
        var progress = steps[0].GetProperty("progress").EnumerateArray().Select(value => value.GetInt32()).ToList();
        Assert.Equal(100, progress.Max());

        // The curve that came out goes in again, silent from the middle on.
        var halves = steps[1].GetProperty("audio").GetProperty("levels")[0];
        Assert.True(halves[1].GetDouble() < 0.3 * halves[0].GetDouble(), halves.GetRawText());

        // Both candidates are placed as recordings.
        Assert.Equal([1, 1, 288_000], Shape(steps[2], "audio"));
        Assert.True(steps[2].GetProperty("audio").GetProperty("levels")[0][0].GetDouble() > 0);
    }

    [Fact]
    public async Task An_upload_that_is_cut_goes_on_where_it_stopped()
    {
        await using var proxy = new CuttingProxy(server.Address);
        var step = Step(new { prompt = "rain", seed = 7, candidates = 1 }, proxy.Address);
        step["key"] = server.Key;
        var steps = (await RunAsync(step)).GetProperty("steps");
        Assert.Equal((1, 600), (proxy.Cuts, steps[0].GetProperty("values").GetInt32()));
    }

    [Fact]
    public async Task A_sound_that_is_being_made_survives_a_restart_of_the_server()
    {
        await using var proxy = new RestartingProxy(server.Address);
        var step = Step(new { prompt = "rain", seed = 7, candidates = 1 }, proxy.Address);
        step["key"] = server.Key;
        var steps = (await RunAsync(step)).GetProperty("steps");
        Assert.True(proxy.HasRestarted);
        Assert.Equal([1, 1, 288_000], Shape(steps[0], "audio"));
    }

    [Fact]
    public async Task A_server_that_goes_away_for_good_is_told_in_one_line()
    {
        await using var proxy = new RestartingProxy(server.Address, comesBack: false);
        var step = Step(new { prompt = "rain", seed = 7, candidates = 1 }, proxy.Address);
        (step["key"], step["patience"]) = (server.Key, 1);
        var steps = (await RunAsync(step)).GetProperty("steps");
        Assert.Contains(
            $"server: nothing answers at {proxy.Address}; is `rewas serve` running?", steps[0].GetProperty("failure").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_stops_the_sound_at_the_server()
    {
        await using var strange = new StrangeServer();
        var steps = (await RunAsync(Step(new { prompt = "rain" }, strange.Address, interruptAt: 62))).GetProperty("steps");
        Assert.True(steps[0].GetProperty("interrupted").GetBoolean());
        Assert.Contains("POST /v1/sounds/sound-1/cancel", strange.Requests);
    }

    [Fact]
    public async Task A_hostile_answer_is_one_line()
    {
        await using var servers = new HostileServers();
        var steps = (await RunAsync([.. servers.Each.Select(each => Step(new { prompt = "rain" }, each.Address))])).GetProperty("steps");
        servers.CheckLines([.. steps.EnumerateArray().Select(step => step.GetProperty("failure").GetString()!)]);
    }

    [Fact]
    public async Task Says_what_is_wrong_in_one_line()
    {
        var steps = (await RunAsync(
            Step(new { prompt = "  " }),
            Step(new { prompt = "rain", curve = "[1, 2, \"x\"]" }),
            Step(new { prompt = "rain" }, "file:///etc/passwd"),
            Step(new { prompt = "rain" }, "http://studio.example:5180"),
            Step(new { prompt = "rain" }, "http://127.0.0.1:9"),
            Step(new { prompt = new string('x', 2001) }))).GetProperty("steps");
        string[] wanted =
        [
            "prompt: must have 1 to 2000 characters, but is empty", "curve: must be a JSON list of numbers",
            "server: must be http://HOST:PORT or https://HOST:PORT, but is 'file:///etc/passwd'",
            "server: must be https:// when a key is sent to another machine",
            "server: nothing answers at http://127.0.0.1:9; is `rewas serve` running?",
            "prompt: must have 1 to 2000 characters, but has 2001",
        ];
        Assert.All(steps.EnumerateArray().Zip(wanted), pair =>
            Assert.Contains(pair.Second, pair.First.GetProperty("failure").GetString()!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_example_workflow_fits_the_node()
    {
        var outcome = await RunAsync();
        var inputs = outcome.GetProperty("inputs").EnumerateArray().ToList();
        var outputs = outcome.GetProperty("outputs").EnumerateArray().ToList();
        var text = await File.ReadAllTextAsync(
            Path.Combine(Folder, "example_workflows", "rewas_sound.json"), TestContext.Current.CancellationToken);
        var workflow = JsonNode.Parse(text)!;
        var nodes = workflow["nodes"]!.AsArray().ToDictionary(node => (int)node!["id"]!, node => node!);
        var rewas = nodes.Values.Single(node => (string?)node["type"] == "RewasSound");
        Assert.Equal(
            outputs.Select(output => (output.GetProperty("name").GetString(), output.GetProperty("type").GetString())),
            rewas["outputs"]!.AsArray().Select(output => ((string?)output!["name"], (string?)output["type"])));
        var known = inputs.ToDictionary(input => input.GetProperty("name").GetString()!, input => input.GetProperty("type").GetString());
        Assert.All(rewas["inputs"]!.AsArray(), input => Assert.Equal(known[(string)input!["name"]!], (string?)input["type"]));
        // One value for each widget, and one more for what happens to the seed after a run.
        Assert.Equal(inputs.Count(input => input.GetProperty("widget").GetBoolean()) + 1, rewas["widgets_values"]!.AsArray().Count);
        Assert.All(workflow["links"]!.AsArray(), link =>
        {
            var (from, to) = (nodes[(int)link![1]!], nodes[(int)link[3]!]);
            var (output, input) = (from["outputs"]![(int)link[2]!]!, to["inputs"]![(int)link[4]!]!);
            Assert.Equal(((string?)link[5], (string?)link[5]), ((string?)output["type"], (string?)input["type"]));
            Assert.Contains((int)link[0]!, output["links"]!.AsArray().Select(id => (int)id!));
            Assert.Equal((int)link[0]!, (int)input["link"]!);
        });
    }

    [Theory]
    [InlineData("rewas_client.py")]
    [InlineData("rewas_http.py")]
    public void The_client_is_the_same_in_both_hosts(string file) => Assert.Equal(
        File.ReadAllText(Path.Combine(Folder, file)),
        File.ReadAllText(Path.Combine(Programs.RepositoryRoot, "integrations", "blender", "rewas_sound", file)));

    static int[] Shape(JsonElement step, string output) =>
        [.. step.GetProperty(output).GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];

    JsonObject Step(object inputs, string? address = null, string? reference = null, int? curveOf = null, int? interruptAt = null)
    {
        var step = new JsonObject
        {
            ["server"] = address ?? server.Address,
            ["key"] = address is null || !address.Contains("127.0.0.1", StringComparison.Ordinal) ? server.Key : "",
            ["inputs"] = JsonSerializer.SerializeToNode(inputs),
        };
        if (reference is not null)
            step["reference"] = reference;
        if (curveOf is not null)
            step["curve_of"] = curveOf;
        if (interruptAt is not null)
            step["interrupt_at"] = interruptAt;
        return step;
    }

    static async Task<JsonElement> RunAsync(params JsonObject[] plan)
    {
        Assert.SkipUnless(
            File.Exists(Python) && (await Programs.RunAsync(Python, ["-c", "import torch"])).ExitCode == 0,
            "torch for Python is needed (Debian's package python3-torch)");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.File("plan.json"), JsonSerializer.Serialize(plan), TestContext.Current.CancellationToken);
        var drive = Path.Combine(Programs.RepositoryRoot, "tests", "Rewas.EndToEnd.Tests", "Integrations", "Comfy", "drive.py");
        var outcome = await Programs.RunAsync(
            Python, [drive, Folder, Programs.Sample, folder.File("plan.json"), folder.File("outcome.json")]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        return JsonDocument.Parse(
            await File.ReadAllTextAsync(folder.File("outcome.json"), TestContext.Current.CancellationToken)).RootElement;
    }
}
