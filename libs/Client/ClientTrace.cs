using System.Diagnostics;

namespace Rewas.Client;

/// <summary>
/// One trace for all calls of a clip, whoever listens: the stages' spans and log lines then have the same trace id, though the caller
/// records nothing itself.
/// </summary>
static class ClientTrace
{
    static readonly ActivitySource Source = new("Rewas.Client");

    public static Activity? Start(string name) => Source.StartActivity(name, ActivityKind.Client)
        ?? (Activity.Current is null ? new Activity(name) { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start() : null);
}
