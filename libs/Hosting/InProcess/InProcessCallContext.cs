using Grpc.Core;

namespace Rewas.Hosting.InProcess;

/// <summary>A handler's view of its call.</summary>
/// <param name="method">As on the wire: "/rewas.v1.Vocoder/Synthesize".</param>
/// <param name="cancellation">Cancelled when the call ends before its handler.</param>
sealed class InProcessCallContext(string method, CallOptions options, CancellationToken cancellation) : ServerCallContext
{
    protected override string MethodCore => method;

    protected override string HostCore => "localhost";

    protected override string PeerCore => "in-process";

    protected override DateTime DeadlineCore => options.Deadline?.ToUniversalTime() ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = options.Headers ?? [];

    protected override CancellationToken CancellationTokenCore => cancellation;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("calls do not propagate their context");

    /// <summary>Does nothing, because callers get no headers.</summary>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
