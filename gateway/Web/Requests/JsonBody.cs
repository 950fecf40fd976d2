using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Json;
using Rewas.Hosting;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Requests;

/// <summary>Reads JSON of a bounded length from a request.</summary>
static class JsonBody
{
    /// <summary>Most items of a list in a request. Each becomes an object before anything else counts them.</summary>
    const int MostItems = 10_000;

    /// <exception cref="InputFault">The body or a list in it is too long, or it is no JSON, or not of the type.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, int mostBytes)
    {
        using var document = await ReadAsync(context, mostBytes);
        var root = document.RootElement;
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        if (root.ValueKind != JsonValueKind.Object)
            throw InputFault.Invalid("body", "must be a JSON object");
        var properties = json.GetTypeInfo(typeof(T)).Properties;
        InputFault.ThrowIfAny(
        [
            .. root.EnumerateObject()
                .Where(field => field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() > MostItems
                    && properties.Any(property => property.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)))
                .Select(field => InputFault.Exhausted(
                    field.Name, $"at most {MostItems} items are accepted, but there are {field.Value.GetArrayLength()}")),
            .. properties
                .Where(property => property.IsRequired
                    && (!root.TryGetProperty(property.Name, out var value) || value.ValueKind == JsonValueKind.Null))
                .Select(property => InputFault.Invalid(property.Name, "must be given, but is absent")),
        ]);
        try
        {
            return root.Deserialize<T>(json)!;
        }
        catch (JsonException failure)
        {
            // The message of the exception names types of the program. Its path names the field.
            throw InputFault.Invalid(
                failure.Path is { Length: > 2 } path ? path[2..] : "body", "is of another type than this request expects", failure);
        }
    }

    /// <exception cref="InputFault">The body is too long or no JSON, or the bodies that are read have too many bytes together.</exception>
    public static async Task<ReadJson> ReadAsync(HttpContext context, int mostBytes)
    {
        var held = context.RequestServices.GetRequiredService<JsonBytes>().Begin(context.WebCaller().Name);
        try
        {
            return new(await ReadAsync(context, mostBytes, held), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    static async Task<JsonDocument> ReadAsync(HttpContext context, int mostBytes, SharedBytes.Holding held)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            if (bytes.Length + count > mostBytes)
                throw InputFault.Exhausted("body", $"must have at most {mostBytes} bytes (MaxJsonBytes), but has more");
            held.Add(count);
            bytes.Write(buffer, 0, count);
        }
        try
        {
            return StrictJson.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        }
        catch (JsonException failure)
        {
            throw InputFault.Invalid("body", $"cannot be read as JSON: {failure.Message}", failure);
        }
    }
}
