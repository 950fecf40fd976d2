using Grpc.Core;

namespace Rewas.Hosting;

public static class CallTime
{
    /// <summary>Time kept back from a call's deadline, so that the call can still report what happened.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Time limit for calls that this call makes: until shortly before its deadline, at most <paramref name="most"/>, and at least the
    /// margin.
    /// </summary>
    public static TimeSpan TimeLeft(this ServerCallContext context, TimeSpan most)
    {
        if (context.Deadline - DateTime.UtcNow - Margin is var left && left >= most)   // the deadline is MaxValue if there is none
            return most;
        return left > Margin ? left : Margin;
    }
}
