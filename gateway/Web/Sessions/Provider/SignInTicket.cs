using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rewas.Gateway.Web.Sessions.Provider;

/// <summary>
/// What this server must remember while a browser is at the provider. It waits, sealed, in a cookie of that browser, so that nobody can end
/// a sign-in that another browser began.
/// </summary>
/// <param name="State">Comes back with the browser, and names its ticket.</param>
/// <param name="Nonce">Comes back in the id token, which is thus made for this sign-in.</param>
/// <param name="Verifier">Secret of this sign-in (RFC 7636). The provider has its hash.</param>
/// <param name="Return">Where the browser goes afterwards: a path of the studio.</param>
sealed record SignInTicket(string State, string Nonce, string Verifier, string Return)
{
    const int SecretBytes = 32, LongestReturn = 512, NameCharacters = 8;

    const string Page = "/studio", CookiePrefix = "rewas-sign-in-";

    public static SignInTicket New(string? back) => new(Random(), Random(), Random(), Checked(back));

    /// <summary>SHA-256 of the verifier.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The name of the cookie. Each sign-in of a browser has its own, so several tabs may be at the provider.</summary>
    public string Cookie => CookieOf(State)!;

    /// <summary>The name of the cookie of a state that a browser gave; null if it is no state.</summary>
    public static string? CookieOf(string state) =>
        state.Length == Base64Url.GetEncodedLength(SecretBytes) && Base64Url.IsValid(state) ? CookiePrefix + state[..NameCharacters] : null;

    public string ToText() => JsonSerializer.Serialize(this);

    /// <summary>The ticket of a state; null if the text is none, or that of another state.</summary>
    public static SignInTicket? Of(string text, string state) =>
        JsonSerializer.Deserialize<SignInTicket>(text) is { } ticket
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ticket.State), Encoding.UTF8.GetBytes(state))
            ? ticket
            : null;

    /// <summary>The path if it is one of the studio, else the studio. An address elsewhere would make this server a trap.</summary>
    static string Checked(string? back) =>
        back is { Length: <= LongestReturn } && back.StartsWith(Page, StringComparison.Ordinal)
        && (back.Length == Page.Length || back[Page.Length] is '#' or '?') && back.All(c => c is > ' ' and <= '~' and not '\\')
            ? back
            : Page;

    static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
}
