using Rewas.Hosting;
using Rewas.Video;

namespace Rewas.Jobs.Running;

/// <summary>
/// Places for the programs that write the black videos of submissions. A named caller gets at most half of them. A place that becomes free
/// goes to the waiting caller that holds the fewest.
/// </summary>
/// <param name="places">Number of programs that run at once.</param>
public sealed class BlankPlaces(int places)
{
    readonly SharedPlaces shared = new(
        "blank_seconds", (places, "as many as decoders"), (Math.Max(1, places / 2), "half of all places"));

    /// <summary>Number of items that wait for a place.</summary>
    public int Waiting => shared.Waiting;

    /// <summary>As many places as <see cref="DecoderPlaces"/> has.</summary>
    public static BlankPlaces OfMachine() => new(DecoderPlaces.Fitting(ContainerMemory.Limit, new VideoLimits().MaxDecoderBytes));

    /// <summary>Waits for a place, released by disposal.</summary>
    public Task<IDisposable> EnterAsync(string caller, CancellationToken cancellation) => shared.EnterAsync(caller, cancellation);
}
