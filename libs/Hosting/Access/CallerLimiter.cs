using System.Globalization;
using Grpc.Core;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Access;

/// <summary>Enforces <see cref="CallerLimits"/> for each caller separately.</summary>
/// <param name="usage">Where it is counted.</param>
sealed class CallerLimiter(ICallerUsage usage, TimeProvider time)
{
    /// <summary>Probes of health have no caller. They are counted here, so that they do not depend on a shared store.</summary>
    readonly MemoryUsage probes = new(time);

    /// <summary>Admits one call. Dispose the place when the call has ended.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, with the time to retry after.</exception>
    public async ValueTask<CallPlace> EnterAsync(Caller caller)
    {
        if (caller.Limits is not { } limits)
            return new(null, new(caller.Name, Through: false, new()));
        var (counts, call) = (caller.Name.Length > 0 ? usage : probes, new CallUse(caller.Name, caller.Through.Length > 0, limits));
        ThrowIf(await counts.EnterAsync(call), call);
        return new(counts, call);
    }

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: a limit was reached.</exception>
    internal static void ThrowIf(LimitReached? reached, CallUse call)
    {
        if (reached is null)
            return;
        var (field, limit) = Describe(reached.Limit, call);
        throw Refused(new InputFault(FaultKind.Exhausted, field, $"{limit} ({reached.Limit})")
        {
            RetryAfter = reached.RetryAfter > TimeSpan.Zero ? reached.RetryAfter : TimeSpan.FromSeconds(1),
        });
    }

    public static RpcException Refused(InputFault fault) =>
        new(new(StatusCode.ResourceExhausted, fault.Message), FaultInterceptor.Trailers(fault));

    static (string Field, string Limit) Describe(string limit, CallUse call)
    {
        var limits = call.Limits;
        return limit switch
        {
            nameof(limits.ConcurrentCalls) => ("calls", Say($"at most {call.Places} may be in progress")),
            nameof(limits.CallsPerSecond) => ("calls", Say($"at most {limits.CallsPerSecond} may be made in a second")),
            nameof(limits.CallsPerDay) => ("calls", Say($"at most {limits.CallsPerDay} may be made in 24 hours")),
            _ => ("bytes", Say($"at most {limits.UploadBytesPerDay} may be sent in 24 hours")),
        };
    }

    static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
