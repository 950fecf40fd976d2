using Rewas.Clip;
using Rewas.Sound.Mel;
using Rewas.Sound.Placement;

namespace Rewas.Rendering.References;

/// <summary>The log mel of placed pieces, window by window, from which sampling starts.</summary>
sealed class PlacedMel(IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<RecordedSamples> recordings)
{
    /// <summary>Frames beyond both ends of a window whose samples the window's own frames depend on.</summary>
    const int Reach = 8;

    /// <summary>Natural-log mel, [512 * 64]. Windows follow each other without overlap.</summary>
    /// <param name="window">From 0.</param>
    public float[] Window(int window)
    {
        const int Beside = Reach * ClipTiming.HopSamples, Bins = ClipTiming.MelBins;
        var wave = new float[ClipTiming.SamplesPerWindow + 2 * Beside];
        var first = (long)window * ClipTiming.SamplesPerWindow - Beside;
        var before = (int)Math.Max(0, -first);                               // silence before the sound
        var part = new float[wave.Length - before];
        new PieceRenderer(pieces, recordings).Render(first + before, [part]);
        part.CopyTo(wave, before);
        return MelSpectrogram.LogMel(wave)[(Reach * Bins)..((Reach + ClipTiming.MelFramesPerWindow) * Bins)];
    }
}
