using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Agent.Chat;
using Rewas.Agent.Sessions;
using Rewas.Agent.Tools;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.PromptCheck;
using Rewas.V1;

namespace Rewas.Agent;

/// <summary>The gRPC service of the agent.</summary>
public sealed class SoundAgentService(SessionStore sessions, Conversation conversation, AgentParts parts) : V1.SoundAgent.SoundAgentBase
{
    const int MostCharacters = 4000, MostNameCharacters = 255, FetchBytes = 256 * 1024;

    public override async Task Chat(
        IAsyncStreamReader<ChatRequest> requestStream, IServerStreamWriter<ChatEvent> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!await requestStream.MoveNext(cancel) || requestStream.Current.PartCase != ChatRequest.PartOneofCase.Session)
            throw InputFault.Invalid("session", "must be the first message");
        var session = requestStream.Current.Session.Length == 0
            ? sessions.Create(context.Caller())
            : sessions.Find(requestStream.Current.Session, context.Caller());
        await responseStream.WriteAsync(new() { Session = session.Name }, cancel);
        while (await requestStream.MoveNext(cancel))
        {
            await session.Turn.WaitAsync(cancel);
            try
            {
                sessions.Find(session.Name, session.Caller);                             // marks it as used
                switch (requestStream.Current.PartCase)
                {
                    case ChatRequest.PartOneofCase.Video:
                        var video = await ReceiveAsync(session, requestStream, cancel);
                        await responseStream.WriteAsync(new() { Video = video.Number }, cancel);
                        break;
                    case ChatRequest.PartOneofCase.Text:
                        await TurnAsync(session, Checked(requestStream.Current.Text, "text"), responseStream, cancel);
                        break;
                    default:
                        throw InputFault.Invalid("chunk", "must follow a video's name");
                }
            }
            finally
            {
                session.Turn.Release();
            }
        }
    }

    public override async Task<V1.ConflictReport> CheckConflict(CheckConflictRequest request, ServerCallContext context)
    {
        var session = sessions.Find(request.Session, context.Caller());
        await session.Turn.WaitAsync(context.CancellationToken);
        try
        {
            return ReportMessages.Of(
                await Tools(session, _ => { }).CheckAsync(session.Video(request.Video), request.Prompt, context.CancellationToken));
        }
        finally
        {
            session.Turn.Release();
        }
    }

    public override async Task<DraftPromptResponse> DraftPrompt(DraftPromptRequest request, ServerCallContext context)
    {
        var session = sessions.Find(request.Session, context.Caller());
        await session.Turn.WaitAsync(context.CancellationToken);
        try
        {
            var words = request.Words.Length <= MostCharacters ? request.Words : throw TooLong("words", request.Words);
            var seen = await Tools(session, _ => { }).SeenAsync(session.Video(request.Video), context.CancellationToken);
            return new() { Prompt = PromptDraft.Of(words, new Captioner(parts.Statistics).Describe(seen)) };
        }
        finally
        {
            session.Turn.Release();
        }
    }

    public override async Task Fetch(FetchRequest request, IServerStreamWriter<FetchResponse> responseStream, ServerCallContext context)
    {
        await using var file = File.OpenRead(sessions.Find(request.Session, context.Caller()).FileOf(request.File));
        var bytes = new byte[FetchBytes];
        for (int read; (read = await file.ReadAsync(bytes, context.CancellationToken)) > 0;)
            await responseStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 0, read) }, context.CancellationToken);
    }

    SoundTools Tools(Session session, Action<AgentEvent> emit) => new(session, parts, emit);

    /// <summary>Sends events while the answer is made. A stream allows one writer, so events wait in a channel.</summary>
    async Task TurnAsync(Session session, string words, IServerStreamWriter<ChatEvent> answers, CancellationToken cancel)
    {
        var events = Channel.CreateUnbounded<ChatEvent>(new() { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var turn = RunAsync();
        try
        {
            await foreach (var happened in events.Reader.ReadAllAsync(cancel))
                await answers.WriteAsync(happened, cancel);
        }
        finally
        {
            await stop.CancelAsync();                                        // the caller has left, or the turn is over
            await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await turn;

        async Task RunAsync()
        {
            try
            {
                var by = await conversation.AnswerAsync(
                    session, words, happened => events.Writer.TryWrite(EventMessages.Of(happened)), stop.Token);
                events.Writer.TryWrite(new() { TurnEnded = by });
            }
            finally
            {
                events.Writer.TryComplete();
            }
        }
    }

    async Task<SessionVideo> ReceiveAsync(Session session, IAsyncStreamReader<ChatRequest> requests, CancellationToken cancel)
    {
        var called = requests.Current.Video.Length <= MostNameCharacters
            ? requests.Current.Video
            : throw TooLong("video", requests.Current.Video);
        var path = Path.Combine(session.Folder, $"video-{session.Videos.Count + 1}");
        try
        {
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            while (await requests.MoveNext(cancel) && requests.Current.PartCase == ChatRequest.PartOneofCase.Chunk)
            {
                if (file.Length + requests.Current.Chunk.Length > parts.Options.MaxVideoBytes)
                    throw InputFault.Exhausted("video", $"at most {parts.Options.MaxVideoBytes} bytes are accepted (MaxVideoBytes)");
                await file.WriteAsync(requests.Current.Chunk.Memory, cancel);
            }
            if (requests.Current?.PartCase != ChatRequest.PartOneofCase.VideoEnd)
                throw InputFault.Invalid("video", "must end with video_end");
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        return await session.AddAsync(path, called, cancel);
    }

    static string Checked(string text, string field) => text.Length is > 0 and <= MostCharacters ? text : throw TooLong(field, text);

    static InputFault TooLong(string field, string text) =>
        InputFault.Invalid(field, $"must have 1 to {MostCharacters} characters, but has {text.Length}");
}
