using System.Net.Sockets;
using Grpc.Core;
using Rewas.Protocol;

namespace Rewas.Client;

/// <summary>A stage refused or failed. The message names the stage, the status and the reason.</summary>
public sealed class StageFailure : Exception
{
    public StageFailure(string stage, StatusCode status, string detail, Exception? inner = null)
        : base($"{stage}: {NameOf(status)}: {detail}", inner)
        => (Stage, Status, Detail) = (stage, status, detail);

    /// <summary>One of <see cref="StageNames"/>.</summary>
    public string Stage { get; }

    public StatusCode Status { get; }

    /// <summary>One line without stage and status. For faults of the input it names field, limit and value.</summary>
    public string Detail { get; }

    /// <summary>The field at fault, if the stage names it.</summary>
    public string? Field { get; private init; }

    /// <summary>When to try again, if the stage says so.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The id of this failure in the stage's log, if the stage failed.</summary>
    public string? Correlation { get; private init; }

    /// <summary>True if the user can fix the cause. False for a fault of the platform.</summary>
    public bool IsInputFault =>
        Status is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.ResourceExhausted;

    /// <param name="failure">How the call ended. It was not cancelled by the caller.</param>
    public static StageFailure From(string stage, RpcException failure)
    {
        var (status, detail) = (failure.StatusCode, failure.Status.Detail);
        if (failure.Status.DebugException is { } cause and (HttpRequestException or SocketException or IOException)
            && status is not StatusCode.DeadlineExceeded)
        {
            // The transport failed, so the status is gRPC's guess. For a process that died it may be INTERNAL or CANCELLED.
            status = StatusCode.Unavailable;
            detail = cause is HttpRequestException or SocketException
                ? $"cannot be reached: {cause.GetBaseException().Message}"
                : "the connection was lost during the call";
        }
        else if (IsCutRequest(failure))
        {
            (status, detail) = (StatusCode.Unavailable, "the connection was lost during the call");
        }
        else if (status is StatusCode.Cancelled)
        {
            (status, detail) = (StatusCode.Unavailable, "the stage broke off the call");
        }
        else if (detail.StartsWith(stage + ": ", StringComparison.Ordinal))
        {
            detail = detail[(stage.Length + 2)..];                           // the gateway names the stage too
        }
        else if (status is StatusCode.DeadlineExceeded)
        {
            detail = detail.Length > 0 ? detail : "not done before the deadline";
        }
        return new(stage, status, detail, failure)
        {
            Field = FieldOf(failure),
            Correlation = failure.Trailers.GetValue("rewas-correlation"),
            RetryAfter = RetryAfterOf(failure),
        };
    }

    /// <summary>
    /// Whether the server says that it received only a part of the request. The whole was sent, so the rest was lost with a connection
    /// on the way, and nothing was done. The text is that of Grpc.AspNetCore.
    /// </summary>
    internal static bool IsCutRequest(RpcException failure) =>
        failure.Status is { StatusCode: StatusCode.Internal, Detail: "Incomplete message." };

    /// <summary>The field at fault, if the answer names it.</summary>
    internal static string? FieldOf(RpcException failure) => failure.Trailers.GetValue("rewas-field");

    /// <summary>When to try again, if the answer says so.</summary>
    internal static TimeSpan? RetryAfterOf(RpcException failure) =>
        long.TryParse(failure.Trailers.GetValue("retry-after-ms"), out var delay) ? TimeSpan.FromMilliseconds(delay) : null;

    /// <summary>The status in gRPC's spelling, such as INVALID_ARGUMENT.</summary>
    static string NameOf(StatusCode status) =>
        string.Concat(status.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
