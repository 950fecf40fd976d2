using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Agent.Tools;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.SoundStudio;

namespace Rewas.EndToEnd.Tests;

/// <summary>What a user sets for `rewas serve` counts, or is refused.</summary>
public class ServeSettingsTests
{
    [Theory]
    [InlineData("Rewas:DrainTimeout: there is no such setting; there are Listen, ", "--Rewas:DrainTimeout=abc")]
    [InlineData("Rewas:GracePeriod: must be a time such as 00:00:30, but is 'abc'", "--Rewas:GracePeriod=abc")]
    [InlineData("Jobs:MaxRunningJobs: must be a whole number, but is 'many'", "--Jobs:MaxRunningJobs=many")]
    [InlineData("Callers:KeyFile: there is no such setting; there are KeysFile, ", "--Callers:KeyFile=/etc/keys")]
    [InlineData("VideoEncodr:MaxVideoDuration: there is no such setting; there are sections ", "--VideoEncodr:MaxVideoDuration=01:00:00")]
    public async Task A_setting_that_means_nothing_is_one_line(string message, string setting)
    {
        var outcome = await Programs.RewasAsync("serve", "--listen", $"http://127.0.0.1:{Programs.FreePort()}", "--", setting);
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_calls_the_stages_that_its_settings_name_and_the_studio_its_own()
    {
        using var folder = new TemporaryFolder();
        using var tiny = new TinyBundle();
        await using var app = AllInOne.Build(
            $"http://127.0.0.1:{Programs.FreePort()}", tiny.Bundle, quiet: false,
            "--SoundAgent:Stages=http://127.0.0.1:1",
            $"--SoundAgent:Folder={folder.File("agent")}",
            $"--Jobs:Folder={folder.File("jobs")}");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            4, (await app.Services.GetRequiredService<StudioStages>().Client.DescribeAsync(TestContext.Current.CancellationToken)).Count);
        var failure = await Assert.ThrowsAsync<StageFailure>(
            () => app.Services.GetRequiredService<AgentParts>().Client.DescribeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, failure.Status);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }
}
