using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rewas.Tests.Gateway;

/// <summary>An authority that signs certificates for processes of this machine. All its PEM files are in one folder.</summary>
sealed class TestAuthority : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 certificate;

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string Certificate => folder.File("ca.pem");

    /// <summary>Signs a certificate for a process and writes it with its key.</summary>
    /// <param name="use">The extended key usage: 1.3.6.1.5.5.7.3.1 for servers, .2 for clients.</param>
    /// <param name="days">Days until it expires. It is valid from two days before now.</param>
    public (string Certificate, string Key) Sign(string name, string use, int days = 1, string host = "127.0.0.1")
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var from = DateTimeOffset.UtcNow.AddDays(days - 2) is var start && start < certificate.NotBefore
            ? new DateTimeOffset(certificate.NotBefore.ToUniversalTime())
            : start;
        using var signed =
            request.Create(certificate, from, DateTimeOffset.UtcNow.AddDays(days).AddHours(-1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(folder.File(name + ".pem"), signed.ExportCertificatePem());
        File.WriteAllText(folder.File(name + ".key"), own.ExportPkcs8PrivateKeyPem());
        return (folder.File(name + ".pem"), folder.File(name + ".key"));
    }

    public void Dispose()
    {
        key.Dispose();
        certificate.Dispose();
        folder.Dispose();
    }
}
