using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Store.Data;

namespace Rewas.SoundStudio;

/// <summary>Why a render failed, as the database keeps it.</summary>
/// <param name="Status">A gRPC status code.</param>
sealed record RenderFailure(int Status, string Message, string? Field = null)
{
    public static RenderFailure Of(Exception failure, ILogger log, string render)
    {
        switch (failure)
        {
            case StageFailure stage:
                return new((int)stage.Status, $"{stage.Stage}: {stage.Detail}", stage.Field);
            case InputFault fault:
                return new((int)FaultInterceptor.StatusOf(fault.Kind), fault.Message, fault.Field);
            case RpcException rpc:
                return new((int)rpc.StatusCode, rpc.Status.Detail);
            case var passing when PassingFault.Is(passing):
                return new((int)StatusCode.Unavailable, PassingFault.Reason(passing));
            default:
                var correlation = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
                log.RenderFailed(failure, render, correlation);
                return new((int)StatusCode.Internal, $"internal error; correlation {correlation}");
        }
    }

    public static RenderFailure Of(byte[] json) => JsonSerializer.Deserialize<RenderFailure>(json)!;

    public static RpcException Read(byte[] json)
    {
        var failure = Of(json);
        return new(new((StatusCode)failure.Status, failure.Message));
    }

    /// <summary>Why a render has no sound.</summary>
    public static InputFault Cancelled(string render) => InputFault.Precondition("render_id", $"'{render}' was cancelled");

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);
}
