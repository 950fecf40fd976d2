using Grpc.Core;
using Rewas.Client;

namespace Rewas.Tests.Client;

public sealed class ReconnectingTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.DeadlineExceeded, true)]
    [InlineData(StatusCode.Cancelled, true)]                                 // of a reset stream; the user has not cancelled
    [InlineData(StatusCode.InvalidArgument, false)]
    [InlineData(StatusCode.FailedPrecondition, false)]
    [InlineData(StatusCode.ResourceExhausted, false)]
    [InlineData(StatusCode.Internal, false)]
    public async Task Calls_that_were_broken_off_are_repeated(StatusCode status, bool isRepeated)
    {
        var attempts = 0;
        var work = Reconnecting.For(patience: null).ExecuteAsync(
            _ => ++attempts > 1 ? ValueTask.CompletedTask : throw new RpcException(new(status, "")), Token);

        if (isRepeated)
            await work;
        else
            Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(async () => await work)).StatusCode);
        Assert.Equal(isRepeated ? 2 : 1, attempts);
    }

    [Fact]
    public async Task A_user_who_cancels_ends_the_attempts()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var attempts = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Reconnecting.For(patience: null).ExecuteAsync(
            async _ =>
            {
                attempts++;
                await stop.CancelAsync();
                throw new RpcException(new(StatusCode.Cancelled, ""));
            },
            stop.Token));
        Assert.Equal(1, attempts);
    }
}
