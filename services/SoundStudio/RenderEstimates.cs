using Google.Protobuf.WellKnownTypes;
using Rewas.Bundles;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Store.Leases;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.SoundStudio;

/// <summary>Says how long a render would take now, from the times of the renders that this replica has made.</summary>
public sealed class RenderEstimates(
    LeaseTable leases, RenderTimes times, SampledWindows sampled, FairTime shares, Bundle bundle)
{
    /// <summary>What is known of a render before it is made.</summary>
    /// <param name="Looks">The picture is looked at.</param>
    /// <param name="Found">Share of the windows that the diffusion stage is expected to find in its cache.</param>
    public sealed record Plan(StartRenderRequest Request, string Caller, VideoClip Clip, bool Looks, double Found)
    {
        public long Samples => ClipTiming.SamplesIn(Clip.Facts.Duration);
    }

    public Plan PlanOf(StartRenderRequest request, string caller, VideoClip clip)
    {
        var curve = request.Curve?.ToCurve() ?? clip.Known?.Curve;
        var energy = curve is null ? [] : curve.Apply(request.Edits.ToEdits()).Values;
        return new(request, caller, clip, curve is null, sampled.Share(request, caller, bundle.Manifest.Sampler, energy));
    }

    public async Task<RenderEstimate> OfAsync(Plan plan, CancellationToken cancellation)
    {
        var filled = RenderWork.Filled(plan.Request, bundle.Manifest.Sampler);
        var running = await leases.ListAsync(LeasedVideos.Renders, (long)RenderStage.Making, cancellation);
        var estimate = new RenderEstimate
        {
            Windows = RenderWork.WindowsOf(filled, plan.Samples),
            Steps = filled.Steps,
            KeptBytes = RenderMessages.KeptBytes(plan.Request, plan.Samples),
            RendersBefore = running.Count,
        };
        if (times.Expect(Work(plan, plan.Found)) is { } own)
        {
            // While another render is made, both are slower.
            var waiting = running.Aggregate(TimeSpan.Zero, (sum, render) => sum + shares.Hindrance * Min(Left(render), own));
            (estimate.Waiting, estimate.Expected) = (Duration.FromTimeSpan(waiting), Duration.FromTimeSpan(waiting + own));
        }
        return estimate;
    }

    /// <summary>Learns from a render that has succeeded.</summary>
    /// <param name="plan">Made when it began.</param>
    /// <param name="steps">Steps that were sampled for its first candidate and its environment.</param>
    public void Learn(string render, Plan plan, MadeSound made, long steps)
    {
        var filled = RenderWork.Filled(plan.Request, bundle.Manifest.Sampler);
        var layers = plan.Request.Environment is null ? 1 : 2;
        var all = (double)RenderWork.WindowsOf(filled, plan.Samples) * filled.Steps * layers;
        var taken = (double)RenderWork.TakenWindows(filled, plan.Samples) * filled.Steps;
        var found = Math.Clamp(1 - (steps - taken) / all, 0, 1);
        var work = Work(plan, found);
        if (times.Expect(work) is { } expected)
            shares.Learn(render, expected);
        times.Learn(work, shares.Of(render));
        if (made.Result.Sampler is not null)
            sampled.Add(
                plan.Request, plan.Caller, bundle.Manifest.Sampler, EnergyCurve.Of([.. made.Result.Energy]).Values, plan.Found, found);
    }

    static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    RenderWork Work(Plan plan, double found) => RenderWork.Of(
        plan.Request, plan.Samples, bundle.Manifest.Sampler, plan.Looks ? plan.Clip.Facts : null, found);

    /// <summary>The time that a running render still needs. One of another replica is taken to have just begun.</summary>
    TimeSpan Left(LeaseRow render)
    {
        var request = StartRenderRequest.Parser.ParseFrom(render.Document);
        var work = RenderWork.Of(request, RenderMessages.SamplesOf(render, request), bundle.Manifest.Sampler, looked: null, found: 0);
        return times.Expect(work) is { } whole && whole - shares.Of(render.Id) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
    }
}
