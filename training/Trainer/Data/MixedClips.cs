namespace Rewas.Trainer.Data;

/// <summary>Clips of one source or the other, by chance.</summary>
/// <param name="usual">Gives the rest.</param>
/// <param name="other">Gives its share.</param>
/// <param name="share">Of all clips, 0 to 1.</param>
sealed class MixedClips(IClipSource usual, IClipSource other, double share) : IClipSource
{
    public TrainingClip Make(ulong seed) => new Random((int)(seed * 0xD1B54A32D192ED03 >> 33)).NextDouble() < share ? other.Make(seed) : usual.Make(seed);
}
