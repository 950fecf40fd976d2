using System.Net.Http.Headers;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>One <c>rewas serve</c> that checks its callers. All tests of integrations drive it.</summary>
public sealed class IntegrationServer : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();

    ServiceProcess? served;

    public string Address { get; } = $"http://127.0.0.1:{Programs.FreePort()}";

    public string Key { get; private set; } = "";

    /// <summary>Calls the server with the same key as the integrations.</summary>
    public HttpClient Client { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        var keys = folder.File("keys.json");
        var made = await Programs.RewasAsync("keys", "create", "editor", "--file", keys);
        Assert.True(made.ExitCode == 0, made.Error);
        Key = made.Output.Trim();
        served = await ServiceProcess.ServeAsync(
            Programs.FreePort(), "--web", Address, "--", $"--Callers:KeysFile={keys}", $"--Store:Folder={folder.File("store")}");
        Client = new() { BaseAddress = new Uri(Address), Timeout = Wait.Patience };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        served?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

[CollectionDefinition(nameof(IntegrationServer))]
public sealed class IntegrationServerCollection : ICollectionFixture<IntegrationServer>;
