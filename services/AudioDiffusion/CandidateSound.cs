using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>One candidate of a sound on its way from windows to a whole: the latents that windows to come are made from, and the mels that wait for one before them.</summary>
/// <param name="layout">Where the windows of a scene lie.</param>
/// <param name="latentShape">[Z, H, W].</param>
/// <param name="candidate">Candidate, from 0.</param>
public sealed class CandidateSound(WindowLayout layout, long[] latentShape, int candidate)
{
    readonly Dictionary<int, float[]> latents = [];
    readonly Dictionary<int, (WindowPlace Place, float[] Mel)> mels = [];
    readonly MelJoin join = new(layout);
    int next;                                                                // number of the next window to give

    public int Candidate => candidate;

    /// <summary>Where a window's latent lies.</summary>
    public LatentPlace Place(WindowPlace window) => new(LatentFrames(window.Start), (int)latentShape[1], (int)latentShape[2]);

    /// <summary>What stands fixed in a window, or null.</summary>
    public FixedContext? Context(WindowPlace window)
    {
        var before = layout.FollowsPrevious(window.InScene) ? latents[window.Number - 1] : [];
        var after = layout.LeadsToNext(window.InScene) ? latents.GetValueOrDefault(window.Number + 1) ?? [] : [];
        return before.Length + after.Length == 0 ? null : new(latentShape, before, after, LatentFrames(layout.Overlap));
    }

    /// <param name="window">Those that it is made from came before.</param>
    /// <param name="latent">[Z, H, W].</param>
    /// <param name="mel">[512, 64].</param>
    public void Take(WindowPlace window, float[] latent, float[] mel) => (latents[window.Number], mels[window.Number]) = (latent, (window, mel));

    /// <summary>Whether the next window's parts can be given.</summary>
    public bool HasNext => mels.ContainsKey(next);

    /// <summary>The next parts of the mel.</summary>
    /// <param name="controls">Tells where the window's scene ends, as far as that is known.</param>
    public IReadOnlyList<HostTensor> Next(ControlTimeline controls)
    {
        mels.Remove(next, out var made);
        latents.Remove(next - 1);                                            // the window after it has been made
        next++;
        var (window, mel) = made;
        var frames = Math.Min(ClipTiming.MelFramesPerWindow, (controls.CutAfter(window.Start) ?? long.MaxValue) - window.Start);
        return join.Add(mel, beginsScene: window.InScene == 0, (int)frames, goesOn: controls.GoesOnAfter(window.Start) ?? true);
    }

    /// <summary>What was held back for a window that does not come; null for nothing.</summary>
    public HostTensor? End() => join.End();

    int LatentFrames(long frames) => (int)(frames * latentShape[1] / ClipTiming.MelFramesPerWindow);
}
