using System.Diagnostics;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Continuous batching of steps. Every denoiser call takes the next step of as many latents as fit, whatever their requests, samplers and
/// steps; the timestep is per row. One thread does this and allocates nothing per step.
/// </summary>
/// <param name="step">Runs the next step of the selected latents.</param>
public sealed class SamplingLoop(DiffusionQueue queue, int maxRows, Action<List<SamplingWork>, CancellationToken> step) : IDisposable
{
    readonly CancellationTokenSource stopping = new();
    readonly List<SamplingWork> batch = new(maxRows);
    Thread? thread;

    public SamplingLoop(DiffusionQueue queue, Denoiser denoiser) : this(queue, denoiser.MaxRows, denoiser.Step)
    {
    }

    public void Start()
    {
        thread = new Thread(() =>
        {
            while (RunStep())
            {
            }
        })
        { Name = "sampling", IsBackground = true };
        thread.Start();
    }

    /// <summary>Waits for work and runs one step.</summary>
    /// <returns>False if the loop should end.</returns>
    internal bool RunStep()
    {
        if (!queue.Take(maxRows, batch))
            return false;
        var start = Stopwatch.GetTimestamp();
        try
        {
            step(batch, stopping.Token);
        }
        catch (Exception failure)                                            // rethrown by the callers
        {
            foreach (var work in batch)
                queue.End(work, failure);
            return true;
        }
        var elapsed = Stopwatch.GetElapsedTime(start);
        queue.StepDone(batch, elapsed);
        DiffusionMetrics.StepDuration.Record(elapsed.TotalSeconds);
        foreach (var work in batch)
        {
            work.StepDone(elapsed);
            if (work.Sampler.IsDone)
                queue.End(work);
        }
        return true;
    }

    public void Dispose()
    {
        stopping.Cancel();
        queue.Stop();
        thread?.Join();
        stopping.Dispose();
    }
}
