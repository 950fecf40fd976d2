using System.Text.Json;
using System.Text.Unicode;

namespace Rewas.Clip.Json;

/// <summary>
/// Checks JSON from outside before it is read. A <see cref="JsonElement"/> reads its texts late: one that is no Unicode, such as "\ud800",
/// throws where nobody expects it. So does an object that names a member twice.
/// </summary>
public static class StrictJson
{
    /// <summary>Parses JSON in which every name and text is Unicode, and no object names a member twice.</summary>
    /// <param name="utf8">Must not change while the document is in use.</param>
    /// <exception cref="JsonException">It is not.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        ThrowIfNotUnicode(utf8.Span);
        return JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    /// <exception cref="JsonException">It is not JSON, or a name or text in it is not Unicode.</exception>
    public static void ThrowIfNotUnicode(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsUnicode(ref reader))
                throw new JsonException($"a name or text that ends at byte {reader.BytesConsumed} is not Unicode");
    }

    static bool IsUnicode(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Utf8.IsValid(reader.ValueSpan);
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)                                    // half of a pair, or bytes that are no UTF-8
        {
            return false;
        }
    }
}
