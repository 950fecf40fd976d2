using Microsoft.Net.Http.Headers;
using Rewas.Clip.Faults;

namespace Rewas.Gateway.Web.Files;

/// <summary>The part of a file that a request sends.</summary>
readonly record struct FilePart(long From, long Count)
{
    const string Header = "Content-Range", HowMuch = "bytes */*";

    /// <param name="contentRange">Null: the whole file.</param>
    /// <param name="bytes">Length of the whole file.</param>
    /// <param name="bodyBytes">Length of the body, if it is known.</param>
    /// <returns>Null if the request sends nothing and asks how much has come.</returns>
    /// <exception cref="InputFault">The header cannot be read, or contradicts the file or the body.</exception>
    public static FilePart? Of(string? contentRange, long bytes, long? bodyBytes)
    {
        if (contentRange is null)
            return new(0, bytes);
        if (contentRange == HowMuch)
            return null;
        if (!ContentRangeHeaderValue.TryParse(contentRange, out var range) || range.Unit != "bytes")
            throw InputFault.Invalid(Header, "must be written \"bytes FIRST-LAST/TOTAL\" or \"bytes */TOTAL\"");
        if (range.Length is { } total && total != bytes)
            throw InputFault.Invalid(Header, $"must name {bytes} bytes in total, as announced, but names {total}");
        if (range is not { From: { } from, To: { } to })
            return null;
        if (to >= bytes)
            throw InputFault.Invalid(Header, $"must end before byte {bytes}, but ends with byte {to}");
        var count = to - from + 1;
        return bodyBytes is null || bodyBytes == count
            ? new(from, count)
            : throw InputFault.Invalid(Header, $"must have the length of the body, {bodyBytes} bytes, but has {count}");
    }
}
