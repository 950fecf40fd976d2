namespace Rewas.Trainer.Data;

/// <summary>
/// Clips held ready for training, of which some are replaced by new ones at every step. What the pool holds at a step, and which clips
/// a step sees, follow from the seed and the step alone, however many workers make the clips.
/// </summary>
/// <param name="source">Makes them.</param>
/// <param name="seed">Of the training.</param>
/// <param name="stage">Size and renewal.</param>
/// <param name="workers">Clips that are made ahead of the steps that need them, on threads of their own; 0: each when it is needed.</param>
sealed class ClipPool(IClipSource source, ulong seed, StageConfig stage, int workers)
{
    readonly TrainingClip?[] clips = new TrainingClip?[stage.PoolClips];
    readonly Queue<Task<TrainingClip>> ahead = new();
    long made, asked;

    /// <summary>The clips of a step, with the random numbers that the step may use for crops and drops.</summary>
    public (TrainingClip[] Clips, Random Random) Draw(int step)
    {
        // Slot i holds the newest clip whose number is i modulo the pool's size: the same after a resume as without one.
        var newest = clips.Length + (long)(step * stage.RenewedPerStep);
        for (var number = Math.Max(made, newest - clips.Length); number < newest; number++)
            clips[number % clips.Length] = Make(number);
        made = newest;
        var random = SeededRandom.For(seed + (ulong)step);
        return ([.. Enumerable.Range(0, stage.Batch).Select(_ => clips[random.Next(clips.Length)]!)], random);
    }

    /// <summary>Numbers come in order, with at most one jump, to where a resumed run goes on.</summary>
    TrainingClip Make(long number)
    {
        if (workers == 0)
            return source.Make(seed + (ulong)number);
        if (ahead.Count == 0)
            asked = number;
        for (; ahead.Count < workers; asked++)
        {
            var next = seed + (ulong)asked;
            ahead.Enqueue(Task.Factory.StartNew(() => source.Make(next), TaskCreationOptions.LongRunning));
        }
        return ahead.Dequeue().GetAwaiter().GetResult();
    }
}
