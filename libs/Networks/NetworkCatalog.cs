using System.Text.Json;

namespace Rewas.Networks;

/// <summary>Every network by the name that bundles use for it.</summary>
public static class NetworkCatalog
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    static readonly Dictionary<string, Func<JsonElement, NetworkDefinition>> Definitions = new()
    {
    };

    public static IReadOnlyCollection<string> Architectures => Definitions.Keys;

    /// <exception cref="ArgumentException">No such architecture, or a configuration that it cannot read.</exception>
    public static NetworkDefinition Create(string architecture, JsonElement configuration)
    {
        if (!Definitions.TryGetValue(architecture, out var define))
            throw new ArgumentException($"architecture '{architecture}' is unknown; known: {string.Join(", ", Definitions.Keys)}");
        try
        {
            return define(configuration);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"configuration of '{architecture}': {e.Message}", e);
        }
    }

    static T Read<T>(JsonElement configuration) => configuration.Deserialize<T>(Json) ?? throw new JsonException("is null");
}
