using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
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

/// <summary>A replica that could not be connected to, or that takes no new calls because it is being stopped, gets none until the next health check had its turn.</summary>
sealed class UnreachablePolicy(IDestinationHealthUpdater updater) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Unreachable";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        // A status among the headers is one that came instead of any answer.
        var isStopping = context.Response.Headers["grpc-status"] == ((int)StatusCode.Unavailable).ToString(CultureInfo.InvariantCulture);
        if (isStopping || (context.Features.Get<IForwarderErrorFeature>() is { } error && StageUnavailable.IsUnreachable(error)))
            updater.SetPassive(cluster, destination, DestinationHealth.Unhealthy, cluster.Model.Config.HealthCheck!.Passive!.ReactivationPeriod!.Value);
    }
}
