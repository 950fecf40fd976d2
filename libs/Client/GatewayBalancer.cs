using System.Collections.Concurrent;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;

namespace Rewas.Client;

/// <summary>
/// Spreads calls over several gateways in turn. A gateway that is frozen or cut off keeps its connection, so a connection says little.
/// Therefore a gateway counts as answering by its last call. Describe asks all gateways in turn, because it is hedged and costs nothing
/// if one is silent. Other calls go to gateways that answer, and to the others only if none does.
/// </summary>
sealed class GatewayBalancer(IChannelControlHelper controller, ILoggerFactory logs) : SubchannelsLoadBalancer(controller, logs)
{
    public const string Policy = "rewas_answering_gateways";

    readonly ConcurrentDictionary<string, GatewayAnswers> answers = new();

    protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels) =>
        new Picker([.. readySubchannels.Select(subchannel => (subchannel, answers.GetOrAdd(KeyOf(subchannel), _ => new())))]);

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
                .Select(gateway => (gateway.Subchannel, gateway.Answers, gateway.Answers.Waiting, Answered: gateway.Answers.Answers))
                .ToArray();
            var (waiting, answering) = (seen.Min(gateway => gateway.Waiting), Array.Exists(seen, gateway => gateway.Answered));
            // A hedge leaves out the gateway that has not answered the first call.
            var fit = Array.FindAll(seen, gateway => isDescribe ? gateway.Waiting == waiting : gateway.Answered || !answering);
            var chosen = fit[Interlocked.Increment(ref turn) % (uint)fit.Length];
            return PickResult.ForSubchannel(chosen.Subchannel, chosen.Answers.Track());
        }
    }
}

/// <summary>Whether a gateway answers, by its last call.</summary>
sealed class GatewayAnswers
{
    int waiting;
    volatile bool answers;

    /// <summary>True if the last call that ended was answered.</summary>
    public bool Answers => answers;

    /// <summary>Calls that wait for the beginning of their answer.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    public ISubchannelCallTracker Track() => new Call(this);

    sealed class Call(GatewayAnswers owner) : ISubchannelCallTracker
    {
        public void Start() => Interlocked.Increment(ref owner.waiting);

        /// <summary>
        /// Called when the answer begins, or when the call ends without one. A call that lost to its hedge has no answer.
        /// </summary>
        public void Complete(CompletionContext context)
        {
            Interlocked.Decrement(ref owner.waiting);
            owner.answers = context.Error is null;
        }
    }
}
