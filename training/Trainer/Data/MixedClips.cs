namespace Rewas.Trainer.Data;

/// <summary>Draws each clip at random from one of two sources.</summary>
/// <param name="usual">Gives the rest of the clips.</param>
/// <param name="other">Gives its share of the clips.</param>
/// <param name="share">The share of <paramref name="other"/>, 0 to 1.</param>
sealed class MixedClips(IClipSource usual, IClipSource other, double share) : IClipSource
{
    public TrainingClip Make(ulong seed) =>
        new Random((int)(seed * 0xD1B54A32D192ED03 >> 33)).NextDouble() < share ? other.Make(seed) : usual.Make(seed);
}
