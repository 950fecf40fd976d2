using System.Diagnostics;

namespace Rewas.Client;

/// <summary>
/// Starts one trace for all calls of a clip, even if nobody listens in this process. The spans and log lines of all stages then share a
/// trace id.
/// </summary>
static class ClientTrace
{
    static readonly ActivitySource Source = new("Rewas.Client");

    public static Activity? Start(string name) => Source.StartActivity(name, ActivityKind.Client)
        ?? (Activity.Current is null ? new Activity(name) { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start() : null);
}
