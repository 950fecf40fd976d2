using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Store;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Video;

namespace Rewas.Tests.Agent;

public sealed class SessionStoreTests
{
    const int WorkingBytes = 16 << 20;

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

    [Fact]
    public async Task A_session_that_could_not_be_read_whole_is_read_again()
    {
        using var clips = new ClipFolder();
        await using var replica = new Replica(new(), WorkingBytes);
        var session = await replica.Sessions.CreateAsync("", "", Token);
        var bytes = await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Token);
        await using (var hold = await replica.Sessions.HoldAsync(session, Token))
        {
            var upload = await replica.Uploads.BeginAsync(session, "", "clip.mp4", bytes.Length, Token);
            await using (var receiving = await replica.Uploads.ReceiveAsync(upload, Token))
                await receiving.WriteAsync(ByteString.CopyFrom(bytes), bytes.Length, "as announced", Token);
            var path = await replica.Sessions.CopyAsync(hold, upload.Id, bytes.Length, Token);
            await hold.Session.AddAsync(path, "clip.mp4", upload.Id, Token);
            await hold.SaveAsync(replica.Get<StoreDatabase>(), Token);
        }

        using var elsewhere = replica.NewSessions();
        using (replica.Get<WorkingSpace>().Reserve("", WorkingBytes - bytes.Length))
            Assert.Equal(FaultKind.Exhausted, (await FaultAsync(() => elsewhere.HoldAsync(session, Token))).Kind);

        await using var again = await elsewhere.HoldAsync(session, Token);
        Assert.Equal("clip.mp4", Assert.Single(again.Session.Videos).Name);
        Assert.Equal(1, again.Session.Current?.Number);
    }

    [Fact]
    public async Task A_video_that_does_not_get_into_its_session_holds_no_room()
    {
        await using var replica = new Replica(new(), WorkingBytes);
        await using var hold = await replica.Sessions.HoldAsync(await replica.Sessions.CreateAsync("", "", Token), Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => replica.Sessions.CopyAsync(hold, "video", 1000, new CancellationToken(canceled: true)));
        replica.Get<WorkingSpace>().Reserve("", WorkingBytes).Dispose();

        var path = await replica.Sessions.CopyAsync(hold, "video", 1000, Token);
        Assert.True(File.Exists(path));
        replica.Sessions.Drop(hold, "video");
        Assert.False(File.Exists(path));
        replica.Get<WorkingSpace>().Reserve("", WorkingBytes).Dispose();
    }

    [Fact]
    public async Task A_session_that_has_grown_too_large_is_not_written()
    {
        await using var replica = new Replica(new());
        var session = await replica.Sessions.CreateAsync("", "", Token);
        await using var hold = await replica.Sessions.HoldAsync(session, Token);
        hold.Session.LastWords = new string('x', 16 << 20);

        Assert.Equal(FaultKind.Exhausted, Assert.Throws<InputFault>(hold.ThrowIfTooLarge).Kind);
        var fault = await FaultAsync(() => hold.SaveAsync(replica.Get<StoreDatabase>(), Token));
        Assert.StartsWith("session: must have at most 16777216 bytes", fault.Message, StringComparison.Ordinal);
        Assert.Equal(session.Revision, (await replica.Get<LeaseTable>().ReadAsync(session.Id, Token))!.Revision);
    }

    [Fact]
    public async Task A_video_is_not_probed_before_a_decoder_has_a_place()
    {
        // There are no more places than processors, and they are given in order.
        var places = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => DecoderPlaces.EnterAsync(Token)).ToList();
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var adding = new Session("name", "", "folder", new()).AddAsync("/no/such/video", "video", "id", stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding);
        }
        finally
        {
            foreach (var place in places)
                (await place).Dispose();
        }
    }

    static Task<InputFault> FaultAsync(Func<Task> work) => Assert.ThrowsAsync<InputFault>(work);

    /// <summary>The sessions of one replica, with a store and a clock of its own.</summary>
    sealed class Replica : IAsyncDisposable
    {
        readonly ServiceProvider services;

        public Replica(AgentOptions options, long workingBytes = 1L << 30)
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(
                    [new("Store:Folder", Folder.File("store")), new("Store:MaxWorkingBytes", $"{workingBytes}")])
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

        /// <summary>The same sessions without working copies, as another replica sees them.</summary>
        public SessionStore NewSessions() => ActivatorUtilities.CreateInstance<SessionStore>(services);

        public T Get<T>() where T : notnull => services.GetRequiredService<T>();

        public async ValueTask DisposeAsync()
        {
            await services.DisposeAsync();
            Folder.Dispose();
        }
    }
}
