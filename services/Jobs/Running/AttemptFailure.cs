using Grpc.Core;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Store.Data;

namespace Rewas.Jobs.Running;

/// <summary>Why an attempt failed, and if another may succeed.</summary>
/// <param name="Reason">One line.</param>
/// <param name="MayPass">True if another attempt may succeed.</param>
/// <param name="Counts">True if it counts against the limit of attempts. A full queue does not count, because the item never had its
/// turn.</param>
/// <param name="RetryAfter">When to try again, if the stage said so.</param>
/// <param name="NeedsRoom">True if there was no room for temporary files. That does not count either, but it is not waited for without
/// end.</param>
sealed record AttemptFailure(
    string Reason, bool MayPass, bool Counts = true, TimeSpan? RetryAfter = null, bool NeedsRoom = false)
{
    /// <summary>Null for a bug.</summary>
    public static AttemptFailure? Of(Exception failure) => failure switch
    {
        StageFailure { Status: StatusCode.ResourceExhausted, RetryAfter: { } delay } full =>
            new(full.Message, MayPass: true, Counts: false, delay),
        StageFailure { IsInputFault: true } refused => new(refused.Message, MayPass: false),
        StageFailure broken => new(broken.Message, MayPass: true),
        // The stages are switching to another bundle.
        InputFault { Kind: FaultKind.Precondition, Field: "bundle" } replaced => new(replaced.Message, MayPass: true),
        // The room for temporary files is taken by other work.
        InputFault { Kind: FaultKind.Exhausted, RetryAfter: { } delay } full =>
            new(full.Message, MayPass: true, Counts: false, delay, NeedsRoom: true),
        _ when PassingFault.Is(failure) => new(PassingFault.Reason(failure), MayPass: true),
        InputFault fault => new(fault.Message, MayPass: false),
        _ => null,
    };
}
