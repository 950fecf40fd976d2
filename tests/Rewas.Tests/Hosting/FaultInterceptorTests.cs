using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Rewas.Clip.Faults;
using Rewas.Hosting;

namespace Rewas.Tests.Hosting;

public sealed class FaultInterceptorTests
{
    readonly LogLines log = new();

    public static TheoryData<MethodType> Kinds => [.. Enum.GetValues<MethodType>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_succeeds_passes(MethodType kind) => await CallAsync(kind, () => { }, new());

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_fault_gives_the_status_of_its_kind_its_message_and_its_field(MethodType kind)
    {
        (FaultKind, StatusCode)[] statuses =
        [
            (FaultKind.Invalid, StatusCode.InvalidArgument),
            (FaultKind.NotFound, StatusCode.NotFound),
            (FaultKind.Precondition, StatusCode.FailedPrecondition),
            (FaultKind.Exhausted, StatusCode.ResourceExhausted),
            (FaultKind.Environment, StatusCode.Unavailable),
            (FaultKind.Full, StatusCode.ResourceExhausted),
        ];
        Assert.Equal(Enum.GetValues<FaultKind>(), statuses.Select(pair => pair.Item1));
        foreach (var (fault, status) in statuses)
        {
            var failure = await FailureAsync(kind, () => throw new InputFault(fault, "steps", "must be from 1 to 1000, but is 0"), new());

            Assert.Equal(new Status(status, "steps: must be from 1 to 1000, but is 0"), failure.Status);
            Assert.Equal("steps", failure.Trailers.GetValue(FaultInterceptor.FieldTrailer));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_status_passes(MethodType kind)
    {
        var thrown = new RpcException(new(StatusCode.Aborted, "as it is"));

        Assert.Same(thrown, await FailureAsync(kind, () => throw thrown, new()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bug_is_logged_and_told_without_details(MethodType kind)
    {
        var failure = await FailureAsync(kind, () => throw new InvalidOperationException("secret"), new());

        Assert.Equal(new Status(StatusCode.Internal, "internal error"), failure.Status);
        var correlation = failure.Trailers.GetValue(FaultInterceptor.CorrelationTrailer);
        var line = Assert.Single(log.Lines);
        Assert.Equal(
            (LogLevel.Error, $"/test/Call failed; correlation {correlation}", "secret"), (line.Level, line.Text, line.Exception?.Message));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_cancelled_call_is_no_bug(MethodType kind)
    {
        var failure = await FailureAsync(kind, () => throw new OperationCanceledException(), new() { IsCancelled = true });

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(LogLevel.Information, Assert.Single(log.Lines).Level);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_call_past_its_deadline_is_no_bug(MethodType kind)
    {
        var context = new CallDouble { IsCancelled = true, CallDeadline = DateTime.UtcNow.AddSeconds(-1) };

        var failure = await FailureAsync(kind, () => throw new OperationCanceledException(), context);

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task A_writer_that_is_closed_at_the_deadline_is_no_bug_though_the_call_does_not_count_as_cancelled_yet()
    {
        var context = new CallDouble { CallDeadline = DateTime.UtcNow.AddSeconds(-1) };

        var failure = await Assert.ThrowsAsync<RpcException>(() => new FaultInterceptor(log).ServerStreamingServerHandler(
            "", new ClosedWriter(), context, (_, answers, _) => answers.WriteAsync("")));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming, false, StatusCode.Cancelled)]
    [InlineData(MethodType.ClientStreaming, true, StatusCode.InvalidArgument)]
    [InlineData(MethodType.DuplexStreaming, false, StatusCode.Cancelled)]
    [InlineData(MethodType.DuplexStreaming, true, StatusCode.InvalidArgument)]
    public async Task A_reset_or_an_unreadable_message_that_a_read_meets_is_no_bug(
        MethodType kind, bool isUnreadable, StatusCode status)
    {
        // What Kestrel throws of a stream that was reset, while the call does not count as cancelled yet; what protobuf throws.
        IOException met = isUnreadable
            ? Assert.Throws<InvalidProtocolBufferException>(() => V1.SynthesizeRequest.Parser.ParseFrom([0xff, 0xff, 0xff, 0xff, 0x7f]))
            : new IOException("The client reset the request stream.");
        var requests = new FailingReader(met);
        var interceptor = new FaultInterceptor(log);
        var failure = await Assert.ThrowsAsync<RpcException>(() => kind == MethodType.ClientStreaming
            ? interceptor.ClientStreamingServerHandler<string, string>(requests, new CallDouble(), (read, _) => ReadAsync(read))
            : interceptor.DuplexStreamingServerHandler<string, string>(
                requests, new ClosedWriter(), new CallDouble(), (read, _, _) => ReadAsync(read)));

        Assert.Equal(status, failure.StatusCode);
        Assert.Equal(LogLevel.Information, Assert.Single(log.Lines).Level);

        static async Task<string> ReadAsync(IAsyncStreamReader<string> requests) =>
            await requests.MoveNext(CancellationToken.None) ? requests.Current : "";
    }

    [Fact]
    public async Task An_answer_that_cannot_be_written_in_a_call_that_goes_on_is_a_bug()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => new FaultInterceptor(log).ServerStreamingServerHandler(
            "", new ClosedWriter(), new CallDouble(), (_, answers, _) => answers.WriteAsync("")));

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    public async Task A_file_of_the_service_that_cannot_be_read_is_no_reset()
    {
        var failure = await FailureAsync(MethodType.DuplexStreaming, () => throw new IOException("The file is cut."), new());

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    public async Task Cancelled_work_in_a_call_that_goes_on_is_a_bug()
    {
        var failure = await FailureAsync(MethodType.Unary, () => throw new OperationCanceledException(), new());

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    public async Task The_time_to_retry_travels_in_a_trailer()
    {
        var fault = new InputFault(FaultKind.Exhausted, "queue", "is full") { RetryAfter = TimeSpan.FromSeconds(1.5) };

        var failure = await FailureAsync(MethodType.DuplexStreaming, () => throw fault, new());

        Assert.Equal("1500", failure.Trailers.GetValue(FaultInterceptor.RetryAfterTrailer));
    }

    [Fact]
    public async Task A_field_that_is_not_ASCII_still_travels()
    {
        var failure = await FailureAsync(MethodType.Unary, () => throw InputFault.Invalid("Ünfug\n", "x"), new());

        Assert.Equal("?nfug?", failure.Trailers.GetValue(FaultInterceptor.FieldTrailer));
    }

    Task<RpcException> FailureAsync(MethodType kind, Action body, CallDouble context) =>
        Assert.ThrowsAsync<RpcException>(() => CallAsync(kind, body, context));

    Task CallAsync(MethodType kind, Action body, CallDouble context)
    {
        var interceptor = new FaultInterceptor(log);
        var (reader, writer) = ((IAsyncStreamReader<string>)new EndedReader(), (IServerStreamWriter<string>)null!);
        return kind switch
        {
            MethodType.Unary => interceptor.UnaryServerHandler("", context, (_, _) => Answer()),
            MethodType.ClientStreaming => interceptor.ClientStreamingServerHandler<string, string>(reader, context, (_, _) => Answer()),
            MethodType.ServerStreaming => interceptor.ServerStreamingServerHandler("", writer, context, (_, _, _) => Answer()),
            _ => interceptor.DuplexStreamingServerHandler<string, string>(reader, writer, context, (_, _, _) => Answer()),
        };

        async Task<string> Answer()
        {
            await Task.Yield();
            body();
            return "";
        }
    }

    sealed class CallDouble : ServerCallContext
    {
        public bool IsCancelled { get; init; }

        public DateTime CallDeadline { get; init; } = DateTime.MaxValue;

        protected override string MethodCore => "/test/Call";

        protected override string HostCore => "localhost";

        protected override string PeerCore => "test";

        protected override DateTime DeadlineCore => CallDeadline;

        protected override Metadata RequestHeadersCore => [];

        protected override CancellationToken CancellationTokenCore => new(IsCancelled);

        protected override Metadata ResponseTrailersCore => [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore => new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
            throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }

    sealed class LogLines : ILogger<FaultInterceptor>
    {
        public List<(LogLevel Level, string Text, Exception? Exception)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add((logLevel, formatter(state, exception), exception));
    }

    sealed class FailingReader(IOException failure) : IAsyncStreamReader<string>
    {
        public string Current => throw new InvalidOperationException();

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            Task.FromException<bool>(failure);
    }

    /// <summary>What gRPC throws of a call that is over.</summary>
    sealed class ClosedWriter : IServerStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(string message, CancellationToken cancellationToken) =>
            Task.FromException(new InvalidOperationException("Can't write the message because the request is complete."));
    }

    sealed class EndedReader : IAsyncStreamReader<string>
    {
        public string Current => throw new InvalidOperationException();

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
