namespace Rewas.Rendering.Finishing;

/// <summary>Fades at both ends of a sound, linear in amplitude, applied part by part.</summary>
/// <param name="frames">Length of the whole sound.</param>
/// <param name="fadeFrames">Length of each fade; at most half of the sound is used.</param>
/// <param name="channels">Interleaved.</param>
sealed class EndFades(long frames, double fadeFrames, int channels)
{
    readonly double length = Math.Min(fadeFrames, frames / 2.0);
    long next;

    public ReadOnlyMemory<float> Apply(ReadOnlyMemory<float> part)
    {
        var count = part.Length / channels;
        var first = next;
        next += count;
        if (length < 1 || (first >= length && next <= frames - length))
            return part;
        var faded = part.ToArray();
        for (var i = 0; i < faded.Length; i++)
        {
            var frame = first + i / channels;
            faded[i] *= (float)Math.Min(1, Math.Min(frame, frames - 1 - frame) / length);
        }
        return faded;
    }
}
