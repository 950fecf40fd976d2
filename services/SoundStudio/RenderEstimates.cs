using Google.Protobuf.WellKnownTypes;
using Rewas.Bundles;
using Rewas.Store.Leases;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.SoundStudio;

/// <summary>Says how long a render would take now, from the times of the renders that this replica has made.</summary>
public sealed class RenderEstimates(LeaseTable leases, RenderTimes times, Bundle bundle, TimeProvider time)
{
    /// <param name="facts">Of the video.</param>
    /// <param name="seen">The video was looked at before.</param>
    public async Task<RenderEstimate> OfAsync(
        StartRenderRequest request, VideoFacts facts, bool seen, CancellationToken cancellation)
    {
        var samples = ClipTiming.SamplesIn(facts.Duration);
        var running = await leases.ListAsync(LeasedVideos.Renders, (long)RenderStage.Making, cancellation);
        var estimate = new RenderEstimate
        {
            Windows = ClipTiming.WindowsFor(samples),
            Steps = request.Options.Steps > 0 ? request.Options.Steps : bundle.Manifest.Sampler.Steps,
            KeptBytes = RenderMessages.KeptBytes(request, samples),
            RendersBefore = running.Count,
        };
        if (Expect(request, samples, looks: !seen && request.Curve is null) is { } own)
        {
            var waiting = running.Aggregate(TimeSpan.Zero, (sum, render) => sum + Left(render));
            (estimate.Waiting, estimate.Expected) = (Duration.FromTimeSpan(waiting), Duration.FromTimeSpan(waiting + own));
        }
        return estimate;
    }

    /// <summary>Learns from a render that has succeeded.</summary>
    /// <param name="looked">Its video was looked at for it.</param>
    public void Learn(StartRenderRequest request, VideoFacts facts, bool looked, StudioRendering rendering)
    {
        if (rendering.BeforeFirstStep is not { } first)
            return;                                                          // every window was found in a cache
        var samples = ClipTiming.SamplesIn(facts.Duration);
        times.Learn(
            Work(request, samples), ClipTiming.WindowsFor(samples), looked ? first : null,
            looked ? rendering.Elapsed - first : rendering.Elapsed);
    }

    TimeSpan? Expect(StartRenderRequest request, long samples, bool looks) =>
        times.Expect(Work(request, samples), ClipTiming.WindowsFor(samples), looks);

    /// <summary>The time that a running render still needs.</summary>
    TimeSpan Left(LeaseRow render)
    {
        var request = StartRenderRequest.Parser.ParseFrom(render.Document);
        var elapsed = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(render.Created);
        return Expect(request, RenderMessages.SamplesOf(render, request), looks: false) is { } whole && whole > elapsed
            ? whole - elapsed : TimeSpan.Zero;
    }

    /// <summary>Steps of single windows, over all layers. A batch of candidates counts each of them.</summary>
    double Work(StartRenderRequest request, long samples) =>
        (double)ClipTiming.WindowsFor(samples) * (request.Options.Steps > 0 ? request.Options.Steps : bundle.Manifest.Sampler.Steps)
        * RenderMessages.SoundsOf(request);
}
