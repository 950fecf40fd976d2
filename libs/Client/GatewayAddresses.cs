using Rewas.Clip.Faults;

namespace Rewas.Client;

/// <summary>
/// The addresses of a platform: one, or those of several gateways that serve the same. Calls go to a gateway that answers.
/// </summary>
public sealed class GatewayAddresses
{
    /// <summary>The accepted forms, for messages.</summary>
    public const string Forms = "http://HOST:PORT, https://HOST:PORT, several of one kind separated by ';', dns:///HOST:PORT or unix:/PATH";

    const string Unix = "unix", Dns = "dns";
    const int Most = 16;

    GatewayAddresses(IReadOnlyList<Uri> all) => All = all;

    /// <summary>At least one address, all of one scheme.</summary>
    public IReadOnlyList<Uri> All { get; }

    internal bool IsUnixSocket => All[0].Scheme == Unix;

    internal bool IsName => All[0].Scheme == Dns;

    internal bool IsTls => All[0].Scheme == Uri.UriSchemeHttps;

    /// <summary>Reads addresses in one of the <see cref="Forms"/>.</summary>
    /// <param name="field">The name of the option, for the message.</param>
    /// <exception cref="InputFault">The text has another form.</exception>
    public static GatewayAddresses Parse(string text, string field = "gateway") =>
        FaultOf(text) is { } fault ? throw InputFault.Invalid(field, fault) : new(Split(text));

    /// <summary>What is wrong with the text; null if it can be parsed.</summary>
    public static string? FaultOf(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var uris = parts.Select(part => Uri.TryCreate(part, UriKind.Absolute, out var uri) && IsAddress(uri) ? uri : null).ToList();
        if (parts.Length == 0 || uris.Contains(null))
            return $"must be {Forms}, but is '{text}'";
        if (parts.Length > Most)
            return $"must have at most {Most} addresses, but has {parts.Length}";
        if (parts.Length > 1 && (uris.DistinctBy(uri => uri!.Scheme).Count() > 1 || uris[0]!.Scheme is Unix or Dns))
            return $"must be several addresses of http:// or of https://, but is '{text}'";
        return uris.GroupBy(uri => uri).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"must have each address once, but has {twice.Key} {twice.Count()} times"
            : null;
    }

    internal static GatewayAddresses Of(Uri address) => Parse(address.OriginalString);

    static List<Uri> Split(string text) =>
        [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => new Uri(part))];

    static bool IsAddress(Uri uri) => uri.Scheme switch
    {
        "http" or "https" => uri.Host.Length > 0,
        Unix => uri.AbsolutePath.Length > 1,
        Dns => uri.Host.Length == 0 && uri.AbsolutePath.Length > 1,
        _ => false,
    };
}
