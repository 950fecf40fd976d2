namespace Rewas.AudioDiffusion;

/// <summary>One latent in the sampling loop.</summary>
/// <param name="place">The request's place in the queue.</param>
/// <param name="moved">Called by the loop when the position changes: number of latents ahead, 0 while it is sampled. Must return at
/// once.</param>
/// <param name="stepDone">Called by the loop after each step: steps done, duration of the step. Must return at once.</param>
/// <param name="cancellation">Removes the latent at the next step.</param>
public sealed class SamplingWork(
    WindowSampler sampler, DiffusionQueue.Place place, Action<int>? moved, Action<int, TimeSpan>? stepDone, CancellationToken cancellation)
{
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int position = -1;

    public WindowSampler Sampler => sampler;

    /// <summary>Completes when the loop has finished with it: sampled, cancelled or failed.</summary>
    public Task Ended => ended.Task;

    internal DiffusionQueue.Place Place => place;

    internal bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>Timestamps; 0 until then.</summary>
    internal long Added { get; set; }

    internal long Started { get; set; }

    /// <summary>Order among the latents of its request.</summary>
    internal long Number { get; set; }

    /// <summary>Rows in the last call that it was in.</summary>
    internal int Rows { get; set; }

    /// <summary>Duration of the calls that it was in.</summary>
    internal TimeSpan InCalls { get; set; }

    internal void MoveTo(int newPosition)
    {
        if (position != newPosition)
            moved?.Invoke(position = newPosition);
    }

    internal void StepDone(TimeSpan elapsed) => stepDone?.Invoke(sampler.StepsDone, elapsed);

    internal void Finish() => ended.TrySetResult();

    internal void Cancel() => ended.TrySetCanceled(cancellation.IsCancellationRequested ? cancellation : new(canceled: true));

    internal void Fail(Exception reason) => ended.TrySetException(reason);
}
