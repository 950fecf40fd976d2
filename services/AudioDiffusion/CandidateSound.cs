using Rewas.Clip;

namespace Rewas.AudioDiffusion;

/// <summary>
/// One candidate of a sound during sampling. Keeps the latents that later windows depend on, and the mels that wait for an earlier window.
/// </summary>
/// <param name="layout">Layout of a scene's windows.</param>
/// <param name="latentShape">[Z, H, W].</param>
/// <param name="candidate">Index from 0.</param>
public sealed class CandidateSound(WindowLayout layout, long[] latentShape, int candidate)
{
    readonly Dictionary<int, float[]> latents = [];
    readonly Dictionary<int, (WindowPlace Place, float[] Mel)> mels = [];
    readonly MelJoin join = new(layout);
    int next;                                                                // number of the next window to return

    public int Candidate => candidate;

    /// <summary>Position of a window's latent.</summary>
    public LatentPlace Place(WindowPlace window) => new(LatentFrames(window.Start), (int)latentShape[1], (int)latentShape[2]);

    /// <summary>The fixed part of a window, or null.</summary>
    public FixedContext? Context(WindowPlace window)
    {
        var before = layout.FollowsPrevious(window.InScene) ? latents[window.Number - 1] : [];
        var after = layout.LeadsToNext(window.InScene) ? latents.GetValueOrDefault(window.Number + 1) ?? [] : [];
        return before.Length + after.Length == 0 ? null : new(latentShape, before, after, LatentFrames(layout.Overlap));
    }

    /// <param name="window">The windows that it depends on must have come before.</param>
    /// <param name="latent">[Z, H, W].</param>
    /// <param name="mel">[512, 64].</param>
    public void Take(WindowPlace window, float[] latent, float[] mel) =>
        (latents[window.Number], mels[window.Number]) = (latent, (window, mel));

    /// <summary>Whether the next window's parts are available.</summary>
    public bool HasNext => mels.ContainsKey(next);

    /// <summary>The next parts of the mel.</summary>
    /// <param name="controls">Gives the end of the window's scene, if known.</param>
    public IReadOnlyList<HostTensor> Next(ControlTimeline controls)
    {
        mels.Remove(next, out var made);
        latents.Remove(next - 1);                                            // no later window needs it
        next++;
        var (window, mel) = made;
        var frames = Math.Min(ClipTiming.MelFramesPerWindow, (controls.CutAfter(window.Start) ?? long.MaxValue) - window.Start);
        return join.Add(mel, beginsScene: window.InScene == 0, (int)frames, goesOn: controls.GoesOnAfter(window.Start) ?? true);
    }

    /// <summary>The rest that was held back for a next window; null if there is none.</summary>
    public HostTensor? End() => join.End();

    int LatentFrames(long frames) => (int)(frames * latentShape[1] / ClipTiming.MelFramesPerWindow);
}
