using Rewas.Bench.Scaling;

namespace Rewas.EndToEnd.Tests;

/// <summary>No other test runs beside this one, because it measures time.</summary>
[CollectionDefinition(nameof(ReplicaScalingTests), DisableParallelization = true)]
public sealed class ReplicaScalingCollection;

/// <summary>Measures time, so it needs a machine with time to spare.</summary>
[Collection(nameof(ReplicaScalingTests))]
[Trait("Category", "Stress")]
public sealed class ReplicaScalingTests
{
    static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Two_replicas_do_nearly_twice_the_work_of_one_and_the_metric_follows_the_load()
    {
        using var bundle = new TinyBundle();
        using var watch = new QueueLengthWatch();
        // Steps only wait and leave the processor to other programs. Those may still take it at the wrong moment once.
        var (one, two) = (0.0, 0.0);
        for (var attempt = 0; attempt < 3 && !(two >= 2 * 0.8 * one && one > 0); attempt++)
            (one, two) = (await ThroughputAsync(bundle, replicas: 1), await ThroughputAsync(bundle, replicas: 2));
        Assert.True(two >= 2 * 0.8 * one, $"{two:F2} windows a second with two replicas, {one:F2} with one");
        Assert.InRange(watch.Read().Most, 1, int.MaxValue);                  // three callers a replica: some wait
    }

    static async Task<double> ThroughputAsync(TinyBundle bundle, int replicas)
    {
        await using var scaling = await ReplicaScaling.StartAsync(bundle.Bundle, replicas, StepTime);
        await scaling.RunAsync(callers: replicas, requests: replicas, steps: 2, _ => false);
        return (await scaling.RunAsync(callers: 3 * replicas, requests: 9 * replicas, steps: 4, _ => false)).RequestsPerSecond;
    }
}
