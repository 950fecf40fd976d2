namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>A server for each hostile answer, at the first route and at one in the middle of the work.</summary>
sealed class HostileServers : IAsyncDisposable
{
    static readonly string[] Routes = ["/v1/health", "/v1/sounds"];

    readonly List<(HostileAnswer Answer, string From, StrangeServer Server)> servers =
        [.. HostileAnswer.All.SelectMany(answer => Routes.Select(from => (answer, from, new StrangeServer(answer, from))))];

    public IEnumerable<StrangeServer> Each => servers.Select(one => one.Server);

    /// <summary>Each server's failure must be its line, and one line.</summary>
    public void CheckLines(IReadOnlyList<string> failures)
    {
        Assert.Equal(servers.Count, failures.Count);
        Assert.All(servers.Zip(failures), pair =>
        {
            var ((answer, from, _), line) = pair;
            Assert.True(line.Contains(answer.Line, StringComparison.Ordinal), $"{answer.Name} from {from} on: {line}");
            Assert.DoesNotMatch("\n|internal error|Traceback \\(", line);
            Assert.InRange(line.Length, 1, 500);
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, server) in servers)
            await server.DisposeAsync();
    }
}
