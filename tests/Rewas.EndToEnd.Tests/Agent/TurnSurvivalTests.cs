using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Client;
using Rewas.Rendering;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Agent;

/// <summary>A turn does not die with its stream, and a session does not die with its replica.</summary>
public sealed class TurnSurvivalTests
{
    const string Words = "add the sound of rain";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_whose_replica_is_killed_ends_at_another_one_with_the_same_sound_and_no_event_twice()
    {
        await using var replicas = await AgentReplicas.StartAsync(2);
        var clip = replicas.Clip();
        var undisturbed = await UndisturbedAsync(replicas, clip);

        // The first replica gets the video and begins the turn.
        string session;
        var events = new List<ChatEvent>();
        using (var call = replicas.Client(0).Chat(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new() { After = 0, Session = "" }, Token);
            session = (await NextAsync(call)).Session;
            await UploadAsync(call, clip, "clip.mp4");
            await call.RequestStream.WriteAsync(new() { Text = Words, Turn = 1 }, Token);
            for (var next = await NextAsync(call); next.Progress is not { What: "generating", Part: > 0 }; next = await NextAsync(call))
                events.Add(next);
        }
        replicas.Kill(0);
        Assert.DoesNotContain(events, e => e.TurnEnded.Length > 0 || e.File is not null);

        // The second one reads on from the last event, and ends the turn.
        var last = events.Max(e => e.Number);
        var client = replicas.Client(1);
        using (var call = client.Chat(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new() { Session = session, After = last }, Token);
            Assert.Equal(session, (await NextAsync(call)).Session);
            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(Token))
                events.Add(call.ResponseStream.Current);
        }

        var logged = events.Where(e => e.Number > 0).ToList();
        Assert.Equal(Enumerable.Range(1, logged.Count), logged.Select(e => (int)e.Number));
        Assert.Equal("embedded", Assert.Single(logged, e => e.TurnEnded.Length > 0).TurnEnded);
        Assert.Equal(
            undisturbed.Events.Where(e => e.Number > 0).Select(e => new ChatEvent(e) { Number = 0 }),
            logged.Select(e => new ChatEvent(e) { Number = 0 }));
        var made = Assert.Single(logged, e => e.File is not null).File;
        Assert.Equal(undisturbed.File, await FetchAsync(client, session, made.Name));
        Assert.Equal(undisturbed.Sound, Sidecar.Parse(await FetchAsync(client, session, made.Name + ".json"), "sidecar").Sound);
    }

    [Fact]
    public async Task A_conversation_goes_on_through_the_gateway_while_all_its_agents_are_killed_and_one_comes_back()
    {
        await using var replicas = await AgentReplicas.StartAsync(2);
        var clip = replicas.Clip();
        using var gateway = await ServiceProcess.StartAsync(
            "Rewas.Gateway",
            Programs.FreePort(),
            [
                .. ((string[])["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"])
                    .Select(stage => $"--Gateway:Stages:{stage}:0={replicas.Stages}"),
                $"--Gateway:Stages:SoundAgent:0={replicas.AddressOf(0)}",
                $"--Gateway:Stages:SoundAgent:1={replicas.AddressOf(1)}",
                "--Gateway:HealthInterval=00:00:00.200",
            ]);
        var undisturbed = await UndisturbedAsync(replicas, clip);
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        await using var conversation = new AgentConversation(new(channel));

        Assert.Equal(1, await conversation.SendAsync(VideoSource.FromFile(clip), Token));
        var (events, restart) = (new List<ChatEvent>(), (Task?)null);
        await foreach (var happened in conversation.SayAsync(Words, Token))
        {
            events.Add(happened);
            if (restart is not null || happened.Progress is not { What: "generating", Part: > 0 })
                continue;
            replicas.Kill(0);
            replicas.Kill(1);
            restart = replicas.StartAsync(1);
        }
        await restart!;

        Assert.Equal(
            undisturbed.Events.Where(e => e is { Number: > 0, Turn: > 0 }).Select(e => new ChatEvent(e) { Number = 0 }),
            events.Where(e => e.Number > 0).Select(e => new ChatEvent(e) { Number = 0 }));
        using var file = new MemoryStream();
        await conversation.FetchAsync(Assert.Single(events, e => e.File is not null).File.Name, file, Token);
        Assert.Equal(undisturbed.File, file.ToArray());
    }

    [Fact]
    public async Task An_upload_that_broke_off_goes_on_at_another_replica_and_a_stalled_one_holds_nothing()
    {
        await using var replicas = await AgentReplicas.StartAsync(2, "--SoundAgent:IdleTimeout=00:00:05");
        var bytes = await File.ReadAllBytesAsync(replicas.Clip(2), Token);
        string session;
        using (var call = replicas.Client(0).Chat(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new() { After = 0, Session = "", Key = "s" }, Token);
            session = (await NextAsync(call)).Session;
            await call.RequestStream.WriteAsync(new() { Video = "clip.mp4", Key = "v", Bytes = bytes.Length }, Token);
            Assert.Equal(0, (await NextAsync(call)).Received);
            await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 0, 1000) }, Token);
            // While the upload is stalled, the session is free for its user.
            var draft = await replicas.Client(0).DraftPromptAsync(new() { Session = session, Words = "rain" }, cancellationToken: Token)
                .ResponseAsync.ContinueWith(task => task.Exception!.InnerException as RpcException, TaskScheduler.Default);
            Assert.Equal(StatusCode.FailedPrecondition, draft!.StatusCode);  // it has no video, and says so at once
            Assert.Equal(
                StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(call))).StatusCode);
        }
        replicas.Kill(0);

        using var again = replicas.Client(1).Chat(cancellationToken: Token);
        await again.RequestStream.WriteAsync(new() { After = 0, Session = "", Key = "s" }, Token);
        Assert.Equal(session, (await NextAsync(again)).Session);
        await again.RequestStream.WriteAsync(new() { Video = "clip.mp4", Key = "v", Bytes = bytes.Length }, Token);
        Assert.Equal(1000, (await NextAsync(again)).Received);
        await again.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 1000, bytes.Length - 1000) }, Token);
        await again.RequestStream.WriteAsync(new() { VideoEnd = true }, Token);
        Assert.Equal(1, (await NextAsync(again)).Video);
        // Sent once more, it is known.
        await again.RequestStream.WriteAsync(new() { Video = "clip.mp4", Key = "v", Bytes = bytes.Length }, Token);
        Assert.Equal(1, (await NextAsync(again)).Video);
    }

    [Fact]
    public async Task A_rollout_of_the_agents_loses_no_session()
    {
        await using var replicas = await AgentReplicas.StartAsync(1);
        await using var conversation = new AgentConversation(replicas.Client(0));
        await conversation.SendAsync(VideoSource.FromFile(replicas.Clip(2)), Token);
        var first = await SayAsync(conversation, Words);
        await SayAsync(conversation, "mute 0 to 1 s");
        replicas.Kill(0);
        await replicas.StartAsync(1);

        // The new replica knows the video, the prompt, the edits and the candidates.
        var client = replicas.Client(1);
        using var call = client.Chat(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new() { Session = conversation.Session }, Token);
        await NextAsync(call);
        await call.RequestStream.WriteAsync(new() { Text = "one more like the first" }, Token);
        var events = new List<ChatEvent>();
        while (events.Count == 0 || events[^1].TurnEnded.Length == 0)
            events.Add(await NextAsync(call));
        var made = Assert.Single(events, e => e.File is not null).File;
        Assert.Equal("sound-3.mp4", made.Name);
        Assert.Equal(Assert.Single(first, e => e.File is not null).File.Prompt, made.Prompt);
        var sidecar = Sidecar.Parse(await FetchAsync(client, conversation.Session, made.Name + ".json"), "sidecar");
        Assert.Equal(["mute 0s..1s"], sidecar.EnergyEdits);
    }

    static async Task<List<ChatEvent>> SayAsync(AgentConversation conversation, string words)
    {
        var events = new List<ChatEvent>();
        await foreach (var happened in conversation.SayAsync(words, Token))
            events.Add(happened);
        return events;
    }

    /// <summary>The same conversation without a fault.</summary>
    static async Task<(List<ChatEvent> Events, byte[] File, SoundMade Sound)> UndisturbedAsync(AgentReplicas replicas, string clip)
    {
        var client = replicas.Client(1);
        using var call = client.Chat(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new() { After = 0, Session = "" }, Token);
        var session = (await NextAsync(call)).Session;
        await UploadAsync(call, clip, "clip.mp4");
        await call.RequestStream.WriteAsync(new() { Text = Words }, Token);
        await call.RequestStream.CompleteAsync();
        var events = new List<ChatEvent>();
        while (await call.ResponseStream.MoveNext(Token))
            events.Add(call.ResponseStream.Current);
        var made = Assert.Single(events, e => e.File is not null).File;
        return (
            events, await FetchAsync(client, session, made.Name),
            Sidecar.Parse(await FetchAsync(client, session, made.Name + ".json"), "sidecar").Sound);
    }

    static async Task UploadAsync(AsyncDuplexStreamingCall<ChatRequest, ChatEvent> call, string path, string name)
    {
        var bytes = await File.ReadAllBytesAsync(path, Token);
        await call.RequestStream.WriteAsync(new() { Video = name, Bytes = bytes.Length }, Token);
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes) }, Token);
        await call.RequestStream.WriteAsync(new() { VideoEnd = true }, Token);
    }

    static async Task<ChatEvent> NextAsync(AsyncDuplexStreamingCall<ChatRequest, ChatEvent> call) =>
        await call.ResponseStream.MoveNext(Token) ? call.ResponseStream.Current : throw new InvalidOperationException("the call ended");

    static async Task<byte[]> FetchAsync(SoundAgent.SoundAgentClient client, string session, string file)
    {
        using var fetch = client.Fetch(new() { Session = session, File = file }, cancellationToken: Token);
        var bytes = new MemoryStream();
        await foreach (var part in fetch.ResponseStream.ReadAllAsync(Token))
            part.Chunk.WriteTo(bytes);
        return bytes.ToArray();
    }
}
