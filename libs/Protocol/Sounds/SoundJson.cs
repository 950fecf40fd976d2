using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rewas.Protocol.Sounds;

/// <summary>How the web API and webhooks write JSON: names with underscores, and no absent fields.</summary>
static class SoundJson
{
    public static JsonSerializerOptions Options { get; } = New();

    public static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.NumberHandling = JsonNumberHandling.Strict;
    }

    static JsonSerializerOptions New()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(json);
        return json;
    }
}
