using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>Runs the ReaScript with Lua against a REAPER of tables (Reaper/reaper_stub.lua), with the real curl.</summary>
sealed class ReaperRun : IDisposable
{
    public const string Lacking = "lua5.4 and curl are needed (Debian's packages lua5.4 and curl)";

    readonly TemporaryFolder folder = new();

    /// <summary>Answers to the dialog, in its order; null leaves what stands there.</summary>
    public string?[] Inputs { get; init; } = [];

    /// <summary>Items of the project, all selected.</summary>
    public IReadOnlyList<object> Items { get; init; } = [];

    /// <summary>Start and end of the time selection, s; equal for none.</summary>
    public double[] Selection { get; init; } = [0, 0];

    /// <summary>The user cancels when the window shows this; null: never.</summary>
    public string? Cancel { get; init; }

    /// <summary>The user deletes all items when the window shows this; null: never.</summary>
    public string? Delete { get; init; }

    /// <summary>Whether ReaImGui is there.</summary>
    public bool Window { get; init; }

    /// <summary>The energy that is drawn before a second run; null for one run.</summary>
    public object? Again { get; init; }

    public string Resources => folder.File("resources");

    public string Project => folder.File("project");

    /// <summary>The sample as a video item.</summary>
    public static object Film(double position = 0, double length = 6, double offset = 0, double rate = 1) =>
        new { path = Programs.Sample, kind = "VIDEO", position, length, offset, rate, source_length = 6.0 };

    public static async Task SkipUnlessThereAsync()
    {
        foreach (var program in new[] { "lua5.4", "curl" })
            Assert.SkipUnless((await Programs.RunAsync("sh", ["-c", $"command -v {program}"])).ExitCode == 0, Lacking);
    }

    public async Task<JsonElement> RunAsync()
    {
        Directory.CreateDirectory(Resources);
        Directory.CreateDirectory(Project);
        var plan = new JsonObject
        {
            ["resources"] = Resources,
            ["project"] = Project,
            ["items"] = JsonSerializer.SerializeToNode(Items),
            ["selection"] = JsonSerializer.SerializeToNode(Selection),
            // The stub reads a missing answer as what stands in the dialog.
            ["inputs"] = new JsonObject([.. Inputs.Index().Where(input => input.Item is not null)
                .Select(input => KeyValuePair.Create($"{input.Index + 1}", (JsonNode?)input.Item))]),
            ["window"] = Window,
        };
        if (Cancel is not null)
            plan["cancel"] = Cancel;
        if (Delete is not null)
            plan["delete"] = Delete;
        if (Again is not null)
            plan["again"] = JsonSerializer.SerializeToNode(Again);
        await File.WriteAllTextAsync(folder.File("plan.json"), plan.ToJsonString(), TestContext.Current.CancellationToken);
        var outcome = await Programs.RunAsync(
            "lua5.4",
            [
                Path.Combine(Programs.RepositoryRoot, "tests", "Rewas.EndToEnd.Tests", "Integrations", "Reaper", "drive.lua"),
                Path.Combine(Programs.RepositoryRoot, "integrations", "reaper", "rewas.lua"), folder.File("plan.json"),
                folder.File("outcome.json"),
            ]);
        Assert.True(outcome is { ExitCode: 0, Error: "" }, outcome.Output + outcome.Error);
        var text = await File.ReadAllTextAsync(folder.File("outcome.json"), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>What the user was told.</summary>
    public static string?[] MessagesOf(JsonElement outcome) =>
        [.. outcome.GetProperty("messages").EnumerateArray().Select(message => message.GetString())];

    public void Dispose() => folder.Dispose();
}
