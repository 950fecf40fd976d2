using Rewas.Protocol;

namespace Rewas.Client;

/// <summary>How a caller shows who it is, and whom it believes. Section "Rewas:Client" of the services that call others.</summary>
public sealed record StageAccess
{
    public const string Section = "Rewas:Client";

    /// <summary>
    /// Key for a gateway that checks its callers (`rewas keys create`). Better in the environment, Rewas__Client__ApiKey, than in a file.
    /// Empty: none.
    /// </summary>
    public string ApiKey { get; set; } = "";

    /// <summary>For https:// addresses.</summary>
    public PeerTls Tls { get; set; } = new();

    /// <summary>Without the key: options may be logged.</summary>
    public override string ToString() => $"{(ApiKey.Length > 0 ? "with a key" : "without a key")}, {Tls}";
}
