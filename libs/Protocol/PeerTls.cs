using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rewas.Clip.Faults;

namespace Rewas.Protocol;

/// <summary>Certificates that a process of the platform shows and trusts over TLS. Without them, the system's trust applies.</summary>
public sealed record PeerTls
{
    /// <summary>Extended key usages of certificates.</summary>
    public const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>PEM file with the certificates of the only trusted authority for servers. Empty: the system's authorities.</summary>
    public string CertificateAuthority { get; set; } = "";

    /// <summary>
    /// PEM file of the client certificate, with its intermediate certificates, for servers that ask for one. Empty: none.
    /// </summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file of its private key.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>Lists all errors of the files.</summary>
    /// <param name="section">Prefix of the messages.</param>
    public IEnumerable<string> Faults(string section)
    {
        if (Certificate.Length > 0 != CertificateKey.Length > 0)
            yield return $"{section}: Certificate and CertificateKey must be given together";
        (string Option, string Path)[] files =
        [
            (nameof(CertificateAuthority), CertificateAuthority),
            (nameof(Certificate), Certificate),
            (nameof(CertificateKey), CertificateKey),
        ];
        foreach (var (option, path) in files)
            if (path.Length > 0 && !File.Exists(path))
                yield return $"{section}:{option}: file '{path}' does not exist";
    }

    /// <summary>Options for outgoing connections.</summary>
    /// <exception cref="InputFault">A file is missing or invalid.</exception>
    public SslClientAuthenticationOptions ToSslOptions(string section)
    {
        InputFault.ThrowIfAny([.. Faults(section).Select(fault => InputFault.Precondition("tls", fault))]);
        var options = new SslClientAuthenticationOptions();
        if (CertificateAuthority.Length > 0)
        {
            var trusted = ReadAuthority(CertificateAuthority);
            // The name must match the server, and only our authority is trusted.
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0
                && IsSignedBy(trusted, certificate as X509Certificate2, chain, ServerUse);
        }
        if (Certificate.Length > 0)
            options.ClientCertificateContext =
                SslStreamCertificateContext.Create(ReadCertificate(), [.. ReadAuthority(Certificate).Skip(1)], offline: true);
        return options;
    }

    /// <summary>Reads the certificates of a PEM file.</summary>
    /// <exception cref="InputFault">The file contains no certificate.</exception>
    public static X509Certificate2Collection ReadAuthority(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition("tls", $"'{path}' cannot be read as certificates: {e.Message}", e);
        }
        return certificates.Count > 0 ? certificates : throw InputFault.Precondition("tls", $"'{path}' has no certificate");
    }

    /// <summary>Whether a certificate is signed by one of these authorities, is currently valid, and permits this use.</summary>
    /// <param name="sent">Chain with the peer's intermediate certificates.</param>
    /// <param name="use"><see cref="ServerUse"/> or <see cref="ClientUse"/>.</param>
    public static bool IsSignedBy(X509Certificate2Collection trusted, X509Certificate2? certificate, X509Chain? sent, string use)
    {
        if (certificate is null)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        // A private authority rarely publishes a revocation list. Its certificates should be short-lived instead.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
        return chain.Build(certificate);
    }

    X509Certificate2 ReadCertificate()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Certificate, CertificateKey);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition(
                "tls", $"'{Certificate}' and '{CertificateKey}' cannot be read as a certificate and its key: {e.Message}", e);
        }
    }
}
