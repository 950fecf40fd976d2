namespace Rewas.Client;

/// <summary>Where each stage is reached, when there is no gateway.</summary>
public sealed record StageAddresses(Uri VideoEncoder, Uri EnergyPredictor, Uri AudioDiffusion, Uri Vocoder);

/// <summary>How stages are reached.</summary>
public sealed record RewasClientOptions
{
    /// <summary>How the caller shows who it is. By default not at all.</summary>
    public StageAccess Access { get; init; } = new();

    /// <summary>Longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Longest time that asking a stage what it is may take, retries and all. Null: 10 s, and 5 minutes through a socket of this machine,
    /// since who listens there is within reach and answers late only where the machine is busy.
    /// </summary>
    public TimeSpan? DescribeTimeout { get; init; }

    /// <summary>Default of <see cref="DescribeTimeout"/> for stages on this machine, which may be busy.</summary>
    internal static readonly TimeSpan LocalDescribeTimeout = TimeSpan.FromMinutes(5);

    /// <param name="address">Of the stages.</param>
    internal TimeSpan DescribeTimeoutOf(Uri address) =>
        DescribeTimeout ?? (address.Scheme == "unix" ? LocalDescribeTimeout : TimeSpan.FromSeconds(10));

    /// <summary>
    /// Retries of a call that is safe to repeat, when its stage is unavailable or says when to come again. 0 to never retry.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>
    /// Median wait before the first retry; each further one waits about twice as long, at most <see cref="MaximumRetryDelay"/>. Where the
    /// stage says when to come again, that counts.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait before a retry. Nothing is retried when less than this is left until the deadline.</summary>
    public TimeSpan MaximumRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where energies that were predicted once are found again. None by default.</summary>
    public EnergyCache? EnergyCache { get; init; }
}
