using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Client;
using Rewas.Store.Files;
using Rewas.Video;

namespace Rewas.Tests.Agent;

public sealed class ConversationTests
{
    [Fact]
    public async Task Adds_sound_edits_a_hit_makes_more_and_renders_only_what_changed()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        using var talk = await host.TalkAsync(await AgentHost.HammerAsync(folder));

        var added = await talk.SayAsync("add the sound of a hammer striking metal");
        Assert.Equal("embedded", added.By());
        Assert.True(Array.IndexOf(added.Tools(), "check_conflict") < Array.IndexOf(added.Tools(), "generate_sound"));
        var made = Assert.Single(added.Files());
        Assert.Equal("a hammer striking metal", made.Prompt);

        var louder = await talk.SayAsync("make the second hit louder");
        var again = Assert.Single(louder.Files());
        Assert.Equal((made.Prompt, made.Seed), (again.Prompt, again.Seed));
        Assert.DoesNotContain(louder, e => e.Progress?.What == "looking");      // the picture is not encoded again
        Assert.Contains("edit_energy", louder.Tools());

        var more = (await talk.SayAsync("give me two more like the first")).Files();
        Assert.Equal([made.Prompt, made.Prompt], more.Select(f => f.Prompt));
        Assert.Equal(3, more.Select(f => f.Seed).Append(made.Seed).Distinct().Count());

        var path = folder.File("fetched.mp4");
        await host.FetchAsync(talk, made.Name, path);
        Assert.True((await VideoProbe.ReadAsync(path, new VideoLimits())).HasAudio);
    }

    [Fact]
    public async Task Places_the_sound_where_the_picture_moves_and_takes_that_back()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        using var talk = await host.TalkAsync(await AgentHost.HammerAsync(folder));
        Assert.Equal(1, await ChannelsAsync(await talk.SayAsync("add the sound of a hammer striking metal")));
        var panned = await talk.SayAsync("pan it with the picture");
        Assert.Contains("where the picture moves", panned.Text(), StringComparison.Ordinal);
        Assert.Equal(2, await ChannelsAsync(panned));
        var wide = await talk.SayAsync("make it wide");
        Assert.Contains("width of 0.8 and lies where the picture moves", wide.Text(), StringComparison.Ordinal);
        Assert.Equal(2, await ChannelsAsync(wide));
        Assert.Equal(1, await ChannelsAsync(await talk.SayAsync("back to mono")));

        async Task<int> ChannelsAsync(IReadOnlyList<Rewas.V1.ChatEvent> events)
        {
            var made = Assert.Single(events.Files());
            var path = folder.File(made.Name);
            await host.FetchAsync(talk, made.Name, path);
            var probe = await Programs.RunAsync(
                "ffprobe", ["-v", "error", "-select_streams", "a:0", "-show_entries", "stream=channels", "-of", "csv=p=0", path]);
            return int.Parse(probe.Output.Trim(), CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Makes_sound_without_a_picture_in_a_session_that_has_no_video()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        using var talk = await host.TalkAsync();
        Assert.Contains("make 6 seconds of rain", (await talk.SayAsync("add the sound of rain")).Text(), StringComparison.Ordinal);

        var made = await talk.SayAsync("make 1.5 seconds of rain on a roof");
        Assert.Contains("generate_without_video", made.Tools());
        var file = Assert.Single(made.Files());
        Assert.Equal(("sound-1.wav", "rain on a roof"), (file.Name, file.Prompt));
        var more = Assert.Single((await talk.SayAsync("one more")).Files());
        Assert.Equal(("sound-2.wav", "rain on a roof"), (more.Name, more.Prompt));
        Assert.NotEqual(file.Seed, more.Seed);
        foreach (var name in new[] { file.Name, more.Name })
            await host.FetchAsync(talk, name, folder.File(name));
        Assert.Equal(1.5 * 16_000 * sizeof(float), ClipFolder.Run("-i", folder.File("sound-1.wav"), "-f", "f32le", "-").Length);
        Assert.Contains("must be from 0.1 to", (await talk.SayAsync("make 0 seconds of rain")).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_conflicting_prompt_until_the_user_overrides_it_in_a_later_turn()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        using var talk = await host.TalkAsync(await AgentHost.HammerAsync(folder));

        // "anyway" in the first turn comes before any report, so the user cannot have read one.
        var refused = await talk.SayAsync("add the sound of heavy rain on a roof");
        Assert.Empty(refused.Files());
        Assert.Equal("conflict", refused.Single(e => e.Conflict is not null).Conflict.Verdict);
        Assert.Contains("make it anyway", refused.Text(), StringComparison.Ordinal);

        var overridden = await talk.SayAsync("make it anyway");
        Assert.Equal("heavy rain on a roof", Assert.Single(overridden.Files()).Prompt);

        var suggested = await talk.SayAsync("use suggestion 1");
        Assert.Contains("hammer", Assert.Single(suggested.Files()).Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_two_videos_apart_and_carries_a_curve_from_one_to_the_other()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        using var talk = await host.TalkAsync(await AgentHost.HammerAsync(folder), await AgentHost.HammerAsync(folder, seed: 5));

        await talk.SayAsync("the first video");
        Assert.Contains("mute", (await talk.SayAsync("mute 1 to 2 s")).Text(), StringComparison.Ordinal);
        var second = await talk.SayAsync("the second video");
        Assert.Contains("video 2", second.Text(), StringComparison.Ordinal);
        Assert.Contains("mute 1s..2s", (await talk.SayAsync("use my last curve")).Text(), StringComparison.Ordinal);
        Assert.Contains("cannot do that", (await talk.SayAsync("book me a flight")).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_first_words_before_it_generates_and_goes_on_when_its_call_is_cut_until_it_is_stopped()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AgentHost.StartAsync();
        using var stop = new CancellationTokenSource();
        using var call = host.Agent.Chat(cancellationToken: stop.Token);
        await call.RequestStream.WriteAsync(new() { Session = "" });
        await call.ResponseStream.MoveNext(CancellationToken.None);
        using var talk = new Talk(call, call.ResponseStream.Current.Session);
        await talk.SendAsync(await AgentHost.HammerAsync(folder));

        // The first words do not wait for the sound.
        await call.RequestStream.WriteAsync(new() { Text = "add sound to this video" });
        while (await call.ResponseStream.MoveNext(CancellationToken.None) && call.ResponseStream.Current.Text.Length == 0)
            Assert.False(
                call.ResponseStream.Current is { Progress.What: "generating" } or { File: not null } or { TurnEnded.Length: > 0 },
                $"{call.ResponseStream.Current}");

        await stop.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));

        using var again = host.Agent.Chat();
        await again.RequestStream.WriteAsync(new() { Session = talk.Session, After = 0 });
        await again.RequestStream.WriteAsync(new() { Text = "add rain", Turn = 2 });
        await again.RequestStream.WriteAsync(new() { Stop = true });
        await again.RequestStream.CompleteAsync();
        var events = new List<V1.ChatEvent>();
        await foreach (var happened in again.ResponseStream.ReadAllAsync())
            events.Add(happened);

        // The log begins with the video. Its numbers have no gap, and each turn has one end.
        Assert.Equal(1, events.First(e => e.Number == 1).Video);
        Assert.Equal(Enumerable.Range(1, events.Count(e => e.Number > 0)), events.Where(e => e.Number > 0).Select(e => (int)e.Number));
        Assert.Equal("stopped", Assert.Single(events, e => e.Turn == 2 && e.TurnEnded.Length > 0).TurnEnded);
        Assert.Single(events, e => e.Turn == 1 && e.TurnEnded.Length > 0);
        // The session is free again.
        var draft = await host.Agent.DraftPromptAsync(
            new() { Session = talk.Session, Words = "add the sound of hammering" }, deadline: DateTime.UtcNow.AddSeconds(60));
        Assert.Equal("hammering", draft.Prompt);
    }

    [Fact]
    public async Task Goes_on_after_turns_that_were_refused_did_not_arrive_or_were_not_listened_to()
    {
        await using var host = await AgentHost.StartAsync();
        await using var talk = new AgentConversation(host.Agent);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => TurnAsync(new string('a', 4001)));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal(1, await TurnAsync("add rain"));

        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TurnAsync("add wind", new(canceled: true)));
        Assert.Equal(2, await TurnAsync("add wind"));

        await foreach (var _ in talk.SayAsync("add thunder"))
            break;
        Assert.Equal(4, await TurnAsync("add thunder"));

        async Task<int> TurnAsync(string words, CancellationToken cancellation = default)
        {
            var turns = new HashSet<int>();
            await foreach (var happened in talk.SayAsync(words, cancellation))
                turns.Add(happened.Turn);
            return Assert.Single(turns);
        }
    }

    [Fact]
    public async Task Says_that_recordings_need_more_room_than_there_is_when_they_are_decoded()
    {
        using var store = new TemporaryFolder();
        using var clips = new ClipFolder();
        await using var host = await AgentHost.StartAsync($"--Store:Folder={store.Path}", $"--Store:MaxWorkingBytes={8 << 20}");
        await using var talk = new AgentConversation(host.Agent);
        Assert.Single((await TurnAsync()).Files());

        // It has some kilobytes, and 12 MB when it is decoded.
        var silence = clips.Make("silence.flac", "anullsrc=sample_rate=48000:channel_layout=mono", "-t", "60", "-c:a", "flac");
        await talk.SendAsync(
            new V1.ReferenceSound { Name = "silence.flac", Content = ByteString.CopyFrom(await File.ReadAllBytesAsync(silence)) });
        var refused = await TurnAsync();
        Assert.Empty(refused.Files());
        Assert.Contains(
            "That was refused: bytes: of all temporary files must be at most 8388608 (MaxWorkingBytes), but would be",
            refused.Text(), StringComparison.Ordinal);

        async Task<IReadOnlyList<V1.ChatEvent>> TurnAsync()
        {
            var events = new List<V1.ChatEvent>();
            await foreach (var happened in talk.SayAsync("make 1.5 seconds of rain on a roof"))
                events.Add(happened);
            return events;
        }
    }

    [Fact]
    public async Task A_whole_upload_that_finds_no_room_is_not_sent_again()
    {
        const int Room = 16 << 20;
        using var store = new TemporaryFolder();
        using var clips = new ClipFolder();
        await using var host = await AgentHost.StartAsync($"--Store:Folder={store.Path}", $"--Store:MaxWorkingBytes={Room}");
        var bytes = await File.ReadAllBytesAsync(clips.Plain("clip.mp4"));
        string session;
        using (host.Get<WorkingSpace>().Reserve("", Room))
        using (var call = host.Agent.Chat())
        {
            await call.RequestStream.WriteAsync(new() { Session = "" });
            session = (await NextAsync(call)).Session;
            await call.RequestStream.WriteAsync(new() { Video = "clip.mp4", Key = "v", Bytes = bytes.Length });
            Assert.Equal(0, (await NextAsync(call)).Received);
            await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes) });
            await call.RequestStream.WriteAsync(new() { VideoEnd = true });
            await NextAsync(call).Fails(StatusCode.ResourceExhausted, "MaxWorkingBytes");
        }

        using var again = host.Agent.Chat();
        await again.RequestStream.WriteAsync(new() { Session = session });
        Assert.Equal(session, (await NextAsync(again)).Session);
        await again.RequestStream.WriteAsync(new() { Video = "clip.mp4", Key = "v", Bytes = bytes.Length });
        Assert.Equal(bytes.Length, (await NextAsync(again)).Received);
        await again.RequestStream.WriteAsync(new() { VideoEnd = true });
        Assert.Equal(1, (await NextAsync(again)).Video);

        static async Task<V1.ChatEvent> NextAsync(AsyncDuplexStreamingCall<V1.ChatRequest, V1.ChatEvent> call) =>
            await call.ResponseStream.MoveNext(CancellationToken.None)
                ? call.ResponseStream.Current
                : throw new InvalidOperationException("the call ended");
    }

    [Fact]
    public async Task Gives_no_file_that_the_session_did_not_make()
    {
        await using var host = await AgentHost.StartAsync();
        using var talk = await host.TalkAsync();
        foreach (var name in (string[])["../../etc/passwd", "/etc/passwd", "video-1"])
        {
            using var fetch = host.Agent.Fetch(new() { Session = talk.Session, File = name });
            Assert.Equal(
                StatusCode.NotFound,
                (await Assert.ThrowsAsync<RpcException>(
                    async () => await fetch.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        }
        Assert.Contains("Send me a video first", (await talk.SayAsync("add rain")).Text(), StringComparison.Ordinal);
    }
}
