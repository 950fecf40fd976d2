using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Bundles;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Evaluation.Scenes;
using Rewas.V1;

namespace Rewas.Tests.Agent;

/// <summary>The all-in-one host with the embedded bundle behind a private socket, and one video.</summary>
sealed class AgentHost : IAsyncDisposable
{
    readonly WebApplication app;
    readonly PrivateSocket socket = new();
    readonly RewasClient client;

    AgentHost(string[] settings)
    {
        app = AllInOne.Build(socket.Address.OriginalString, Bundle.Find("rewas-mini"), quiet: true, ["--Onnx:Threads=1", .. settings]);
        client = RewasClient.Connect(socket.Address);
    }

    public string Address => socket.Address.OriginalString;

    public SoundAgent.SoundAgentClient Agent => client.Agent;

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<AgentHost> StartAsync(params string[] settings)
    {
        var host = new AgentHost(settings);
        await host.app.StartAsync();
        return host;
    }

    /// <summary>A hammer scene of the same kind as samples/hammer.mp4.</summary>
    public static async Task<string> HammerAsync(TemporaryFolder folder, ulong seed = 3)
    {
        var path = folder.File($"hammer{seed}.mp4");
        if (!File.Exists(path))
            await SceneFiles.WriteAsync("hammer", seed, path, 256, 256, SceneCatalog.SecondsPerClip, withSound: false);
        return path;
    }

    /// <summary>Writes a file of a session to the disk.</summary>
    public async Task FetchAsync(Talk talk, string name, string path)
    {
        await using var file = File.Create(path);
        using var fetch = Agent.Fetch(new() { Session = talk.Session, File = name });
        await foreach (var part in fetch.ResponseStream.ReadAllAsync())
            await file.WriteAsync(part.Chunk.Memory);
    }

    public async Task<Talk> TalkAsync(params string[] videos)
    {
        var call = Agent.Chat();
        await call.RequestStream.WriteAsync(new() { Session = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var talk = new Talk(call, call.ResponseStream.Current.Session);
        foreach (var video in videos)
            await talk.SendAsync(video);
        return talk;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        socket.Dispose();
    }
}

/// <summary>One conversation, as a client sees it.</summary>
sealed class Talk(AsyncDuplexStreamingCall<ChatRequest, ChatEvent> call, string session) : IDisposable
{
    public string Session => session;

    public async Task SendAsync(string path, string? called = null)
    {
        await call.RequestStream.WriteAsync(new() { Video = called ?? Path.GetFileName(path) });
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(await File.ReadAllBytesAsync(path)) });
        await call.RequestStream.WriteAsync(new() { VideoEnd = true });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(ChatEvent.PartOneofCase.Video, call.ResponseStream.Current.PartCase);
    }

    /// <summary>All events of a turn.</summary>
    public async Task<IReadOnlyList<ChatEvent>> SayAsync(string words)
    {
        await call.RequestStream.WriteAsync(new() { Text = words });
        var events = new List<ChatEvent>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            events.Add(call.ResponseStream.Current);
            if (events[^1].PartCase == ChatEvent.PartOneofCase.TurnEnded)
                return events;
        }
        throw new InvalidOperationException("the call ended inside a turn");
    }

    public void Dispose() => call.Dispose();
}

static class Events
{
    public static string Text(this IReadOnlyList<ChatEvent> events) => string.Concat(events.Select(e => e.Text));

    public static string[] Tools(this IReadOnlyList<ChatEvent> events) =>
        [.. events.Where(e => e.Tool is not null).Select(e => e.Tool.Name)];

    public static MadeFile[] Files(this IReadOnlyList<ChatEvent> events) => [.. events.Where(e => e.File is not null).Select(e => e.File)];

    public static string By(this IReadOnlyList<ChatEvent> events) => events[^1].TurnEnded;
}
