using Rewas.AudioDiffusion;

namespace Rewas.Tests.Services;

public class DiffusionQueueTests
{
    [Fact]
    public void Admits_as_many_as_fit_and_no_more()
    {
        var queue = new DiffusionQueue(2);
        var first = queue.TryAdmit();
        using var second = queue.TryAdmit();
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(queue.TryAdmit());
        Assert.True(queue.RetryAfter > TimeSpan.Zero);
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, queue.Admitted);
        using var third = queue.TryAdmit();
        Assert.NotNull(third);
    }

    [Fact]
    public async Task The_device_goes_to_the_one_admitted_first_and_positions_count_down()
    {
        var queue = new DiffusionQueue(8);
        using var a = queue.TryAdmit()!;
        using var b = queue.TryAdmit()!;
        using var c = queue.TryAdmit()!;

        await using var turnB = Waiting(b);                                  // b is ready before a
        Assert.Equal(0, await Next(turnB));
        await using var turnC = Waiting(c);
        Assert.Equal(1, await Next(turnC));
        await using var turnA = Waiting(a);
        Assert.Equal(1, await Next(turnA));
        Assert.Equal(2, await Next(turnC));

        b.EndTurn();
        Assert.Equal(0, await Next(turnA));
        Assert.Equal(1, await Next(turnC));
        a.EndTurn();
        Assert.Equal(0, await Next(turnC));
    }

    [Fact]
    public async Task A_cancelled_request_leaves_and_the_next_moves_up()
    {
        var queue = new DiffusionQueue(8);
        using var a = queue.TryAdmit()!;
        using var b = queue.TryAdmit()!;
        using var c = queue.TryAdmit()!;
        using var cancellation = new CancellationTokenSource();

        await using var turnA = Waiting(a);
        await Next(turnA);
        var turnB = b.WaitForTurn(cancellation.Token).GetAsyncEnumerator();
        Assert.Equal(1, await Next(turnB));
        await using var turnC = Waiting(c);
        Assert.Equal(2, await Next(turnC));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await turnB.MoveNextAsync());
        Assert.Equal(1, await Next(turnC));
        a.Dispose();                                                         // ends its turn as well
        Assert.Equal(0, await Next(turnC));
    }

    static IAsyncEnumerator<int> Waiting(DiffusionQueue.Ticket ticket) => ticket.WaitForTurn(TestContext.Current.CancellationToken).GetAsyncEnumerator();

    static async Task<int> Next(IAsyncEnumerator<int> turn)
    {
        Assert.True(await turn.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        return turn.Current;
    }
}
