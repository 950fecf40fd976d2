using System.Runtime.ExceptionServices;
using Grpc.Core;

namespace Rewas.Client;

/// <summary>
/// The state that the stages of one attempt share: the deadline and the first failure. The first failure stops all stages and is the one
/// reported. Later failures only result from being stopped.
/// </summary>
/// <param name="caller">Cancelled by the caller.</param>
/// <param name="end">Cancelled at the request's end: by the caller, or because the deadline has passed.</param>
sealed class PipelineRun(RequestDeadline deadline, CancellationToken caller, CancellationToken end) : IDisposable
{
    readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(caller, end);
    readonly List<StageProgress> stages = [];
    Exception? first;

    public RequestDeadline Deadline { get; } = deadline;

    /// <summary>Cancelled at the request's end or by the first failure.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Adds a stage. Call it in pipeline order.</summary>
    public StageProgress Track(string stage)
    {
        var progress = new StageProgress(stage);
        stages.Add(progress);
        return progress;
    }

    /// <summary>Runs all stages concurrently until every one has ended.</summary>
    /// <exception cref="StageFailure">The first stage that failed.</exception>
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
            case OperationCanceledException when end.IsCancellationRequested:
                throw new StageFailure(Late() ?? stages[^1].Stage, StatusCode.DeadlineExceeded, "not done before the deadline", first);
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
    /// The stage that missed the deadline. The deadline ends all calls at once, in any order. The late stage is the first one that has
    /// neither ended nor waits for the next stage to take its output.
    /// </summary>
    string? Late() => stages.FirstOrDefault(stage => !stage.HasEnded && !stage.WaitsForNext)?.Stage;
}

/// <summary>The state of one stage.</summary>
sealed class StageProgress(string stage)
{
    volatile bool ended, waits;

    public string Stage => stage;

    public bool HasEnded { get => ended; set => ended = value; }

    public bool WaitsForNext { get => waits; set => waits = value; }
}
