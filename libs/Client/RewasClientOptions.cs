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
    /// Longest time for describing a stage, including retries. Null: 10 s, or 5 minutes through a socket of this machine. A stage on this
    /// machine is reachable, so a late answer only means that the machine is busy.
    /// </summary>
    public TimeSpan? DescribeTimeout { get; init; }

    /// <summary>The default of <see cref="DescribeTimeout"/> for stages on this machine, which may be busy.</summary>
    internal static readonly TimeSpan LocalDescribeTimeout = TimeSpan.FromMinutes(5);

    internal TimeSpan DescribeTimeoutOf(Uri address) =>
        DescribeTimeout ?? (address.Scheme == "unix" ? LocalDescribeTimeout : TimeSpan.FromSeconds(10));

    /// <summary>
    /// Retries of a call that is safe to repeat, if its stage is unavailable or says when to try again. 0 disables retries.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>
    /// Median wait before the first retry. Each further wait is about twice as long, at most <see cref="MaximumRetryDelay"/>. A retry time
    /// given by the stage takes precedence.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait before a retry. If less than this is left until the deadline, the call is not retried.</summary>
    public TimeSpan MaximumRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The cache of predicted energies. Default: none.</summary>
    public EnergyCache? EnergyCache { get; init; }
}
