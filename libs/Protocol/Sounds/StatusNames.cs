using Grpc.Core;

namespace Rewas.Protocol.Sounds;

/// <summary>Statuses in gRPC's spelling.</summary>
static class StatusNames
{
    /// <summary>INVALID_ARGUMENT for InvalidArgument.</summary>
    public static string Of(StatusCode status) => status == StatusCode.OK ? "OK"
        : string.Concat(status.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
