namespace Rewas.Trainer.Data;

/// <summary>
/// Clips held ready for training, of which some are replaced by new ones at every step. What the pool holds at a step, and which clips
/// a step sees, follow from the seed and the step alone.
/// </summary>
/// <param name="source">Makes them.</param>
/// <param name="seed">Of the training.</param>
/// <param name="stage">Size and renewal.</param>
sealed class ClipPool(IClipSource source, ulong seed, StageConfig stage)
{
    readonly TrainingClip?[] clips = new TrainingClip?[stage.PoolClips];
    long made;

    /// <summary>The clips of a step, with the random numbers that the step may use for crops and drops.</summary>
    public (TrainingClip[] Clips, Random Random) Draw(int step)
    {
        // Slot i holds the newest clip whose number is i modulo the pool's size: the same after a resume as without one.
        var newest = clips.Length + (long)(step * stage.RenewedPerStep);
        for (var number = Math.Max(made, newest - clips.Length); number < newest; number++)
            clips[number % clips.Length] = source.Make(seed + (ulong)number);
        made = newest;
        var random = new Random((int)((seed + (ulong)step) * 0x9E3779B97F4A7C15 >> 33));
        return ([.. Enumerable.Range(0, stage.Batch).Select(_ => clips[random.Next(clips.Length)]!)], random);
    }
}
