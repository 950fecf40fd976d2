using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Sound.Curves;
using Rewas.SoundLibrary;
using Rewas.Tests.Library;
using Rewas.V1;

namespace Rewas.Tests.Services;

public class SoundLibraryServiceTests
{
    [Fact]
    public async Task A_library_is_indexed_searched_listed_and_forgotten_over_the_wire()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("doors/door slam.wav", 1);
        await made.AddAsync("doors/creak.wav", 2);
        File.WriteAllBytes(made["doors/empty.wav"], []);
        await using var host = await Host.StartAsync(made, made.Sounds);

        var events = await host.IndexAsync("doors");
        Assert.Equal("is empty", Assert.Single(events, happened => happened.Refused is not null).Refused.Reason);
        Assert.Equal((2, 2), (events[^1].Report.Recordings, events[^1].Report.Indexed));
        Assert.Equal([made["doors"]], (await host.Library.DescribeLibraryAsync(new())).Folders);

        var found = await host.Library.SearchSoundsAsync(new() { Words = "door slam" });
        Assert.Equal(made["doors/door slam.wav"], found.Sounds[0].Sound.Path);
        Assert.Equal(["door", "slam"], found.Sounds[0].Words);
        Assert.True(found.Sounds[0].HasHeard);                               // the bundle's encoders take part
        Assert.Null(found.Sounds[0].Fit);

        var curve = Rewas.Sound.Curves.EnergyCurve.Of([.. Enumerable.Repeat(-2f, 300)]).ToMessage();
        Assert.All((await host.Library.SearchSoundsAsync(new() { Curve = curve })).Sounds, sound => Assert.NotNull(sound.Fit));

        var page = await host.Library.ListSoundsAsync(new() { PageSize = 1 });
        var rest = await host.Library.ListSoundsAsync(new() { PageSize = 5, Page = page.NextPage });
        Assert.Equal([made["doors/creak.wav"], made["doors/door slam.wav"]], page.Sounds.Concat(rest.Sounds).Select(sound => sound.Path));
        Assert.Equal("", rest.NextPage);

        Assert.Equal(2, (await host.Library.ForgetSoundsAsync(new() { Paths = { made["doors"] } })).Forgotten);
        Assert.Empty((await host.Library.ListSoundsAsync(new())).Sounds);
    }

    [Theory]
    [InlineData("../elsewhere", StatusCode.InvalidArgument)]
    [InlineData("/etc", StatusCode.InvalidArgument)]
    [InlineData("link", StatusCode.InvalidArgument)]
    [InlineData("", StatusCode.InvalidArgument)]
    [InlineData("nothing", StatusCode.NotFound)]
    public async Task Callers_reach_nothing_outside_the_readable_folder(string folder, StatusCode status)
    {
        using var made = new MadeRecordings();
        Directory.CreateDirectory(made.Outside("elsewhere"));
        Directory.CreateSymbolicLink(made["link"], made.Outside("elsewhere"));
        await using var host = await Host.StartAsync(made, made.Sounds);
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(() => host.IndexAsync(folder))).StatusCode);
    }

    [Fact]
    public async Task Without_a_readable_folder_callers_change_nothing()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("door.wav", 1);
        await using var host = await Host.StartAsync(made, readable: "");
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.IndexAsync("."));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("SoundLibrary:ReadableFolder", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.FailedPrecondition,
            (await Assert.ThrowsAsync<RpcException>(() =>
            host.Library.ForgetSoundsAsync(new() { Paths = { made["door.wav"] } }).ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task Callers_forget_nothing_outside_the_readable_folder()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("inside/door.wav", 1);
        await made.AddAsync("inside too/door.wav", 2);
        await made.IndexAsync();
        await using var host = await Host.StartAsync(made, made["inside"]);
        foreach (var path in (string[])[made["inside too"], made["inside/../inside too"], made.Sounds, "/"])
            Assert.Equal(StatusCode.InvalidArgument,
                (await Assert.ThrowsAsync<RpcException>(() => host.Library.ForgetSoundsAsync(new() { Paths = { path } }).ResponseAsync))
                .StatusCode);
        Assert.Equal(2, made.Names.Count);
    }

    [Fact]
    public async Task A_query_that_is_wrong_is_told_by_its_field()
    {
        using var made = new MadeRecordings();
        await using var host = await Host.StartAsync(made, "");
        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            host.Library.SearchSoundsAsync(new() { Words = "door", Limit = 5000 }).ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, "limit"), (refused.StatusCode, refused.Trailers.GetValue(FaultInterceptor.FieldTrailer)));
    }

    /// <summary>The service on a socket of its own, with the index of made recordings.</summary>
    sealed class Host : IAsyncDisposable
    {
        readonly PrivateSocket socket = new();
        readonly TinyBundle bundle = new(soundEncoder: "sound_encoder", sentences: true);
        readonly WebApplication app;
        readonly RewasClient client;

        Host(MadeRecordings made, string readable)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration["Rewas:Bundle"] = bundle.Bundle.Directory;
            builder.Configuration["Rewas:ShareBetweenCallers"] = "true";
            builder.Configuration["Rewas:Listen"] = socket.Address.OriginalString;
            builder.Configuration["SoundLibrary:Folder"] = Path.GetDirectoryName(made.Index.Path);
            builder.Configuration["SoundLibrary:ReadableFolder"] = readable;
            builder.AddRewasDefaults();
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.AddSoundLibrary();
            app = builder.Build();
            app.MapRewasDefaults();
            app.MapSoundLibrary();
            client = RewasClient.Connect(socket.Address);
        }

        public V1.SoundLibrary.SoundLibraryClient Library => client.Library;

        public static async Task<Host> StartAsync(MadeRecordings made, string readable)
        {
            var host = new Host(made, readable);
            await host.app.StartAsync(TestContext.Current.CancellationToken);
            return host;
        }

        public async Task<List<IndexSoundsEvent>> IndexAsync(string folder)
        {
            using var call = Library.IndexSounds(new() { Folders = { folder } }, cancellationToken: TestContext.Current.CancellationToken);
            var events = new List<IndexSoundsEvent>();
            await foreach (var happened in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
                events.Add(happened);
            return events;
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            socket.Dispose();
            bundle.Dispose();
        }
    }
}
