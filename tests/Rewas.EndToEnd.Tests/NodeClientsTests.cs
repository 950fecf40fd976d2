namespace Rewas.EndToEnd.Tests;

/// <summary>
/// Clients for Node.js: the TypeScript sample, the conformance suite of the Model Context Protocol, and its official client.
/// </summary>
public sealed class NodeClientsTests
{
    const int Lacking = 77;

    [Fact]
    public async Task Clients_for_Node_drive_the_web_API_and_the_tools()
    {
        var outcome = await Programs.RunAsync(
            "bash", [Path.Combine(Programs.RepositoryRoot, "scripts", "try-node-clients.sh")],
            environment: new Dictionary<string, string> { ["REWAS_DLL"] = Programs.Dll("rewas") });
        Assert.SkipWhen(outcome.ExitCode == Lacking, outcome.Output.Trim());
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        Assert.EndsWith("11 passed, 0 failed", outcome.Output.Trim(), StringComparison.Ordinal);
    }
}
