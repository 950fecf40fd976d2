using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;

namespace Rewas.Client;

/// <summary>
/// Spreads calls over several gateways in turn. A gateway that is frozen or cut off keeps its connection, so a connection says little.
/// Therefore a gateway counts as answering by its last call. Describe also goes to gateways that have not answered yet, because it is
/// hedged and costs nothing if one is silent. Other calls go to gateways that answer, and to the others only if none does. A gateway that
/// has just failed is left out while another has not: it fails at once, so it would always seem to be the one with the least to do.
/// </summary>
sealed class GatewayBalancer(IChannelControlHelper controller, ILoggerFactory logs) : SubchannelsLoadBalancer(controller, logs)
{
    public const string Policy = "rewas_answering_gateways";

    readonly ConcurrentDictionary<string, GatewayAnswers> answers = new();

    protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels) =>
        new Picker(
            [.. readySubchannels.Select(gateway => (gateway, answers.GetOrAdd(KeyOf(gateway), _ => new(TimeProvider.System))))]);

    static string KeyOf(Subchannel subchannel) => string.Join(' ', subchannel.GetAddresses());

    /// <summary>Makes the balancer of a channel.</summary>
    public sealed class Factory : LoadBalancerFactory
    {
        public override string Name => Policy;

        public override LoadBalancer Create(LoadBalancerOptions options) => new GatewayBalancer(options.Controller, options.LoggerFactory);
    }

    /// <summary>The policy in a service config.</summary>
    public static LoadBalancingConfig Config { get; } = new(Policy);

    sealed class Picker(IReadOnlyList<(Subchannel Subchannel, GatewayAnswers Answers)> gateways) : SubchannelPicker
    {
        const string Describe = "/Describe";

        uint turn;

        public override PickResult Pick(PickContext context)
        {
            var isDescribe = context.Request?.RequestUri?.AbsolutePath.EndsWith(Describe, StringComparison.Ordinal) == true;
            // Each gateway is looked at once, because other calls begin and end meanwhile.
            var seen = gateways
                .Select(gateway => (gateway.Subchannel, gateway.Answers, State: gateway.Answers.Now))
                .ToArray();
            if (Array.Exists(seen, gateway => !gateway.State.Failing))
                seen = Array.FindAll(seen, gateway => !gateway.State.Failing);
            var (waiting, answering) = (seen.Min(gateway => gateway.State.Waiting), Array.Exists(seen, gateway => gateway.State.Answering));
            // A hedge leaves out the gateway that has not answered the first call.
            var fit = Array.FindAll(
                seen, gateway => isDescribe ? gateway.State.Waiting == waiting : gateway.State.Answering || !answering);
            var chosen = fit[Interlocked.Increment(ref turn) % (uint)fit.Length];
            return PickResult.ForSubchannel(chosen.Subchannel, chosen.Answers.Track());
        }
    }
}

/// <summary>Whether a gateway answers, by its last calls.</summary>
/// <param name="time">Measures how long calls last and how long ago they failed.</param>
sealed class GatewayAnswers(TimeProvider time)
{
    /// <summary>How long a gateway that failed is left out.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    int waiting;
    volatile bool answering;
    long failed = long.MinValue;                                             // timestamp of the last failure

    TimeProvider Time => time;

    /// <summary>The present state.</summary>
    public GatewayState Now =>
        new(Volatile.Read(ref waiting), answering, !answering && Volatile.Read(ref failed) is > long.MinValue and var at
            && Time.GetElapsedTime(at) < Pause);

    public ISubchannelCallTracker Track() => new Call(this);

    sealed class Call(GatewayAnswers owner) : ISubchannelCallTracker
    {
        long started;

        public void Start()
        {
            started = owner.Time.GetTimestamp();
            Interlocked.Increment(ref owner.waiting);
        }

        /// <summary>Called when the answer begins, or when the call ends without one.</summary>
        public void Complete(CompletionContext context)
        {
            Interlocked.Decrement(ref owner.waiting);
            if (context.Error is null)
                owner.answering = true;
            // A caller may give up early for reasons of its own. A call that lost to its hedge has waited longer.
            else if (!IsCancellation(context.Error) || owner.Time.GetElapsedTime(started) >= UnaryCalls.HedgingDelay)
            {
                owner.answering = false;
                Volatile.Write(ref owner.failed, owner.Time.GetTimestamp());
            }
        }

        static bool IsCancellation(Exception error) =>
            error is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };
    }
}

/// <param name="Waiting">Calls that wait for the beginning of their answer.</param>
/// <param name="Answering">Whether the last call that ended was answered.</param>
/// <param name="Failing">Whether a call has just failed, and none was answered since.</param>
readonly record struct GatewayState(int Waiting, bool Answering, bool Failing);
