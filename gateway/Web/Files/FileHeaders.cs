using Microsoft.Net.Http.Headers;
using Rewas.Clip.Faults;

namespace Rewas.Gateway.Web.Files;

/// <summary>What headers say about a file.</summary>
static class FileHeaders
{
    const string Digest = "Repr-Digest", Sha256 = "sha-256";

    /// <summary>The name in Content-Disposition; empty for none.</summary>
    public static string NameOf(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? NameOf(disposition) : "";

    public static string NameOf(ContentDispositionHeaderValue disposition) =>
        HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";

    /// <summary>The SHA-256 in Repr-Digest (RFC 9530), as lower-case hexadecimal digits; empty for none.</summary>
    /// <exception cref="InputFault">The header cannot be read.</exception>
    public static string Sha256Of(HttpRequest request)
    {
        foreach (var member in request.Headers[Digest].ToString().Split(',', StringSplitOptions.TrimEntries))
            if (member.Split('=', 2) is [var algorithm, var value] && algorithm.Equals(Sha256, StringComparison.OrdinalIgnoreCase))
            {
                var bytes = new byte[32];
                return value.Length > 2 && value.StartsWith(':') && value.EndsWith(':')
                    && Convert.TryFromBase64String(value[1..^1], bytes, out var count) && count == bytes.Length
                    ? Convert.ToHexStringLower(bytes)
                    : throw InputFault.Invalid(Digest, "must be sha-256=:BASE64: of 32 bytes");
            }
        return "";
    }
}
