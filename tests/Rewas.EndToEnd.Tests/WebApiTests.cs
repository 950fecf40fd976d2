using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rewas.EndToEnd.Tests;

/// <summary>The web API of a served process, driven by programs that others would use.</summary>
public sealed partial class WebApiTests
{
    [Fact]
    public async Task The_lines_of_the_document_run_as_written()
    {
        using var folder = new TemporaryFolder();
        var web = $"http://127.0.0.1:{Programs.FreePort()}";
        using var served = await ServiceProcess.ServeAsync(Programs.FreePort(), "--web", web);
        var page = await File.ReadAllTextAsync(
            Path.Combine(Programs.RepositoryRoot, "docs", "web-api.md"), TestContext.Current.CancellationToken);
        var lines = ShellBlocks().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Where(line => line.Length > 0 && !line.StartsWith("./rewas serve", StringComparison.Ordinal))
            .Select(line => line.Replace("api=http://127.0.0.1:5180", $"api={web}", StringComparison.Ordinal)
                .Replace("-o wood.", $"-o {folder.File("wood.")}", StringComparison.Ordinal));
        var outcome = await Programs.RunAsync("bash", ["-c", "set -eu -o pipefail\n" + string.Join('\n', lines)]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("/content", outcome.Output.Trim().Split('\n')[^1], StringComparison.Ordinal);

        // The same order on the command line gives the same samples.
        var made = await Programs.RewasAsync(
            "generate", Programs.Sample, "--prompt", "a hammer striking wood", "--seed", "7", "--sample-rate", "48000", "-o",
            folder.File("command.mp4"));
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Equal(Samples(folder.File("command.mp4")), Samples(folder.File("wood.mp4")));

        // So does sound without a picture.
        using var client = new HttpClient { BaseAddress = new Uri(web), Timeout = Wait.Patience };
        var rain = await PostAsync(client, "/v1/sounds", JsonContent.Create(new { seconds = 2, prompt = "rain", seed = 7, steps = 4 }));
        var there = (await EventsAsync(client, $"/v1/sounds/{rain.GetProperty("id")}", null, until: "done"))[^1].Data;
        var alone = await Programs.RewasAsync(
            "generate", "--duration", "2", "--prompt", "rain", "--seed", "7", "--steps", "4", "-o", folder.File("rain.wav"), "--json");
        Assert.True(alone.ExitCode == 0, alone.Error);
        Assert.Equal(
            JsonDocument.Parse(alone.Output).RootElement.GetProperty("sound").GetProperty("sha256").GetString(),
            there.GetProperty("candidates")[0].GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task The_client_in_Python_makes_a_film_with_sound()
    {
        using var folder = new TemporaryFolder();
        var web = $"http://127.0.0.1:{Programs.FreePort()}";
        using var served = await ServiceProcess.ServeAsync(Programs.FreePort(), "--web", web);
        var outcome = await Programs.RunAsync(
            "python3",
            [
                Path.Combine(Programs.RepositoryRoot, "samples", "web", "rewas_web.py"), web, Programs.Sample, "a hammer striking metal",
                folder.File("out.mp4"),
            ]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("The prompt is ", outcome.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Samples(folder.File("out.mp4")));
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_sound_goes_on_with_the_same_samples()
    {
        using var folder = new TemporaryFolder();
        var (port, webPort) = (Programs.FreePort(), Programs.FreePort());
        string[] arguments = ["--web", $"http://127.0.0.1:{webPort}", "--", $"--Store:Folder={folder.File("store")}"];
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}"), Timeout = Wait.Patience };
        string path, last;
        using (var killed = await ServiceProcess.ServeAsync(port, arguments))
        {
            var film = await File.ReadAllBytesAsync(Programs.Sample, TestContext.Current.CancellationToken);
            var file = await PostAsync(client, "/v1/files", new ByteArrayContent(film));
            var order = new { file = file.GetProperty("id").GetString(), prompt = "a hammer striking metal", steps = 200 };
            path = "/v1/sounds/" + (await PostAsync(client, "/v1/sounds", JsonContent.Create(order))).GetProperty("id").GetString();
            last = (await EventsAsync(client, path, null, until: "progress"))[^1].Id;
        }
        using var again = await ServiceProcess.ServeAsync(port, arguments);
        var events = await EventsAsync(client, path, last, until: "done");
        var made = events[^1].Data;
        Assert.Equal("succeeded", made.GetProperty("status").GetString());

        var same = new { file = made.GetProperty("file").GetString(), prompt = "a hammer striking metal", steps = 200 };
        var undisturbed = "/v1/sounds/" + (await PostAsync(client, "/v1/sounds", JsonContent.Create(same))).GetProperty("id").GetString();
        var other = (await EventsAsync(client, undisturbed, null, until: "done"))[^1].Data;
        Assert.Equal(
            other.GetProperty("candidates")[0].GetProperty("sha256").GetString(),
            made.GetProperty("candidates")[0].GetProperty("sha256").GetString());
        Assert.Equal(
            await client.GetByteArrayAsync(undisturbed + "/content?stem=live", TestContext.Current.CancellationToken),
            await client.GetByteArrayAsync(path + "/content?stem=live", TestContext.Current.CancellationToken));
    }

    static async Task<JsonElement> PostAsync(HttpClient client, string path, HttpContent body)
    {
        using var answer = await client.PostAsync(path, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The events of a sound, up to the first of a type.</summary>
    static async Task<List<(string Type, string Id, JsonElement Data)>> EventsAsync(
        HttpClient client, string sound, string? lastId, string until)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, sound + "/events");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        var parser = SseParser.Create(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var events = new List<(string, string, JsonElement)>();
        await foreach (var one in parser.EnumerateAsync(TestContext.Current.CancellationToken))
        {
            events.Add((one.EventType, parser.LastEventId, JsonDocument.Parse(one.Data).RootElement));
            if (one.EventType == until && (until != "progress" || events[^1].Item3.GetProperty("step").GetInt32() > 0))
                break;
        }
        return events;
    }

    static byte[] Samples(string film) => ClipFolder.Run("-i", "file:" + film, "-map", "0:a:0", "-f", "f32le", "-");

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();
}
