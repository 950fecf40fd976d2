using System.Threading.Channels;
using Grpc.Core;
using Rewas.Client;

namespace Rewas.Tests.Client;

public sealed class DuplexCallTests
{
    static readonly RpcException Refusal = new(new(StatusCode.ResourceExhausted, "full"));

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(FailedWrite.All), MemberType = typeof(FailedWrite))]
    public async Task A_failed_write_ends_as_the_status_of_the_call(string failure)
    {
        var server = new Server { Write = FailedWrite.Of(failure) };
        using var call = server.Call();
        server.Answer("one");
        var write = call.WriteAsync("words", Token);
        server.End(Refusal);                                                 // the status may come after the write has failed

        Assert.Same(Refusal, await Assert.ThrowsAsync<RpcException>(() => write));
        Assert.Same(Refusal, await Assert.ThrowsAsync<RpcException>(() => call.MoveNextAsync(Token)));
    }

    [Theory]
    [MemberData(nameof(FailedWrite.All), MemberType = typeof(FailedWrite))]
    public async Task A_failed_write_loses_no_response(string failure)
    {
        var server = new Server { Write = FailedWrite.Of(failure) };
        using var call = server.Call();
        server.Answer("one", "two");
        server.End();

        Assert.False(await call.TryWriteAsync("words", Token));
        foreach (var answer in (string[])["one", "two"])
        {
            Assert.True(await call.MoveNextAsync(Token));
            Assert.Equal(answer, call.Current);
        }
        Assert.False(await call.MoveNextAsync(Token));
        Assert.Equal(
            StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.WriteAsync("words", Token))).StatusCode);
    }

    [Fact]
    public async Task A_write_waits_while_responses_come()
    {
        var taken = new TaskCompletionSource();
        var server = new Server { Write = taken.Task };
        using var call = server.Call();
        var answers = Enumerable.Range(0, 100).Select(i => $"{i}").ToArray();
        var write = call.WriteAsync("words", Token);
        server.Answer(answers);
        Assert.False(write.IsCompleted);
        taken.SetResult();
        await write;

        foreach (var answer in answers)
        {
            Assert.True(await call.MoveNextAsync(Token));
            Assert.Equal(answer, call.Current);
        }
    }

    [Fact]
    public async Task A_user_who_cancels_is_told_of_a_cancellation()
    {
        var server = new Server { Write = FailedWrite.Of("never") };
        using var call = server.Call();
        using var stop = new CancellationTokenSource();
        var write = call.WriteAsync("words", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.MoveNextAsync(stop.Token));

        server.Answer("one");
        Assert.True(await call.MoveNextAsync(Token));
        Assert.Equal("one", call.Current);
    }

    /// <summary>The other end of a call.</summary>
    sealed class Server : IClientStreamWriter<string>, IAsyncStreamReader<string>
    {
        readonly Channel<string> answers = Channel.CreateUnbounded<string>();

        /// <summary>How each write ends.</summary>
        public required Task Write { get; init; }

        public WriteOptions? WriteOptions { get; set; }

        public string Current { get; private set; } = "";

        public DuplexCall<string, string> Call() => new(new(
            this, this, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => new Metadata(), () => { }));

        public void Answer(params string[] words)
        {
            foreach (var word in words)
                Assert.True(answers.Writer.TryWrite(word));
        }

        public void End(RpcException? failure = null) => answers.Writer.Complete(failure);

        public Task WriteAsync(string message) => Write;

        public Task WriteAsync(string message, CancellationToken cancellationToken) => Write;

        public Task CompleteAsync() => Task.CompletedTask;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await answers.Reader.WaitToReadAsync(cancellationToken))
                return false;
            Current = await answers.Reader.ReadAsync(cancellationToken);
            return true;
        }
    }
}
