using Rewas.Hosting;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>
/// A caller's share of the decoders that look at whole videos in this process. <see cref="DecoderPlaces"/> serves in order of arrival, so
/// one caller could fill its queue. At most half as many calls of a named caller as there are decoders go on to it at a time. A call takes
/// a place here first, and then those there. Calls of different callers do not wait here for each other. A black video that is made takes a
/// place too.
/// </summary>
/// <param name="places">Number of decoders that run at once.</param>
public sealed class DecoderShares(int places)
{
    readonly SharedPlaces shared = new("video", (int.MaxValue, "no limit"), (Math.Max(1, places / 2), "half of all decoders"));

    /// <summary>Number of calls that wait for a place.</summary>
    public int Waiting => shared.Waiting;

    /// <summary>As many places as <see cref="DecoderPlaces"/> has.</summary>
    public static DecoderShares OfMachine() => new(DecoderPlaces.Fitting(ContainerMemory.Limit, new VideoLimits().MaxDecoderBytes));

    /// <summary>Waits for a place, released by disposal. Who holds one must not wait for a second one.</summary>
    public Task<IDisposable> EnterAsync(string caller, CancellationToken cancellation) => shared.EnterAsync(caller, cancellation);
}
