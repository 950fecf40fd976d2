using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Lays mel windows end to end; where they overlap, one is faded into the next. Neighbours whose latents are the same there differ only in what their decoder saw
/// around it.
/// </summary>
/// <param name="layout">Where windows lie.</param>
public sealed class MelJoin(WindowLayout layout)
{
    float[] tail = [];                                                       // frames that the next window shares

    /// <summary>The frames that a window adds; what the next one shares is held back.</summary>
    /// <param name="mel">[512, 64], the next window in order of time; changed in place.</param>
    /// <param name="isLast">Whether none follows.</param>
    /// <returns>[T, 64].</returns>
    public HostTensor Add(float[] mel, bool isLast)
    {
        for (var i = 0; i < tail.Length; i++)
        {
            var share = (i / ClipTiming.MelBins + 1f) / (layout.Overlap + 1);
            mel[i] = tail[i] + share * (mel[i] - tail[i]);
        }
        var given = isLast ? mel.Length : layout.Stride * ClipTiming.MelBins;
        tail = mel[given..];
        return Frames(mel.AsMemory(0, given));
    }

    /// <summary>What was held back for a window that does not come; null for nothing.</summary>
    public HostTensor? End() => tail.Length == 0 ? null : Frames(tail);

    static HostTensor Frames(Memory<float> mel) => HostTensor.Of(mel, mel.Length / ClipTiming.MelBins, ClipTiming.MelBins);
}
