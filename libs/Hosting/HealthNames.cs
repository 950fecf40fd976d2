namespace Rewas.Hosting;

/// <summary>
/// Names for the gRPC health service, besides the full names of the gRPC services. The empty name is readiness: SERVING once bundle and
/// networks are loaded and warm, until the process is told to stop.
/// </summary>
public static class HealthNames
{
    /// <summary>Liveness: SERVING as long as the process answers, also while it drains.</summary>
    public const string Alive = "liveness";
}
