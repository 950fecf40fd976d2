using Microsoft.Extensions.Options;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Agent;

public sealed class SessionStoreTests
{
    [Fact]
    public void A_session_that_nobody_uses_goes_with_its_files()
    {
        using var folder = new TemporaryFolder();
        var clock = new Clock();
        using var store = new SessionStore(
            Options.Create(new AgentOptions { Folder = folder.Path, SessionLifetime = TimeSpan.FromMinutes(10) }), clock);
        var (kept, left) = (store.Create(), store.Create());
        File.WriteAllText(Path.Combine(left.Folder, "video-1"), "x");

        clock.Now += TimeSpan.FromMinutes(9);
        store.Find(kept.Name);
        clock.Now += TimeSpan.FromMinutes(9);
        store.Expire();

        Assert.Same(kept, store.Find(kept.Name));
        Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => store.Find(left.Name)).Kind);
        Assert.False(Directory.Exists(left.Folder));
    }

    [Fact]
    public void A_session_is_its_callers_alone_and_one_caller_does_not_have_them_all()
    {
        using var folder = new TemporaryFolder();
        using var store = new SessionStore(Options.Create(new AgentOptions { Folder = folder.Path, MaxSessionsPerCaller = 1 }));
        var session = store.Create("alice");

        Assert.Same(session, store.Find(session.Name, "alice"));
        foreach (var other in (string[])["mallory", ""])
            Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => store.Find(session.Name, other)).Kind);
        Assert.Contains("MaxSessionsPerCaller", Assert.Throws<InputFault>(() => store.Create("alice")).Message, StringComparison.Ordinal);
        store.Create("mallory");
    }

    [Fact]
    public void Refuses_more_sessions_than_its_limit()
    {
        using var folder = new TemporaryFolder();
        using var store = new SessionStore(Options.Create(new AgentOptions { Folder = folder.Path, MaxSessions = 1 }));
        store.Create();
        Assert.Equal(FaultKind.Exhausted, Assert.Throws<InputFault>(() => store.Create()).Kind);
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
