using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Hosting.Access;
using Rewas.Protocol;
using Rewas.Tests.Client;
using Rewas.Tests.Gateway;

namespace Rewas.Tests.Hosting.Access;

public sealed class KeyTests
{
    [Fact]
    public async Task Callers_without_a_valid_key_are_UNAUTHENTICATED_and_reach_no_stage()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var good = gateway.Add("editor");
        var expired = gateway.Add("late", entry => entry with { Expires = DateTimeOffset.UtcNow.AddSeconds(-1) });
        var revoked = gateway.Add("gone", entry => entry with { Revoked = DateTimeOffset.UtcNow });
        var unknown = ApiKey.New();
        foreach (var (authorization, said) in new (string?, string)[]
        {
            (null, "a key or token must be given"),
            ("", "a key or token must be given"),
            ($"Basic {good.Text}", "a key or token must be given"),
            (good.Text, "a key or token must be given"),
            ($"Bearer {unknown.Text}", "the key is not known"),
            ($"Bearer {good.Text[..^1]}", "the key is not known"),
            ($"Bearer {good.Text}x", "the key is not known"),
            ($"Bearer rewas_{good.Id}_{unknown.Text[19..]}", "the key is not known"),
            ($"Bearer {new string('x', 5000)}", "the key is not known"),
            ($"Bearer {expired.Text}", "the key has expired"),
            ($"Bearer {revoked.Text}", "the key is revoked"),
        })
        {
            using var client = gateway.With(authorization);
            var failure = await client.RefusedAsync();
            Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
            Assert.StartsWith(said, failure.Status.Detail, StringComparison.Ordinal);
        }
        Assert.Empty(gateway.Doubles.HeadersSeen);

        using var valid = gateway.With(good);
        Assert.Equal("Vocoder", (await valid.DescribeAsync()).Stage);
    }

    [Fact]
    public async Task A_key_that_is_revoked_opens_nothing_within_seconds()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var key = gateway.Add("editor");
        using var client = gateway.With(key);
        await client.DescribeAsync();

        KeysFile.Write(
            gateway.KeysFilePath, [.. KeysFile.Read(gateway.KeysFilePath).Select(entry => entry with { Revoked = DateTimeOffset.UtcNow })]);

        await Wait.UntilAsync(async () =>
        {
            var failure = await Record.ExceptionAsync(client.DescribeAsync) as RpcException;
            Assert.True(failure is null || failure.StatusCode == StatusCode.Unauthenticated);
            return failure is not null;
        }, "the key opens nothing");
    }

    [Fact]
    public async Task A_file_of_keys_that_becomes_unreadable_shuts_nobody_out_and_lets_nobody_in()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var key = gateway.Add("editor");
        using var client = gateway.With(key);
        await client.DescribeAsync();

        File.WriteAllText(gateway.KeysFilePath, "{ \"keys\": [ nonsense");
        await Wait.UntilAsync(async () =>
        {
            await client.DescribeAsync();
            return gateway.Log.All.Contains("cannot be read as a file of keys", StringComparison.Ordinal);
        }, "the log says that the file cannot be read");
        await client.DescribeAsync();

        File.Delete(gateway.KeysFilePath);
        RpcException? failure = null;
        await Wait.UntilAsync(
            async () => (failure = await Record.ExceptionAsync(client.DescribeAsync) as RpcException) is not null, "the key opens nothing");
        Assert.Equal(StatusCode.Unauthenticated, failure!.StatusCode);
    }

    [Fact]
    public void A_key_that_is_revoked_in_a_file_open_to_others_opens_nothing_once_the_file_is_closed_to_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it has other permissions");
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var folder = new TemporaryFolder();
        var (path, key, time) = (folder.File("keys.json"), ApiKey.New(), new FakeTimeProvider());
        var entry = new KeyEntry
        {
            Id = key.Id,
            Caller = "editor",
            Sha256 = Convert.ToHexStringLower(key.Hash()),
            Created = time.GetUtcNow(),
        };
        KeysFile.Write(path, [entry]);
        var ring = new KeyRing(Options.Create(new CallersOptions { KeysFile = path }), time, NullLogger<KeyRing>.Instance);
        Assert.NotNull(ring.Find(key).Entry);

        KeysFile.Write(path, [entry with { Revoked = time.GetUtcNow() }]);
        File.SetUnixFileMode(path, ownerOnly | UnixFileMode.OtherRead);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(ring.Find(key).Entry);                                // the file cannot be read
        File.SetUnixFileMode(path, ownerOnly);                               // the time of its last write stays
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("the key is revoked", ring.Find(key).Refusal);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("rewas.v1.Vocoder/*", true)]
    [InlineData("rewas.v1.Vocoder/Describe", true)]
    [InlineData("rewas.v1.Vocoder/Synthesize", false)]
    [InlineData("rewas.v1.SoundStudio/*", false)]
    [InlineData("rewas.v1.Voc/*", false)]
    public async Task A_key_opens_the_methods_that_it_names(string pattern, bool opens)
    {
        await using var gateway = await GuardedGateway.StartAsync();
        using var client = gateway.With(gateway.Add("editor", entry => entry with { Methods = [pattern] }));
        if (opens)
        {
            await client.DescribeAsync();
            return;
        }
        var failure = await client.RefusedAsync();
        Assert.Equal(
            (StatusCode.PermissionDenied, "editor may not call rewas.v1.Vocoder/Describe"), (failure.StatusCode, failure.Status.Detail));
        Assert.Empty(gateway.Doubles.HeadersSeen);
    }

    [Fact]
    public async Task A_role_opens_the_methods_that_the_gateway_gives_it()
    {
        await using var gateway = await GuardedGateway.StartAsync(("Callers:Roles:reader:0", "rewas.v1.Vocoder/Describe"));
        using var reader = gateway.With(gateway.Add("reader", entry => entry with { Methods = [], Roles = ["reader"] }));
        using var other = gateway.With(gateway.Add("other", entry => entry with { Methods = [], Roles = ["writer"] }));
        await reader.DescribeAsync();
        Assert.Equal(StatusCode.PermissionDenied, (await other.RefusedAsync()).StatusCode);
    }

    [Fact]
    public async Task Stages_see_the_callers_name_and_neither_its_key_nor_what_it_says_of_itself()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var key = gateway.Add("editor");
        using var client = gateway.With($"Bearer {key.Text}", ("rewas-caller", "admin"));
        // The header is trusted here, as behind a gateway.
        await using var behind = await StageHost.StartAsync(gateway.Doubles, settings: ("Rewas:TrustCallerHeader", "true"));
        await using var second = await GatewayHost.StartAsync(_ => [behind.Address], ("Callers:KeysFile", gateway.KeysFilePath));
        using var through = new GuardedGateway.Client(second.Address, $"Bearer {key.Text}", ("rewas-caller", "admin"));

        await client.DescribeAsync();
        await through.DescribeAsync();

        Assert.Equal([null, "editor"], gateway.Doubles.HeadersSeen.Select(headers => headers.GetValue("rewas-caller")));
        Assert.All(gateway.Doubles.HeadersSeen, headers => Assert.Null(headers.GetValue("authorization")));
    }

    [Fact]
    public async Task The_health_is_told_to_everybody()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        using var client = gateway.With((string?)null);
        var answer = await new Grpc.Health.V1.Health.HealthClient(client.Channel).CheckAsync(new());
        Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task The_typed_client_brings_its_key()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        using var client = RewasClient.Connect(gateway.Address, new() { Access = new() { ApiKey = gateway.Add("editor").Text } });
        using var stranger = RewasClient.Connect(gateway.Address);

        await client.GenerateAsync(SoundRequests.With([]));
        var failure = await Assert.ThrowsAsync<StageFailure>(() => stranger.GenerateAsync(SoundRequests.With([])));

        Assert.Equal(StatusCode.Unauthenticated, failure.Status);
    }

    [Fact]
    public async Task Each_call_leaves_one_line_that_says_who_what_and_how_it_ended_and_nothing_of_what_was_sent()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var key = gateway.Add(
            "editor",
            entry =>
                entry with
                {
                    Methods = ["rewas.v1.VideoEncoder/*", "rewas.v1.EnergyPredictor/*", "rewas.v1.AudioDiffusion/*", "rewas.v1.Vocoder/*"],
                });
        using var client = RewasClient.Connect(gateway.Address, new() { Access = new() { ApiKey = key.Text } });
        using var stranger = gateway.With("Bearer nobody");

        await client.GenerateAsync(SoundRequests.With([]) with { Options = new() { Prompt = "a secret prompt" } });
        await stranger.RefusedAsync();

        // Four stages, each described and called, and the stranger. A line is written when its call is over; the caller may learn of that
        // end a little earlier.
        await Wait.UntilAsync(() => gateway.Log.Of("Rewas.Audit").Count() >= 9, "nine lines are written");
        var lines = gateway.Log.Of("Rewas.Audit").ToList();
        Assert.Equal(9, lines.Count);
        var upload = lines.Single(line => (string)line.Fields["Method"]! == "rewas.v1.VideoEncoder/Encode").Fields;
        Assert.Equal(("editor", (object)StatusCode.OK), (upload["Caller"], upload["Status"]!));
        Assert.InRange((long)upload["ReceivedBytes"]!, 700_000, 710_000);
        Assert.InRange((long)upload["SentBytes"]!, 500, 100_000);
        Assert.Equal(32, ((string)upload["TraceId"]!).Length);
        var refused = lines.Single(line => (string)line.Fields["Caller"]! == "-").Fields;
        Assert.Equal(StatusCode.Unauthenticated, refused["Status"]);
        Assert.DoesNotContain("secret", gateway.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Text, gateway.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", gateway.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_keys_holds_no_key()
    {
        using var folder = new TemporaryFolder();
        var key = ApiKey.New();
        KeysFile.Write(
            folder.File("keys.json"),
            [new() { Id = key.Id, Caller = "a", Sha256 = Convert.ToHexStringLower(key.Hash()), Created = DateTimeOffset.UtcNow }]);

        var text = File.ReadAllText(folder.File("keys.json"));

        Assert.DoesNotContain(key.Text.Split('_', 3)[2], text, StringComparison.Ordinal);
        Assert.Contains(
            Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key.Text))), text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("keys.json")));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_file_of_keys_that_is_open_to_others_is_refused(UnixFileMode open)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it has other permissions");
        using var folder = new TemporaryFolder();
        KeysFile.Write(folder.File("keys.json"), []);
        File.SetUnixFileMode(folder.File("keys.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | open);

        var fault = Assert.Throws<InputFault>(() => KeysFile.Read(folder.File("keys.json")));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Contains("is open to other users", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_of_callers_is_told_when_the_gateway_starts()
    {
        await using var app = GatewayHost.Build(
        [
            .. StageNames.All.Select(stage => ($"Gateway:Stages:{stage}:0", "http://127.0.0.1:1")),
            ("Callers:KeysFile", "/nowhere/keys.json"),
            ("Callers:Jwt:Authority", "http://identity.example"),
            ("Callers:Roles:editor:0", "SoundStudio"),
            ("Callers:Limits:Burst", "0"),
            ("Callers:MessageTimeout", "00:00:00"),
        ]);

        var faults = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal(
            [
                "Callers:KeysFile: keys: file '/nowhere/keys.json' does not exist (`rewas keys create` makes it)",
                "Callers:Jwt:Authority: must be https://HOST, but is 'http://identity.example'",
                "Callers:Jwt:Audience: must be given, or a token for another service would do",
                "Callers:Roles:editor: 'SoundStudio' is not *, SERVICE/* or SERVICE/METHOD",
                "Callers:Limits:Burst: must be from 1 to 1000000, but is 0",
                "Callers:MessageTimeout: must be from 00:00:01 to 01:00:00, but is 00:00:00",
            ],
            faults.Failures);
    }
}
