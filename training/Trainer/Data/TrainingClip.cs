using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>A scene or recording, with everything that the networks learn from it.</summary>
/// <param name="Kind">Kind of scene, or label.</param>
/// <param name="Captions">Prompts that are true of it.</param>
/// <param name="Frames">[128, N, N, 3] u8; empty when the pool renders no picture.</param>
/// <param name="Wave">[81920], mean-free, peak 0.5.</param>
/// <param name="LogMel">[512, 64].</param>
/// <param name="TokenEnergy">[tokens per window]: the target of phi.</param>
/// <param name="TokenOnsets">[tokens per window]: 1 where a sound starts.</param>
/// <param name="TokenTexture">[tokens per window, 5].</param>
/// <param name="Control">[512]: the input of the adapter.</param>
sealed record TrainingClip(
    string Kind,
    IReadOnlyList<string> Captions,
    byte[] Frames,
    float[] Wave,
    float[] LogMel,
    float[] TokenEnergy,
    float[] TokenOnsets,
    float[] TokenTexture,
    float[] Control)
{
    public static TrainingClip From(string kind, IReadOnlyList<string> captions, byte[] frames, float[] wave, ClipTiming timing)
    {
        Loudness.NormaliseForTraining(wave);
        var logMel = MelSpectrogram.LogMel(wave);
        var energy = Energy.OfLogMel(logMel);
        return new(
            kind,
            captions,
            frames,
            wave,
            logMel,
            Energy.ToTokens(energy, timing),
            OnsetCurve.Tokens(wave, timing),
            SpectralTexture.ToTokens(SpectralTexture.OfLogMel(logMel), timing),
            Energy.Control(energy, timing));
    }
}

static class TrainingClips
{
    /// <summary>The clips' log mels as one batch, [B, 1, 512, 64].</summary>
    public static torch.Tensor LogMels(this IReadOnlyCollection<TrainingClip> clips) =>
        torch.tensor(clips.SelectMany(c => c.LogMel).ToArray(), [clips.Count, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
}
