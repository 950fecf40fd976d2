using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Rewas.AudioDiffusion;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.SoundStudio;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.Tests.Gateway.Web;

/// <summary>The web API of a gateway, in front of services in other hosts.</summary>
public sealed class BehindGatewayTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task Callers_make_sounds_through_a_gateway_and_do_not_see_each_other()
    {
        using var folder = new TemporaryFolder();
        await using var services = await Services.StartAsync(folder);
        var (alice, bob) = (ApiKey.New(), ApiKey.New());
        KeysFile.Write(folder.File("keys.json"), [Entry(alice, "alice"), Entry(bob, "bob")]);
        var app = GatewayHost.Build(
        [
            .. Rewas.Protocol.StageNames.All.Append("SoundStudio").Select(name => ($"Gateway:Stages:{name}:0", services.Address)),
            ("Callers:KeysFile", folder.File("keys.json")),
            ("Web:Listen", "http://127.0.0.1:0"),
        ]);
        await using var gateway = new GatewayHost(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(app.Urls.Last(url => url.StartsWith("http://127", StringComparison.Ordinal)));
        using HttpClient hers = Client(address, alice), his = Client(address, bob);

        var bytes = await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken);
        var file = await hers.FileAsync(bytes);
        var sound = await hers.SoundAsync(new { file, prompt = "rain", steps = 1 });
        var content = sound.GetProperty("urls").GetProperty("content").GetString()!;
        Assert.NotEmpty(await hers.GetByteArrayAsync(content, TestContext.Current.CancellationToken));
        await his.GetAsync(content, TestContext.Current.CancellationToken).RefusedAsync(404, "NOT_FOUND", "does not exist");
        await his.GetAsync($"/v1/files/{file}", TestContext.Current.CancellationToken).RefusedAsync(404, "NOT_FOUND", file);

        // One line for each request, with the caller and without a word of the prompt.
        var audit = gateway.Log.Of("Rewas.Audit").Select(line => line.Text).ToList();
        Assert.Contains(audit, line => line.StartsWith("alice POST /v1/sounds OK", StringComparison.Ordinal));
        Assert.Contains(audit, line => line.StartsWith($"bob GET /v1/files/{file} NotFound", StringComparison.Ordinal));
        Assert.DoesNotContain(audit, line => line.Contains("rain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_is_away_is_named()
    {
        var app = GatewayHost.Build(
        [
            .. Rewas.Protocol.StageNames.All.Append("SoundStudio").Select(name => ($"Gateway:Stages:{name}:0", "http://127.0.0.1:9")),
            ("Web:Listen", "http://127.0.0.1:0"),
        ]);
        await using var gateway = new GatewayHost(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient
        {
            BaseAddress = new Uri(app.Urls.Last(url => url.StartsWith("http://127", StringComparison.Ordinal))),
        };
        await client.SendFileAsync([1]).RefusedAsync(503, "UNAVAILABLE", "SoundStudio: no replica is reachable");
        await client.GetAsync("/v1/models", TestContext.Current.CancellationToken)
            .RefusedAsync(503, "UNAVAILABLE", "AudioDiffusion: no replica is reachable");
    }

    [Fact]
    public async Task Requests_for_which_no_replica_is_there_do_not_use_up_the_day()
    {
        using var folder = new TemporaryFolder();
        var key = ApiKey.New();
        KeysFile.Write(folder.File("keys.json"), [Entry(key, "unlucky") with { Limits = new() { CallsPerDay = 4 } }]);
        var app = GatewayHost.Build(
        [
            .. Rewas.Protocol.StageNames.All.Select(name => ($"Gateway:Stages:{name}:0", "http://127.0.0.1:9")),
            ("Callers:KeysFile", folder.File("keys.json")),
            ("Web:Listen", "http://127.0.0.1:0"),
        ]);
        await using var gateway = new GatewayHost(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = Client(new Uri(app.Urls.Last(url => url.StartsWith("http://127", StringComparison.Ordinal))), key);
        // The call that a request makes may be taken off the day a little after its answer.
        for (var i = 0; i < 10; i++)
            await Wait.UntilAsync(
                async () =>
                {
                    using var answer = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
                    return answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable;
                },
                "the request finds no replica");
    }

    [Theory]
    [InlineData("http://0.0.0.0:5180", "can be reached from other machines")]
    [InlineData("ftp://127.0.0.1", "is not http://HOST:PORT")]
    public async Task A_wrong_address_is_told_at_start(string address, string fault)
    {
        var app = GatewayHost.Build(
        [
            .. Rewas.Protocol.StageNames.All.Select(name => ($"Gateway:Stages:{name}:0", "http://127.0.0.1:9")), ("Web:Listen", address),
        ]);
        await using (app)
        {
            var failure = await Assert.ThrowsAnyAsync<Microsoft.Extensions.Options.OptionsValidationException>(
                () => app.StartAsync(TestContext.Current.CancellationToken));
            Assert.Contains(failure.Failures, one => one.StartsWith("Web:Listen: ", StringComparison.Ordinal)
                && one.Contains(fault, StringComparison.Ordinal));
        }
    }

    static KeyEntry Entry(ApiKey key, string caller) => new()
    {
        Id = key.Id,
        Caller = caller,
        Sha256 = Convert.ToHexStringLower(key.Hash()),
        Created = DateTimeOffset.UtcNow,
        Methods = ["*"],
    };

    static HttpClient Client(Uri address, ApiKey key) => new()
    {
        BaseAddress = address,
        Timeout = Wait.Patience,
        DefaultRequestHeaders = { Authorization = new("Bearer", key.Text) },
    };

    /// <summary>The stages and the studio, which believe the caller's name that the gateway sends.</summary>
    sealed class Services(WebApplication app, TinyBundle bundle) : IAsyncDisposable
    {
        public string Address => app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal));

        public static async Task<Services> StartAsync(TemporaryFolder folder)
        {
            var bundle = new TinyBundle();
            var builder = WebApplication.CreateSlimBuilder();
            foreach (var (key, value) in new[]
            {
                ("Rewas:Bundle", bundle.Bundle.Directory), ("Rewas:TrustCallerHeader", "true"), ("Onnx:Threads", "1"),
                ("Rewas:WarmUp", "false"), ("Rewas:Listen", "http://127.0.0.1:0"), ("SoundStudio:Folder", folder.File("working")),
                ("Store:Folder", folder.File("store")),
            })
                builder.Configuration[key] = value;
            builder.AddRewasDefaults();
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder().AddSoundStudioBesideStages();
            var app = builder.Build();
            app.MapRewasDefaults();
            app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder().MapSoundStudio();
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new(app, bundle);
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
            bundle.Dispose();
        }
    }
}
