using Grpc.Core;

namespace Rewas.Hosting;

public static class CallTime
{
    /// <summary>By how much earlier than a call's own deadline that of its work for it ends, so that what happened can still be told.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    /// <summary>Time for calls to others that a call makes: until a little before its deadline, at least that little, at most this much.</summary>
    public static TimeSpan TimeLeft(this ServerCallContext context, TimeSpan most)
    {
        if (context.Deadline - DateTime.UtcNow - Margin is var left && left >= most)   // MaxValue: there is no deadline
            return most;
        return left > Margin ? left : Margin;
    }
}
