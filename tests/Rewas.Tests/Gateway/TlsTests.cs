using Grpc.Core;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Protocol;
using Rewas.Tests.Client;

namespace Rewas.Tests.Gateway;

public sealed class TlsTests
{
    static readonly RewasClientOptions OneAttempt = new() { Repeat = false };

    [Fact]
    public async Task Stages_talk_to_a_gateway_that_shows_a_certificate_of_their_authority_and_to_nobody_else()
    {
        using var authority = new TestAuthority("ours");
        using var stranger = new TestAuthority("not ours");
        var doubles = new StageDoubles();
        await using var stages = await StageHost.StartAsync(doubles, "https://127.0.0.1:0", ServerSettings(authority));
        foreach (var (client, reaches) in new[]
        {
            (authority.Sign("gateway", PeerTls.ClientUse), true),
            (stranger.Sign("gateway", PeerTls.ClientUse), false),
            // another process's certificate, which is valid for servers only
            (authority.Sign("server", PeerTls.ServerUse), false),
            (authority.Sign("past", PeerTls.ClientUse, days: 0), false),
            (("", ""), false),
        })
        {
            await using var gateway = await GatewayHost.StartAsync(
                _ =>
                    [stages.Address],
                    ("Gateway:Tls:CertificateAuthority", authority.Certificate),
                    ("Gateway:Tls:Certificate", client.Item1),
                    ("Gateway:Tls:CertificateKey", client.Item2));
            using var caller = RewasClient.Connect(gateway.Address, OneAttempt);
            if (reaches)
                await caller.GenerateAsync(SoundRequests.With([]));
            else
                Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<StageFailure>(() => caller.DescribeAsync())).Status);
        }
    }

    [Fact]
    public async Task A_gateway_believes_the_servers_of_its_authority_by_their_names_alone()
    {
        using var authority = new TestAuthority("ours");
        using var stranger = new TestAuthority("not ours");
        var own = authority.Sign("gateway", PeerTls.ClientUse);
        foreach (var server in new[]
        {
            stranger.Sign("stage", PeerTls.ServerUse),
            authority.Sign("other host", PeerTls.ServerUse, host: "192.0.2.1"),
        })
        {
            var doubles = new StageDoubles();
            await using var stages = await StageHost.StartAsync(
                doubles,
                "https://127.0.0.1:0",
                ("Kestrel:Certificates:Default:Path", server.Certificate),
                ("Kestrel:Certificates:Default:KeyPath", server.Key));
            await using var gateway = await GatewayHost.StartAsync(
                _ =>
                    [stages.Address],
                    ("Gateway:Tls:CertificateAuthority", authority.Certificate),
                    ("Gateway:Tls:Certificate", own.Certificate),
                    ("Gateway:Tls:CertificateKey", own.Key));
            using var caller = RewasClient.Connect(gateway.Address, OneAttempt);

            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<StageFailure>(() => caller.DescribeAsync())).Status);
            Assert.Empty(doubles.HeadersSeen);
        }
    }

    [Fact]
    public async Task The_typed_client_shows_its_certificate_and_trusts_only_its_authority()
    {
        using var authority = new TestAuthority("ours");
        await using var stages = await StageHost.StartAsync(new(), "https://127.0.0.1:0", ServerSettings(authority));
        var own = authority.Sign("caller", PeerTls.ClientUse);
        var access = new StageAccess
        {
            Tls = new() { CertificateAuthority = authority.Certificate, Certificate = own.Certificate, CertificateKey = own.Key },
        };
        using var client = RewasClient.Connect(stages.Address, OneAttempt with { Access = access });
        using var trusting = RewasClient.Connect(stages.Address, OneAttempt);

        await client.GenerateAsync(SoundRequests.With([]));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<StageFailure>(() => trusting.DescribeAsync())).Status);
    }

    [Fact]
    public void Files_that_are_missing_or_are_no_certificates_are_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("text.pem"), "not a certificate");

        Assert.Equal(
            [
                "Gateway:Tls: Certificate and CertificateKey must be given together",
                "Gateway:Tls:CertificateAuthority: file '/nowhere' does not exist",
            ],
            new PeerTls { CertificateAuthority = "/nowhere", Certificate = folder.File("text.pem") }.Faults("Gateway:Tls"));
        Assert.Equal(FaultKind.Precondition, Assert.Throws<InputFault>(() => PeerTls.ReadAuthority(folder.File("text.pem"))).Kind);
    }

    static (string, string)[] ServerSettings(TestAuthority authority)
    {
        var server = authority.Sign("stage", PeerTls.ServerUse);
        return [
            ("Kestrel:Certificates:Default:Path", server.Certificate),
            ("Kestrel:Certificates:Default:KeyPath", server.Key),
            ("Rewas:ClientCertificateAuthority", authority.Certificate),
        ];
    }
}
