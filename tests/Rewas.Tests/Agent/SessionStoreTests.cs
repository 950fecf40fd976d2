using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Store;
using Rewas.Store.Files;

namespace Rewas.Tests.Agent;

public sealed class SessionStoreTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_nobody_uses_goes_with_its_files()
    {
        await using var replica = new Replica(new() { SessionLifetime = TimeSpan.FromMinutes(10) });
        var (kept, left) = (await replica.Sessions.CreateAsync("", "", Token), await replica.Sessions.CreateAsync("", "", Token));
        var file = replica.Folder.File("made");
        await File.WriteAllTextAsync(file, "x", Token);
        await replica.Get<StoredFiles>().StoreAsync(SessionFiles.KeyOf(left.Id, "sound-1.mp4"), left.Id, file, Token);

        replica.Clock.Advance(TimeSpan.FromMinutes(9));
        await replica.Sessions.FindAsync(kept.Id, "", Token);
        replica.Clock.Advance(TimeSpan.FromMinutes(9));
        await replica.Sessions.SweepAsync(Token);

        Assert.Equal(1, await replica.Get<UnusedFiles>().SweepAsync(null, Token));
        Assert.Equal(kept.Id, (await replica.Sessions.FindAsync(kept.Id, "", Token)).Id);
        Assert.Equal(FaultKind.NotFound, (await FaultAsync(() => replica.Sessions.FindAsync(left.Id, "", Token))).Kind);
        await FaultAsync(() => replica.Get<IStoredFiles>().OpenAsync(SessionFiles.KeyOf(left.Id, "sound-1.mp4"), Token));
    }

    [Fact]
    public async Task A_session_is_its_callers_alone_and_one_caller_does_not_have_them_all()
    {
        await using var replica = new Replica(new() { MaxSessionsPerCaller = 1 });
        var session = await replica.Sessions.CreateAsync("", "alice", Token);

        Assert.Equal(session.Id, (await replica.Sessions.FindAsync(session.Id, "alice", Token)).Id);
        foreach (var other in (string[])["mallory", ""])
            Assert.Equal(FaultKind.NotFound, (await FaultAsync(() => replica.Sessions.FindAsync(session.Id, other, Token))).Kind);
        Assert.Contains(
            "MaxSessionsPerCaller",
            (await FaultAsync(() => replica.Sessions.CreateAsync("", "alice", Token))).Message,
            StringComparison.Ordinal);
        await replica.Sessions.CreateAsync("", "mallory", Token);
    }

    [Fact]
    public async Task Refuses_more_sessions_than_its_limit()
    {
        await using var replica = new Replica(new() { MaxSessions = 1 });
        await replica.Sessions.CreateAsync("", "", Token);
        Assert.Equal(FaultKind.Exhausted, (await FaultAsync(() => replica.Sessions.CreateAsync("", "", Token))).Kind);
    }

    [Fact]
    public async Task A_caller_that_lost_the_answer_finds_its_session_by_its_key_and_nobody_else_does()
    {
        await using var replica = new Replica(new());
        var session = await replica.Sessions.CreateAsync("k", "alice", Token);
        Assert.Equal(session.Id, (await replica.Sessions.CreateAsync("k", "alice", Token)).Id);
        Assert.NotEqual(session.Id, (await replica.Sessions.CreateAsync("k", "mallory", Token)).Id);
    }

    [Fact]
    public async Task The_bytes_of_all_videos_are_reserved_before_the_first_one_comes()
    {
        await using var replica = new Replica(new() { MaxVideoBytes = 4096, MaxTotalBytes = 10_000, MaxBytesPerCaller = 6000 });
        var (alice, bob) = (await replica.Sessions.CreateAsync("", "alice", Token), await replica.Sessions.CreateAsync("", "bob", Token));

        await replica.Uploads.BeginAsync(alice, "1", "video", 4000, Token);
        Assert.Contains("MaxVideoBytes", (await FaultAsync(() => replica.Uploads.BeginAsync(alice, "2", "video", 4097, Token))).Message,
            StringComparison.Ordinal);
        Assert.Contains("MaxBytesPerCaller", (await FaultAsync(() => replica.Uploads.BeginAsync(alice, "2", "video", 2001, Token))).Message,
            StringComparison.Ordinal);
        await replica.Uploads.BeginAsync(bob, "1", "video", 0, Token);             // an unknown length counts as the largest
        await replica.Uploads.BeginAsync(bob, "2", "video", 1904, Token);
        Assert.Contains("MaxTotalBytes", (await FaultAsync(() => replica.Uploads.BeginAsync(alice, "2", "video", 1, Token))).Message,
            StringComparison.Ordinal);
        // Going on with an upload reserves nothing anew.
        await replica.Uploads.BeginAsync(alice, "1", "video", 4000, Token);
    }

    static Task<InputFault> FaultAsync(Func<Task> work) => Assert.ThrowsAsync<InputFault>(work);

    /// <summary>The sessions of one replica, with a store and a clock of its own.</summary>
    sealed class Replica : IAsyncDisposable
    {
        readonly ServiceProvider services;

        public Replica(AgentOptions options)
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([new("Store:Folder", Folder.File("store"))])
                .Build();
            services = new ServiceCollection()
                .AddSingleton<IConfiguration>(configuration)
                .AddLogging()
                .AddSingleton<TimeProvider>(Clock)
                .AddStore(configuration)
                .AddSingleton(Options.Create(options))
                .AddSingleton<SessionStore>()
                .AddSingleton<VideoUploads>()
                .BuildServiceProvider();
        }

        public FakeTimeProvider Clock { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        public TemporaryFolder Folder { get; } = new();

        public SessionStore Sessions => Get<SessionStore>();

        public VideoUploads Uploads => Get<VideoUploads>();

        public T Get<T>() where T : notnull => services.GetRequiredService<T>();

        public async ValueTask DisposeAsync()
        {
            await services.DisposeAsync();
            Folder.Dispose();
        }
    }
}
