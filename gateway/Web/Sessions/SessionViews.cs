using System.ComponentModel;
using Rewas.Gateway.Web.Sessions.Provider;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Sessions;

/// <summary>How callers sign in at this server.</summary>
sealed record SignInView
{
    [Description("What is accepted: key, oidc. Empty: the server does not check callers.")]
    public required IReadOnlyList<string> Accepts { get; init; }

    [Description("The provider of tokens; absent unless oidc is accepted.")]
    public ProviderView? Oidc { get; init; }

    public static SignInView Of(CallersOptions callers)
    {
        var (keys, tokens) = (callers.KeysFile.Length > 0, callers.Jwt.Authority.Length > 0);
        return new()
        {
            Accepts = [.. keys ? ["key"] : Array.Empty<string>(), .. tokens ? ["oidc"] : Array.Empty<string>()],
            Oidc = tokens
                ? new(callers.Jwt.Authority, callers.Jwt.Audience, callers.Jwt.ClientId is { Length: > 0 } client ? client : null)
                {
                    SignIn = callers.Jwt.ClientId.Length > 0 ? ProviderRoutes.Start : null,
                }
                : null,
        };
    }
}

/// <param name="Issuer">Address of the provider. Its discovery document is at /.well-known/openid-configuration.</param>
/// <param name="Audience">Audience that a token must have.</param>
/// <param name="ClientId">Id of this server's pages at the provider; absent if none is configured.</param>
sealed record ProviderView(string Issuer, string Audience, string? ClientId)
{
    [Description(
        "Path of this server that leads a browser to the provider and back, with ?return=/studio. A session has begun then. Absent unless a "
        + "client id is configured.")]
    public string? SignIn { get; init; }
}

/// <summary>Who the caller is, and what it may do.</summary>
sealed record MeView
{
    const string TokenCaller = "oidc:";

    [Description("The caller's name; absent if the server does not check callers.")]
    public string? Caller { get; init; }

    [Description("How the caller has signed in: none, key or oidc.")]
    public required string SignIn { get; init; }

    [Description("Methods of the services that the caller may call: * for all, SERVICE/*, SERVICE/METHOD.")]
    public required IReadOnlyList<string> Methods { get; init; }

    public static MeView Of(Caller caller) => new()
    {
        Caller = caller.Name.Length > 0 ? caller.Name : null,
        SignIn = caller.Name.Length == 0 ? "none" : caller.Name.StartsWith(TokenCaller, StringComparison.Ordinal) ? "oidc" : "key",
        Methods = [.. caller.Methods.Distinct()],
    };
}
