using System.Text.Json;

namespace Rewas.EndToEnd.Tests.Hostile;

/// <summary>The command line and `rewas serve` with keys.</summary>
public sealed class KeysCommandTests
{
    [Fact]
    public async Task A_key_is_made_shown_once_listed_used_and_revoked()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("keys.json");
        var made = await Programs.RewasAsync("keys", "create", "editor", "--file", file, "--days", "2");
        Assert.True(made.ExitCode == 0, made.Error);
        var key = made.Output.Trim();
        Assert.Matches("^rewas_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$", key);
        Assert.DoesNotContain(
            key.Split('_', 3)[2], await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var listed = await Programs.RewasAsync("keys", "list", "--file", file, "--json");
        var entry = JsonDocument.Parse(listed.Output).RootElement[0];
        Assert.Equal(("editor", "*"), (entry.GetProperty("caller").GetString(), entry.GetProperty("methods")[0].GetString()));
        Assert.DoesNotContain("sha256", listed.Output, StringComparison.OrdinalIgnoreCase);

        using var server = await ServiceProcess.ServeAsync(Programs.FreePort(), "--", $"--Callers:KeysFile={file}");
        var doctor = await DoctorAsync(server.Address, key);
        Assert.True(doctor.ExitCode == 0, doctor.Output + doctor.Error);
        Assert.Contains("UNAUTHENTICATED", (await DoctorAsync(server.Address, "")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Programs.RewasAsync("keys", "revoke", entry.GetProperty("id").GetString()!, "--file", file)).ExitCode);
        await Wait.UntilAsync(
            async () =>
                (await DoctorAsync(server.Address, key)).Output.Contains("UNAUTHENTICATED: the key is revoked", StringComparison.Ordinal),
                "the server has read of it");
    }

    [Theory]
    [InlineData("caller", "keys", "create", "a b")]
    [InlineData("methods", "keys", "create", "a", "--method", "Studio")]
    [InlineData("days", "keys", "create", "a", "--days", "0")]
    [InlineData("does not exist", "keys", "list")]
    [InlineData("does not exist", "keys", "revoke", "x")]
    public async Task What_is_wrong_with_keys_is_told_in_one_line(string named, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var outcome = await Programs.RewasAsync([.. arguments, "--file", folder.File("keys.json")]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(named, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }

    [Fact]
    public async Task Serving_strangers_needs_an_explicit_setting()
    {
        var outcome = await Programs.RewasAsync("serve", "--listen", $"http://0.0.0.0:{Programs.FreePort()}");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("can be reached from other machines", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    static Task<Outcome> DoctorAsync(string address, string key) =>
        Programs.RunAsync(
            "dotnet",
            [Programs.Dll("rewas"), "doctor", "--gateway", address],
            environment: new Dictionary<string, string> { ["REWAS_API_KEY"] = key });
}
