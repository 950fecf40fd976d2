using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Polly;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// A conversation with the agent that survives cut connections and lost replicas. It calls again, says which event it has seen last, and
/// reads on from there. Not thread-safe: one video or text at a time.
/// </summary>
public sealed class AgentConversation : IAsyncDisposable
{
    const int ChunkBytes = 256 * 1024, MostNameCharacters = 255;

    /// <summary>The field of a refused turn.</summary>
    const string TurnField = "turn";

    readonly SoundAgent.SoundAgentClient agent;
    readonly ResiliencePipeline retry;
    readonly string key = Guid.NewGuid().ToString("n");
    DuplexCall<ChatRequest, ChatEvent>? call;
    long seen;
    int turn;                                                                // number of the last turn that was said
    int begun;                                                               // the last turn of which an event has come

    /// <param name="patience">Longest time without an agent that can be reached. Default: 2 minutes.</param>
    public AgentConversation(SoundAgent.SoundAgentClient agent, TimeSpan? patience = null)
    {
        this.agent = agent;
        retry = Reconnecting.For(patience);
    }

    /// <summary>The session's name; empty before the first call.</summary>
    public string Session { get; private set; } = "";

    /// <summary>Sends a video. An upload that breaks off goes on where it stopped.</summary>
    /// <returns>The number of the video in the session.</returns>
    /// <exception cref="RpcException">The agent refused the video, or could not be reached for too long.</exception>
    public async Task<int> SendAsync(VideoSource video, CancellationToken cancellation = default)
    {
        var name = video.FileName.Length > MostNameCharacters ? video.FileName[^MostNameCharacters..] : video.FileName;
        var upload = Guid.NewGuid().ToString("n");
        return await retry.ExecuteAsync(
            async stop =>
            {
                var now = await ConnectedAsync(stop);
                return await OrDisconnectAsync(() => UploadAsync(now, video, name, upload, stop));
            },
            cancellation);
    }

    /// <summary>Sends a recording. The next sounds are placed from it and the others of the session.</summary>
    /// <param name="recording">With its content.</param>
    /// <exception cref="RpcException">The agent refused it, or could not be reached for too long.</exception>
    public async Task SendAsync(ReferenceSound recording, CancellationToken cancellation = default) => await retry.ExecuteAsync(
        async stop =>
        {
            var now = await ConnectedAsync(stop);
            await OrDisconnectAsync(async () =>
            {
                await now.WriteAsync(new() { Reference = recording }, stop);
                while ((await NextAsync(now, stop)).PartCase != ChatEvent.PartOneofCase.Received)
                    continue;                                                // events of earlier turns may come first
                return true;
            });
        },
        cancellation);

    /// <summary>Says something. Yields the events of the turn, each once, up to <c>turn_ended</c>.</summary>
    /// <exception cref="RpcException">The turn was refused or failed, or the agent could not be reached for too long.</exception>
    public async IAsyncEnumerable<ChatEvent> SayAsync(string words, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        turn = Math.Max(turn, begun) + 1;
        var said = false;
        while (true)
        {
            ChatEvent next;
            try
            {
                next = await retry.ExecuteAsync(
                    async stop =>
                    {
                        said &= call is not null;                            // a new call must know the turn too
                        var now = await ConnectedAsync(stop);
                        return await OrDisconnectAsync(async () =>
                        {
                            if (!said)
                                await now.WriteAsync(new() { Text = words, Turn = turn }, stop);
                            said = true;
                            return await NextAsync(now, stop);
                        });
                    },
                    cancellation);
            }
            catch (RpcException refusal) when (turn > begun && StageFailure.FieldOf(refusal) is TurnField or "text")
            {
                // The session has not taken this turn. If it has not got earlier ones either, the number is too high: it goes down until
                // it is the session's next one.
                turn--;
                if (refusal.StatusCode != StatusCode.InvalidArgument || StageFailure.FieldOf(refusal) != TurnField || turn <= begun)
                    throw;
                continue;
            }
            if (next.Turn != turn)
                continue;
            if (next.TurnFailed is { } failure)
                throw new RpcException(new((StatusCode)failure.Status, failure.Message));
            yield return next;
            if (next.PartCase == ChatEvent.PartOneofCase.TurnEnded)
                yield break;
        }
    }

    /// <summary>Stops the running turn. It still ends with <c>turn_ended</c>.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => retry.ExecuteAsync(
        async stop =>
        {
            var now = await ConnectedAsync(stop);
            await OrDisconnectAsync(async () =>
            {
                await now.WriteAsync(new() { Stop = true }, stop);
                return true;
            });
        },
        cancellation).AsTask();

    /// <summary>Fetches a file of the session. A fetch that breaks off goes on where it stopped.</summary>
    /// <param name="name">From <see cref="MadeFile"/>.</param>
    /// <param name="to">Receives the bytes.</param>
    public async Task FetchAsync(string name, Stream to, CancellationToken cancellation = default)
    {
        var offset = 0L;
        await retry.ExecuteAsync(
            async stop =>
            {
                using var fetch = agent.Fetch(new() { Session = Session, File = name, Offset = offset }, cancellationToken: stop);
                await foreach (var part in fetch.ResponseStream.ReadAllAsync(stop))
                {
                    await to.WriteAsync(part.Chunk.Memory, stop);
                    offset += part.Chunk.Length;
                }
            },
            cancellation);
    }

    /// <summary>Ends the call. The session stays for its lifetime.</summary>
    public async ValueTask DisposeAsync()
    {
        if (call is null)
            return;
        await call.TryCompleteAsync();
        Disconnect();
    }

    async Task<DuplexCall<ChatRequest, ChatEvent>> ConnectedAsync(CancellationToken cancellation)
    {
        if (call is not null)
            return call;
        call = new(agent.Chat(cancellationToken: CancellationToken.None));   // it outlives this request
        return await OrDisconnectAsync(async () =>
        {
            await call.WriteAsync(
                new() { Session = Session, Key = Session.Length == 0 ? key : "", After = seen }, cancellation);
            Session = (await NextAsync(call, cancellation)).Session;
            return call;
        });
    }

    async Task<int> UploadAsync(
        DuplexCall<ChatRequest, ChatEvent> now, VideoSource video, string name, string upload, CancellationToken cancellation)
    {
        await now.WriteAsync(new() { Video = name, Key = upload, Bytes = video.Bytes ?? 0 }, cancellation);
        var answer = await AnswerAsync();
        if (answer.PartCase == ChatEvent.PartOneofCase.Received)
        {
            await using var file = await video.OpenFromAsync(answer.Received, cancellation);
            var bytes = new byte[Math.Min(ChunkBytes, MessageLimits.ChunkBytes)];
            for (int read; (read = await file.ReadAsync(bytes, cancellation)) > 0;)
                await now.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 0, read) }, cancellation);
            await now.WriteAsync(new() { VideoEnd = true }, cancellation);
            answer = await AnswerAsync();
        }
        return answer.Video;

        // Events of earlier turns and uploads may come first.
        async Task<ChatEvent> AnswerAsync()
        {
            while (true)
                if (await NextAsync(now, cancellation) is { Key: var answered } answer && answered == upload)
                    return answer;
        }
    }

    async Task<ChatEvent> NextAsync(DuplexCall<ChatRequest, ChatEvent> now, CancellationToken cancellation)
    {
        if (!await now.MoveNextAsync(cancellation))
            throw new RpcException(new(StatusCode.Unavailable, "the conversation has ended"));
        var next = now.Current;
        (seen, begun) = (Math.Max(seen, next.Number), Math.Max(begun, next.Turn));
        return next;
    }

    /// <summary>Drops the call after any failure, so that the next attempt makes a new one.</summary>
    async Task<T> OrDisconnectAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    void Disconnect()
    {
        call?.Dispose();
        call = null;
    }
}
