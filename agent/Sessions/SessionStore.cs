using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Agent.Sessions;

/// <summary>
/// Holds all sessions. A session that is unused for its lifetime is deleted with its files. The others are deleted when the process ends.
/// </summary>
public sealed class SessionStore(IOptions<AgentOptions> configured, TimeProvider? clock = null) : BackgroundService
{
    readonly AgentOptions options = configured.Value;
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    readonly ConcurrentDictionary<string, Session> sessions = new(StringComparer.Ordinal);
    readonly string folder = configured.Value.Folder ?? Path.Combine(Path.GetTempPath(), $"rewas-agent-{Guid.NewGuid():n}");

    /// <param name="caller">The owner; empty if callers are not identified.</param>
    /// <exception cref="InputFault">Exhausted: too many sessions.</exception>
    public Session Create(string caller = "")
    {
        Expire();
        if (sessions.Count >= options.MaxSessions)
            throw InputFault.Exhausted("session", $"at most {options.MaxSessions} sessions are kept at a time (MaxSessions)");
        if (caller.Length > 0 && sessions.Values.Count(session => session.Caller == caller) >= options.MaxSessionsPerCaller)
            throw InputFault.Exhausted(
                "session", $"at most {options.MaxSessionsPerCaller} sessions of a caller are kept at a time (MaxSessionsPerCaller)");
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));  // the name is the only secret
        var path = Path.Combine(folder, name);
        PrivateFolder.CreateKept(path);
        return sessions[name] = new(name, caller, path, options) { UsedAt = clock.GetUtcNow() };
    }

    /// <exception cref="InputFault">NotFound: the session never existed, has expired, or belongs to another caller.</exception>
    public Session Find(string name, string caller = "")
    {
        Expire();
        if (!sessions.TryGetValue(name, out var session) || session.Caller != caller)
            throw InputFault.NotFound("session", "there is no such session; it may have expired");
        session.UsedAt = clock.GetUtcNow();
        return session;
    }

    /// <summary>Ends sessions that were unused for their lifetime and have no running turn.</summary>
    public void Expire()
    {
        foreach (var session in sessions.Values)
        {
            if (clock.GetUtcNow() - session.UsedAt > options.SessionLifetime
                && session.Turn.CurrentCount > 0
                && sessions.TryRemove(session.Name, out _))
                Delete(session.Folder);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(
            options.SessionLifetime < TimeSpan.FromMinutes(2) ? options.SessionLifetime / 2 : TimeSpan.FromMinutes(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Expire();
        }
        catch (OperationCanceledException)
        {
            foreach (var session in sessions.Values)
                Delete(session.Folder);
            if (options.Folder is null)
                Delete(folder);
        }
    }

    static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
