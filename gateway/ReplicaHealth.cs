using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Rewas.Gateway;

/// <summary>Probes a replica by the standard gRPC health service.</summary>
sealed class HealthProbe : IProbingRequestFactory
{
    const int FrameHeaderBytes = 5;                                          // 1 byte: compressed or not; 4 bytes: length, big-endian

    static readonly byte[] EmptyRequest = new byte[FrameHeaderBytes];        // Check("") is an empty message

    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination) => new(
        HttpMethod.Post, new Uri(new(destination.Config.Address), "/grpc.health.v1.Health/Check"))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { TE = { new("trailers") }, Host = destination.Config.Host },
        Content = new ByteArrayContent(EmptyRequest) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
    };

    /// <summary>Whether the response says SERVING. YARP has already read its body.</summary>
    public static bool IsServing(HttpResponseMessage? response)
    {
        if (response is not { StatusCode: HttpStatusCode.OK })
            return false;
        using var body = new MemoryStream();
        response.Content.CopyTo(body, context: null, CancellationToken.None);
        ReadOnlySpan<byte> frame = body.GetBuffer().AsSpan(0, (int)body.Length);
        if (frame.Length < FrameHeaderBytes || frame[0] != 0
            || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != frame.Length - FrameHeaderBytes)
            return false;
        try
        {
            return HealthCheckResponse.Parser.ParseFrom(frame[FrameHeaderBytes..]).Status
                == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}

/// <summary>A replica is healthy if its last health check said SERVING.</summary>
sealed class ServingPolicy(IDestinationHealthUpdater updater) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "Serving";

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults) =>
        updater.SetActive(cluster, [.. probingResults.Select(probe => new NewActiveDestinationHealth(
            probe.Destination,
            HealthProbe.IsServing(probe.Response) ? DestinationHealth.Healthy : DestinationHealth.Unhealthy))]);
}

/// <summary>
/// Judges replicas by their calls. A replica that refuses connections, or new calls because it is stopping, gets none until the next health
/// check. A replica with several consecutive failed calls gets none for a while, even if its health check succeeds: a circuit breaker per
/// replica.
/// </summary>
sealed class FailurePolicy(IDestinationHealthUpdater updater, IOptions<GatewayOptions> configured) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Failure";

    static readonly string Unavailable = ((int)StatusCode.Unavailable).ToString(CultureInfo.InvariantCulture);

    readonly ConditionalWeakTable<DestinationState, Failures> failures = [];

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        var error = context.Features.Get<IForwarderErrorFeature>();
        // A status in the headers means that no message was sent.
        if (context.Response.Headers[GrpcAnswer.StatusHeader] == Unavailable
            || (error is not null && StageUnavailable.IsUnreachable(error)))
        {
            updater.SetPassive(cluster, destination, DestinationHealth.Unhealthy, configured.Value.HealthInterval);
            return;
        }
        var inARow = failures.GetOrCreateValue(destination);
        switch (Failed(context, error))
        {
            case false:
                inARow.Clear();
                break;
            case true when inARow.Add(configured.Value.FailuresToEject):
                updater.SetPassive(cluster, destination, DestinationHealth.Unhealthy, configured.Value.EjectionTime);
                break;
        }
    }

    /// <summary>Null if the call says nothing about the replica, because the caller left or sent an unreadable request.</summary>
    static bool? Failed(HttpContext context, IForwarderErrorFeature? error) => error switch
    {
        {
            Error: ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyDestination
                or ForwarderError.ResponseHeaders or ForwarderError.Request,
        } => true,
        not null => null,
        _ => GrpcAnswer.StatusOf(context.Response) is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown,
    };

    sealed class Failures
    {
        int count;

        /// <summary>Counts a failure. True from the given number of consecutive failures on, until a call succeeds.</summary>
        public bool Add(int most) => Interlocked.Increment(ref count) >= most;

        public void Clear() => Interlocked.Exchange(ref count, 0);
    }
}
