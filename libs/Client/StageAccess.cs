using Rewas.Protocol;

namespace Rewas.Client;

/// <summary>The caller's credentials, and the servers that it trusts. Section "Rewas:Client" of services that call others.</summary>
public sealed record StageAccess
{
    public const string Section = "Rewas:Client";

    /// <summary>
    /// Key for a gateway that checks its callers (`rewas keys create`). Prefer the environment (Rewas__Client__ApiKey) to a file. Empty for
    /// none.
    /// </summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Certificates for https:// addresses.</summary>
    public PeerTls Tls { get; set; } = new();

    /// <summary>Leaves out the key, because options may be logged.</summary>
    public override string ToString() => $"{(ApiKey.Length > 0 ? "with a key" : "without a key")}, {Tls}";
}
