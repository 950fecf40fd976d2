using Rewas.SoundStudio;

namespace Rewas.Tests.Services;

public sealed class SharedWorkTests
{
    readonly SharedWork shared = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_reaches_all_that_wait_and_the_next_caller_begins_anew()
    {
        var begun = 0;
        var end = new TaskCompletionSource();
        Task[] waiting = [WaitAsync(), WaitAsync()];
        end.SetException(new IOException("the disk failed"));
        foreach (var one in waiting)
            await Assert.ThrowsAsync<IOException>(() => one);
        Assert.Equal(1, begun);

        end = new();
        end.SetResult();
        await WaitAsync();
        Assert.Equal(2, begun);

        Task WaitAsync() => shared.WaitAsync(
            "key",
            _ =>
            {
                begun++;
                return end.Task;
            },
            Token);
    }

    [Fact]
    public async Task Work_stops_when_the_last_caller_gives_up_and_the_next_caller_waits_until_it_has_stopped()
    {
        using CancellationTokenSource first = new(), second = new();
        TaskCompletionSource stopping = new(), stopped = new();
        Task[] given = [WaitAsync(first.Token), WaitAsync(second.Token)];
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given[0]);
        Assert.False(stopping.Task.IsCompleted);

        await second.CancelAsync();
        await stopping.Task;
        var next = shared.WaitAsync(
            "key",
            _ =>
            {
                Assert.True(stopped.Task.IsCompleted);
                return Task.CompletedTask;
            },
            Token);
        Assert.False(next.IsCompleted);
        stopped.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given[1]);
        await next;

        Task WaitAsync(CancellationToken cancellation) => shared.WaitAsync(
            "key",
            async stop =>
            {
                await using var noted = stop.Register(stopping.SetResult);
                await stopped.Task;
            },
            cancellation);
    }
}
