using Microsoft.AspNetCore.Server.Kestrel.Https;
using Rewas.Protocol;

namespace Rewas.Hosting;

static class ClientCertificates
{
    /// <summary>Accepts only connections with a certificate of this authority.</summary>
    /// <param name="authority">PEM file; null or empty for none.</param>
    public static void DemandClientCertificate(this HttpsConnectionAdapterOptions https, string? authority)
    {
        // A missing file is reported with all other option errors when the host starts.
        if (string.IsNullOrEmpty(authority) || !File.Exists(authority))
            return;
        var trusted = PeerTls.ReadAuthority(authority);
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, chain, _) => PeerTls.IsSignedBy(trusted, certificate, chain, PeerTls.ClientUse);
    }
}
