using Rewas.V1;
using WindowControl = Rewas.Clip.WindowControl;

namespace Rewas.AudioDiffusion;

/// <summary>
/// A sound from which sampling starts (SDEdit, Meng et al., 2022, arXiv 2108.01073): its latent is noised to the first level. Where it
/// comes from, the bundle's memory or the caller's own recordings, makes no difference to sampling.
/// </summary>
public abstract class SamplingStart
{
    /// <summary>Recordings that the stage itself has chosen, with their credits.</summary>
    public virtual IReadOnlyList<RecordingUsed> Credits => [];

    /// <summary>The sound of a window. It depends only on the arguments and the request.</summary>
    /// <param name="control">Control of the window.</param>
    /// <param name="start">First mel frame in the sound.</param>
    /// <param name="candidate">Index from 0.</param>
    public abstract StartingWindow Window(WindowControl control, long start, int candidate);

    /// <summary>What sampling starts from: recordings of the caller, else of the bundle's memory; null for noise.</summary>
    /// <param name="networks">Networks of the bundle.</param>
    public static SamplingStart? Of(EnergyToMel networks, SamplingRequest request) =>
        request.HasGivenStart ? new GivenStart() : MemoryStart.Find(networks, request);
}

/// <summary>The sound of a window from which sampling starts.</summary>
/// <param name="LogMel">Natural logarithm, [512, 64].</param>
/// <param name="Placed">The memory's recordings in it, for the report to the caller; null for none.</param>
public sealed record StartingWindow(float[] LogMel, PlacedWindow? Placed = null);
