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

/// <summary>Asks a replica by the standard gRPC health service.</summary>
sealed class HealthProbe : IProbingRequestFactory
{
    const int FrameHeaderBytes = 5;                                          // one byte: compressed or not; four: length, big-endian

    static readonly byte[] EmptyRequest = new byte[FrameHeaderBytes];        // Check("") is a message of no bytes

    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination) => new(HttpMethod.Post, new Uri(new(destination.Config.Address), "/grpc.health.v1.Health/Check"))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { TE = { new("trailers") }, Host = destination.Config.Host },
        Content = new ByteArrayContent(EmptyRequest) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
    };

    /// <summary>True if the answer, whose body YARP has read already, says SERVING.</summary>
    public static bool IsServing(HttpResponseMessage? response)
    {
        if (response is not { StatusCode: HttpStatusCode.OK })
            return false;
        using var body = new MemoryStream();
        response.Content.CopyTo(body, context: null, CancellationToken.None);
        ReadOnlySpan<byte> frame = body.GetBuffer().AsSpan(0, (int)body.Length);
        if (frame.Length < FrameHeaderBytes || frame[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != frame.Length - FrameHeaderBytes)
            return false;
        try
        {
            return HealthCheckResponse.Parser.ParseFrom(frame[FrameHeaderBytes..]).Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}

/// <summary>A replica is healthy while its last health check said SERVING.</summary>
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
/// What calls tell of replicas. One that could not be connected to, or that takes no new calls because it is being stopped, gets none until the next health check had its turn; one whose calls fail one after
/// another, although its health check says that all is well, gets none for a while: a circuit breaker for each replica.
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
        // A status among the headers is one that came instead of any answer.
        if (context.Response.Headers[GrpcAnswer.StatusHeader] == Unavailable || (error is not null && StageUnavailable.IsUnreachable(error)))
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

    /// <summary>Null for a call that tells nothing of the replica: its caller went away, or sent what could not be read.</summary>
    static bool? Failed(HttpContext context, IForwarderErrorFeature? error) => error switch
    {
        { Error: ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyDestination or ForwarderError.ResponseHeaders or ForwarderError.Request } => true,
        not null => null,
        _ => GrpcAnswer.StatusOf(context.Response) is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown,
    };

    sealed class Failures
    {
        int count;

        /// <summary>True if these are so many. The next one alone then is enough, until a call succeeds.</summary>
        public bool Add(int most) => Interlocked.Increment(ref count) >= most;

        public void Clear() => Interlocked.Exchange(ref count, 0);
    }
}
