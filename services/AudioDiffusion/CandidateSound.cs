using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>One candidate of a sound on its way from windows to a whole: the latents that windows to come are made from, and the mels that wait for one before them.</summary>
/// <param name="layout">Where windows lie.</param>
/// <param name="latentShape">[Z, H, W].</param>
/// <param name="candidate">Candidate, from 0.</param>
public sealed class CandidateSound(WindowLayout layout, long[] latentShape, int candidate)
{
    readonly Dictionary<int, float[]> latents = [], mels = [];
    readonly MelJoin join = new(layout);
    int next;                                                                // the next part

    public int Candidate => candidate;

    /// <summary>Where a window's latent lies.</summary>
    public LatentPlace Place(int window) => new(LatentFrames(layout.Start(window)), (int)latentShape[1], (int)latentShape[2]);

    /// <summary>What stands fixed in a window, or null.</summary>
    public FixedContext? Context(int window)
    {
        var before = layout.FollowsPrevious(window) ? latents[window - 1] : [];
        var after = layout.LeadsToNext(window) ? latents.GetValueOrDefault(window + 1) ?? [] : [];
        return before.Length + after.Length == 0 ? null : new(latentShape, before, after, LatentFrames(layout.Overlap));
    }

    /// <param name="window">Window, from 0; those that it is made from came before.</param>
    /// <param name="latent">[Z, H, W].</param>
    /// <param name="mel">[512, 64].</param>
    public void Take(int window, float[] latent, float[] mel) => (latents[window], mels[window]) = (latent, mel);

    /// <summary>Whether the next part can be given.</summary>
    public bool HasNext => mels.ContainsKey(next);

    /// <summary>The next part of the mel.</summary>
    /// <param name="isLast">Whether no window follows; false while that is not known.</param>
    public HostTensor Next(bool isLast)
    {
        mels.Remove(next, out var mel);
        latents.Remove(next - 1);                                            // the window after it has been made
        next++;
        return join.Add(mel!, isLast);
    }

    /// <summary>What was held back for a window that does not come; null for nothing.</summary>
    public HostTensor? End() => join.End();

    int LatentFrames(long frames) => (int)(frames * latentShape[1] / ClipTiming.MelFramesPerWindow);
}
