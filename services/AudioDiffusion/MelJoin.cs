using Rewas.Clip;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Concatenates mel windows and crossfades overlaps. Neighbours whose latents agree in the overlap differ there only by what their decoder
/// saw around it. At a cut of the picture, one scene ends and the next begins without a fade.
/// </summary>
/// <param name="layout">Layout of a scene's windows.</param>
public sealed class MelJoin(WindowLayout layout)
{
    float[] tail = [];                                                       // frames shared with the next window of the scene

    /// <summary>Adds a window and returns its frames in one or two parts. Frames that the next window may share are held back.</summary>
    /// <param name="mel">[512, 64], the next window in time; changed in place.</param>
    /// <param name="beginsScene">Whether it is the first window of its scene.</param>
    /// <param name="frames">Number of its frames inside the scene.</param>
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

    /// <summary>The rest that was held back for a next window; null if there is none.</summary>
    public HostTensor? End()
    {
        var rest = tail;
        tail = [];
        return rest.Length == 0 ? null : Frames(rest);
    }

    static HostTensor Frames(Memory<float> mel) => HostTensor.Of(mel, mel.Length / ClipTiming.MelBins, ClipTiming.MelBins);
}
