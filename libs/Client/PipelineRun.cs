using System.Runtime.ExceptionServices;
using Grpc.Core;

namespace Rewas.Client;

/// <summary>
/// What the stages of one request share: the deadline, and that the first failure stops all of them and is the one that is told. What the
/// others then say is only that they were stopped.
/// </summary>
sealed class PipelineRun(DateTime deadline, SafeRetry retry, CancellationToken caller) : IDisposable
{
    readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
    readonly List<StageProgress> stages = [];
    Exception? first;

    public DateTime Deadline { get; } = deadline;

    public SafeRetry Retry { get; } = retry;

    /// <summary>Cancelled by the caller or by the first failure.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Stages in the order of the pipeline.</summary>
    public StageProgress Track(string stage)
    {
        var progress = new StageProgress(stage);
        stages.Add(progress);
        return progress;
    }

    /// <summary>Runs all stages side by side until every one of them has ended.</summary>
    /// <exception cref="StageFailure">The first that failed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task AllAsync(params IEnumerable<Task> stageTasks)
    {
        await Task.WhenAll(stageTasks.Select(StopAllOnFailureAsync));
        switch (first)
        {
            case null:
                return;
            case OperationCanceledException when caller.IsCancellationRequested:
                throw new OperationCanceledException(caller);
            case StageFailure { Status: StatusCode.DeadlineExceeded } late when Late() is { } stage && stage != late.Stage:
                throw new StageFailure(stage, late.Status, "not done before the deadline", late);
            default:
                ExceptionDispatchInfo.Throw(first);
                return;
        }
    }

    public void Dispose() => stop.Dispose();

    async Task StopAllOnFailureAsync(Task stage)
    {
        try
        {
            await stage;
        }
        catch (Exception failure)
        {
            if (Interlocked.CompareExchange(ref first, failure, null) is null)
                await stop.CancelAsync();
        }
    }

    /// <summary>
    /// The deadline ends all calls at once, in any order. Late is the first stage that neither has ended nor waits for the next one to take
    /// what it made.
    /// </summary>
    string? Late() => stages.FirstOrDefault(stage => !stage.HasEnded && !stage.WaitsForNext)?.Stage;
}

/// <summary>Where a stage stands.</summary>
sealed class StageProgress(string stage)
{
    volatile bool ended, waits;

    public string Stage => stage;

    public bool HasEnded { get => ended; set => ended = value; }

    public bool WaitsForNext { get => waits; set => waits = value; }
}
