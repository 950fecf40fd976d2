using Rewas.Trainer.Configuration;

namespace Rewas.Trainer.Data;

/// <summary>
/// Clips held ready for training. New clips replace some of them at every step. The seed and the step alone decide what the pool holds at a
/// step and which clips the step sees. The number of workers changes nothing.
/// </summary>
/// <param name="stage">Size and renewal of the pool.</param>
/// <param name="workers">How many threads make clips ahead of the steps that need them. 0 makes each clip when it is needed.</param>
sealed class ClipPool(IClipSource source, ulong seed, StageConfig stage, int workers)
{
    readonly TrainingClip?[] clips = new TrainingClip?[stage.PoolClips];
    readonly Queue<Task<TrainingClip>> ahead = new();
    long made, asked;

    /// <summary>The clips of a step, and the random numbers that the step may use for crops and drops.</summary>
    public (TrainingClip[] Clips, Random Random) Draw(int step)
    {
        // Slot i holds the newest clip whose number is i modulo the pool's size. This is the same with and without a resume.
        var newest = clips.Length + (long)(step * stage.RenewedPerStep);
        for (var number = Math.Max(made, newest - clips.Length); number < newest; number++)
            clips[number % clips.Length] = Make(number);
        made = newest;
        var random = SeededRandom.For(seed + (ulong)step);
        return ([.. Enumerable.Range(0, stage.Batch).Select(_ => clips[random.Next(clips.Length)]!)], random);
    }

    /// <summary>Numbers come in order. The only jump is the one to the step at which a resumed run continues.</summary>
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
