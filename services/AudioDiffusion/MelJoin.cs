using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Lays mel windows end to end; where they overlap, one is faded into the next. Neighbours whose latents are the same there differ only in what their decoder saw
/// around it. At a cut of the picture one scene ends and the next begins, with no fade.
/// </summary>
/// <param name="layout">Where the windows of a scene lie.</param>
public sealed class MelJoin(WindowLayout layout)
{
    float[] tail = [];                                                       // frames that the next window shares, if it is of the same scene

    /// <summary>The frames that a window adds, in one part or two; what the next one may share is held back.</summary>
    /// <param name="mel">[512, 64], the next window in order of time; changed in place.</param>
    /// <param name="beginsScene">Whether it is the first of its scene.</param>
    /// <param name="frames">Its frames that lie in its scene.</param>
    /// <param name="goesOn">Whether the scene has another window.</param>
    /// <returns>[T, 64] each.</returns>
    public IReadOnlyList<HostTensor> Add(float[] mel, bool beginsScene, int frames, bool goesOn)
    {
        var parts = new List<HostTensor>();
        if (beginsScene && End() is { } rest)
            parts.Add(rest);
        for (var i = 0; i < tail.Length; i++)
        {
            var share = (i / ClipTiming.MelBins + 1f) / (layout.Overlap + 1);
            mel[i] = tail[i] + share * (mel[i] - tail[i]);
        }
        var given = goesOn ? layout.Stride : frames;
        tail = mel[(given * ClipTiming.MelBins)..(frames * ClipTiming.MelBins)];
        parts.Add(Frames(mel.AsMemory(0, given * ClipTiming.MelBins)));
        return parts;
    }

    /// <summary>What was held back for a window that does not come; null for nothing.</summary>
    public HostTensor? End()
    {
        var rest = tail;
        tail = [];
        return rest.Length == 0 ? null : Frames(rest);
    }

    static HostTensor Frames(Memory<float> mel) => HostTensor.Of(mel, mel.Length / ClipTiming.MelBins, ClipTiming.MelBins);
}
