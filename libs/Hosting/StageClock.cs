using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Hosting;

/// <summary>Times one call of a stage. Thread-safe.</summary>
public sealed class StageClock(string stage, Bundle bundle)
{
    static readonly TimeSpan WindowDuration = TimeSpan.FromSeconds((double)ClipTiming.SamplesPerWindow / ClipTiming.SampleRate);

    readonly long start = Stopwatch.GetTimestamp();
    long networkTicks;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    public TimeSpan NetworkElapsed => new(Interlocked.Read(ref networkTicks));

    /// <summary>Runs a network and counts its time.</summary>
    /// <param name="network">Name in the bundle. It names the span of the trace.</param>
    public HostTensor Network(string network, HostTensor[] inputs, Func<HostTensor> run)
    {
        using var activity = RewasTelemetry.Source.StartActivity(network);
        activity?.SetTensors("in", inputs);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var output = run();
            activity?.SetTensors("out", output);
            return output;
        }
        finally
        {
            Interlocked.Add(ref networkTicks, Stopwatch.GetElapsedTime(began).Ticks);
        }
    }

    /// <summary>Counts the time of a network run that several calls share.</summary>
    public void Count(TimeSpan network) => Interlocked.Add(ref networkTicks, network.Ticks);

    /// <summary>The stage's last message. Also records the metrics.</summary>
    public StageSummary Summary(int windows)
    {
        var (elapsed, inNetworks) = (Elapsed, NetworkElapsed);
        var tag = new KeyValuePair<string, object?>("rewas.stage", stage);
        RewasTelemetry.StageDuration.Record(elapsed.TotalSeconds, tag);
        RewasTelemetry.NetworkDuration.Record(inNetworks.TotalSeconds, tag);
        if (windows > 0)
            RewasTelemetry.RealTimeFactor.Record(elapsed / (windows * WindowDuration), tag);
        return new()
        {
            Stage = stage,
            Elapsed = Duration.FromTimeSpan(elapsed),
            NetworkElapsed = Duration.FromTimeSpan(inNetworks),
            BundleSha256 = bundle.Sha256,
            Windows = windows,
        };
    }
}
