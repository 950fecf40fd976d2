namespace Rewas.Hosting;

/// <summary>
/// What the gRPC health service is asked for, beside the full name of each gRPC service. The empty name asks for readiness: SERVING from when bundle and
/// networks are loaded and warm until the process is told to stop.
/// </summary>
public static class HealthNames
{
    /// <summary>Alive: SERVING as long as the process answers, while it drains too.</summary>
    public const string Alive = "liveness";
}
