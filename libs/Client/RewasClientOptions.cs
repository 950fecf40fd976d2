namespace Rewas.Client;

/// <summary>The address of each stage, for use without a gateway.</summary>
public sealed record StageAddresses(Uri VideoEncoder, Uri EnergyPredictor, Uri AudioDiffusion, Uri Vocoder);

/// <summary>How the client connects to stages and retries calls.</summary>
public sealed record RewasClientOptions
{
    /// <summary>The caller's credentials. Default: none.</summary>
    public StageAccess Access { get; init; } = new();

    /// <summary>
    /// Name of the caller that a service works for, asked for at each call. Gateways accept it only with a key that may act for callers.
    /// Null (default) or an empty name: the calls are the client's own.
    /// </summary>
    public Func<string>? ActingFor { get; init; }

    /// <summary>Longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Longest time for <see cref="RewasClient.DescribeAsync(CancellationToken)"/>, including repetitions, and for the description that
    /// begins each attempt at a request. Null: 10 s, or 5 minutes through a socket of this machine. A stage on this machine is reachable,
    /// so a late answer only means that the machine is busy.
    /// </summary>
    public TimeSpan? DescribeTimeout { get; init; }

    /// <summary>The default of <see cref="DescribeTimeout"/> for stages on this machine, which may be busy.</summary>
    internal static readonly TimeSpan LocalDescribeTimeout = TimeSpan.FromMinutes(5);

    internal TimeSpan DescribeTimeoutOf(GatewayAddresses addresses) =>
        DescribeTimeout ?? (addresses.IsUnixSocket ? LocalDescribeTimeout : TimeSpan.FromSeconds(10));

    /// <summary>
    /// Silence after which a connection is pinged, at least 1 s. A stage sends nothing while it samples; a ping tells it from a dead one.
    /// </summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the answer to a ping. Then the connection and its calls end, and the request is repeated.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Options of a service that calls stages for others. It is near them, so it finds a dead connection sooner than its callers do.
    /// </summary>
    /// <param name="access">The service's own credentials.</param>
    /// <param name="actingFor">See <see cref="ActingFor"/>.</param>
    public static RewasClientOptions OfService(StageAccess access, Func<string> actingFor) => new()
    {
        Access = access,
        ActingFor = actingFor,
        PingDelay = TimeSpan.FromSeconds(3),
        PingTimeout = TimeSpan.FromSeconds(3),
    };

    /// <summary>
    /// Whether a request is made again while a stage is unavailable, until its deadline, or at the time that a full stage names. The sink
    /// gets each sample once.
    /// </summary>
    public bool Repeat { get; init; } = true;

    /// <summary>
    /// Median wait before a request is first repeated. Each further wait is about twice as long, at most <see cref="MaximumRetryDelay"/>.
    /// A time that the stage names takes precedence.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Longest wait before a request is repeated. If less than this is left until the deadline, the request fails with its last failure.
    /// </summary>
    public TimeSpan MaximumRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The cache of predicted energies. Default: none.</summary>
    public EnergyCache? EnergyCache { get; init; }
}
