using System.Text.Json.Serialization;

namespace Rewas.Gateway.Web.Problems;

/// <summary>What went wrong, as application/problem+json (RFC 9457).</summary>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One line that names the field, the limit and the value.</param>
/// <param name="Code">The gRPC status, such as INVALID_ARGUMENT.</param>
sealed record Problem(string Title, int Status, string Detail, string Code)
{
    public const string MediaType = "application/problem+json";

    /// <summary>Always "about:blank": the code says what kind of problem it is.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The field at fault. Several are separated by commas.</summary>
    public string? Field { get; init; }

    /// <summary>When to try again, milliseconds.</summary>
    [JsonPropertyName("retry_after_ms")]
    public long? RetryAfter { get; init; }

    /// <summary>Identifies the log entry of a fault of the platform.</summary>
    public string? Correlation { get; init; }
}
