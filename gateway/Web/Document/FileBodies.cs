using Microsoft.OpenApi;

namespace Rewas.Gateway.Web.Document;

/// <summary>Describes bodies that are files: the bytes, or a form with the bytes in it.</summary>
static class FileBodies
{
    const string Form = "multipart/form-data", Any = "*/*", Binary = "binary", Bytes = "application/octet-stream";

    public static void AddTo(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content is not { } content)
            return;
        if (content.TryGetValue(Any, out var raw))
        {
            raw.Schema = File();
            content[Bytes] = raw;
            content.Remove(Any);
        }
        if (content.TryGetValue(Form, out var form))
            form.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = File() },
                Required = new HashSet<string> { "file" },
            };
    }

    static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = Binary };
}
