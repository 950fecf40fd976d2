using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Hosting.Access;

namespace Rewas.Tests.Hosting;

/// <summary>No host listens to strangers by mistake.</summary>
public sealed class ListenTests
{
    const string Refused = "can be reached from other machines, and whoever does may call";

    [Theory]
    [InlineData("http://0.0.0.0:5100")]
    [InlineData("http://[::]:5100")]
    [InlineData("http://192.0.2.1:5100")]
    [InlineData("http://gateway:5100")]
    [InlineData("https://0.0.0.0:5100")]
    [InlineData("http://127.0.0.1:5100;http://0.0.0.0:5101")]
    public void A_host_that_checks_nobody_does_not_listen_beyond_this_machine(string listen) =>
        Assert.Contains(Refused, Assert.Single(Faults(("Rewas:Listen", listen))), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:5100")]
    [InlineData("http://[::1]:5100")]
    [InlineData("http://localhost:5100")]
    [InlineData("unix:/tmp/x")]
    public void A_host_that_checks_nobody_listens_on_this_machine(string listen) => Assert.Empty(Faults(("Rewas:Listen", listen)));

    [Fact]
    public void Kestrels_own_section_is_checked_too() => Assert.StartsWith(
        "Kestrel:Endpoints:Open:Url: 'http://*:5100' can be reached",
        Assert.Single(Faults(("Kestrel:Endpoints:Open:Url", "http://*:5100"))),
        StringComparison.Ordinal);

    [Fact]
    public void An_explicit_setting_lets_it_listen_to_everybody() =>
        Assert.Empty(Faults(("Rewas:Listen", "http://0.0.0.0:5100"), ("Rewas:ListenWithoutAuthentication", "true")));

    [Fact]
    public void With_a_client_authority_it_listens_to_everybody_over_TLS_only()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("ca.pem"), "");
        Assert.Empty(Faults(("Rewas:Listen", "https://0.0.0.0:5100"), ("Rewas:ClientCertificateAuthority", folder.File("ca.pem"))));
        Assert.Single(Faults(("Rewas:Listen", "http://0.0.0.0:5100"), ("Rewas:ClientCertificateAuthority", folder.File("ca.pem"))));
        Assert.Equal(
            "Rewas:ClientCertificateAuthority: file '/nowhere' does not exist",
            Faults(("Rewas:Listen", "https://0.0.0.0:5100"), ("Rewas:ClientCertificateAuthority", "/nowhere")).First());
    }

    [Fact]
    public void A_host_that_checks_keys_does_and_no_setting_but_keys_or_tokens_stands_for_that()
    {
        using var folder = new TemporaryFolder();
        KeysFile.Write(folder.File("keys.json"), []);
        Assert.Empty(Faults(("Rewas:Listen", "http://0.0.0.0:5100"), ("Callers:KeysFile", folder.File("keys.json"))));
        Assert.Single(Faults(("Rewas:Listen", "http://0.0.0.0:5100"), ("Rewas:AuthenticatesCallers", "true")));
    }

    [Fact]
    public async Task The_process_ends_with_exit_code_2()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "http://0.0.0.0:0";
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();

        Assert.Equal(2, await builder.Build().RunServiceAsync(TestContext.Current.CancellationToken));
    }

    static IEnumerable<string> Faults(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddRewasDefaults();
        builder.AddCallers();
        using var services = builder.Services.BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<RewasOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException faults)
        {
            return faults.Failures;
        }
    }
}
