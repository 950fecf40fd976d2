using System.Diagnostics;
using Grpc.Core;
using Rewas.Agent.Models;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Agent.Tools;
using Rewas.PromptCheck;
using Rewas.Rendering;

namespace Rewas.Tests.Agent;

public sealed class SidecarTests
{
    [Fact]
    public async Task Rewas_render_makes_the_same_samples_from_the_sidecar_of_a_sound()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        var video = await AgentHost.HammerAsync(folder);
        using var talk = await host.TalkAsync(video);
        await talk.SayAsync("add the sound of heavy rain on a roof");
        await talk.SayAsync("make it anyway");
        var made = Assert.Single((await talk.SayAsync("mute 1 to 2 s")).Files());

        var record = await FetchAsync(host, talk.Session, made.Name + ".json", folder.File("made.json"));
        var sidecar = await Sidecar.ReadAsync(record, CancellationToken.None);
        Assert.Equal(("conflict", true), (sidecar.Conflict!.Verdict, sidecar.Conflict.Overridden));
        Assert.Equal((Path.GetFileName(video), made.Name), (sidecar.Video.File, sidecar.Output));
        Assert.Equal(["mute 1s..2s"], sidecar.EnergyEdits);

        await RenderAsync(record, "--video", video, "--gateway", host.Address, "-o", folder.File("again.mp4"));

        var again = await Sidecar.ReadAsync(folder.File("again.mp4.json"), CancellationToken.None);
        Assert.Equal(sidecar.Sound, again.Sound);
        Assert.Equal(sidecar.Conflict, again.Conflict);
    }

    [Fact]
    public void Sounds_are_ranked_by_score_with_a_bundle_and_by_energy_without_and_the_answer_says_which()
    {
        var session = new Session("name", "", "folder", new()) { Current = new(1, "video", "video", null!) };
        session.Candidates.Add(
            new(1, "sound-1.mp4", "rain", 0, []) { Video = 1, Bytes = 1, Follows = 0.9, Scores = new(0.1, 1, null, 0, 0) });
        session.Candidates.Add(
            new(2, "sound-2.mp4", "rain", 1, []) { Video = 1, Bytes = 1, Follows = 0.8, Scores = new(0.6, 1, null, 0, 0) });
        using var model = new LanguageModel(Microsoft.Extensions.Options.Options.Create(new AgentOptions()));
        var parts = new AgentParts(null!, ConflictStatistics.Embedded, model, new(), Space: null!, Judge: null, Clip: null);

        string Ranked(AgentParts by) => new SoundTools(session, by, _ => { }).RankCandidates();
        Assert.Matches("\"by\":\"follows\".*\"number\":1.*\"number\":2", Ranked(parts));
        Assert.Matches(
            "\"by\":\"score\".*\"number\":2.*\"similarity\":0.6.*\"number\":1",
            Ranked(parts with { Judge = new(() => throw new InvalidOperationException("they have their scores")) }));
    }

    static async Task<string> FetchAsync(AgentHost host, string session, string file, string path)
    {
        await using var stream = File.Create(path);
        using var fetch = host.Agent.Fetch(new() { Session = session, File = file });
        await foreach (var part in fetch.ResponseStream.ReadAllAsync())
            await stream.WriteAsync(part.Chunk.Memory);
        return path;
    }

    static async Task RenderAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "rewas.dll"), "render", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.Contains("the same samples as before", await output, StringComparison.Ordinal);
    }
}
