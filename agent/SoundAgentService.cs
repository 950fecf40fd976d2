using Google.Protobuf;
using Grpc.Core;
using Rewas.Agent.Sessions;
using Rewas.Agent.Streams;
using Rewas.Agent.Tools;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.PromptCheck;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.Agent;

/// <summary>The gRPC service of the agent.</summary>
public sealed class SoundAgentService(SessionStore sessions, ChatParts chat, StoredFiles files, AgentParts parts)
    : V1.SoundAgent.SoundAgentBase
{
    const int MostCharacters = 4000, FetchBytes = 256 * 1024;

    public override async Task Chat(
        IAsyncStreamReader<ChatRequest> requestStream, IServerStreamWriter<ChatEvent> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!await requestStream.MoveNext(cancel) || requestStream.Current.PartCase != ChatRequest.PartOneofCase.Session)
            throw InputFault.Invalid("session", "must be the first message");
        var first = requestStream.Current;
        if (first is { HasAfter: true, After: < 0 })
            throw InputFault.Invalid("after", $"must be at least 0, but is {first.After}");
        var session = first.Session.Length == 0
            ? await sessions.CreateAsync(first.Key, context.Caller(), cancel)
            : await sessions.FindAsync(first.Session, context.Caller(), cancel);
        using var stream = new ChatStream(chat, session, first.HasAfter ? first.After : null, requestStream, responseStream);
        await stream.RunAsync(cancel);
    }

    public override async Task<V1.ConflictReport> CheckConflict(CheckConflictRequest request, ServerCallContext context)
    {
        await using var hold = await HoldAsync(request.Session, context);
        try
        {
            var report = ReportMessages.Of(await Tools(hold.Session).CheckAsync(
                hold.Session.Video(request.Video), request.Prompt, context.CancellationToken));
            await hold.SaveAsync(chat.Database, context.CancellationToken);
            return report;
        }
        catch
        {
            sessions.Forget(hold.Session.Name);
            throw;
        }
    }

    public override async Task<DraftPromptResponse> DraftPrompt(DraftPromptRequest request, ServerCallContext context)
    {
        var words = request.Words.Length <= MostCharacters
            ? request.Words
            : throw InputFault.Invalid("words", $"must have at most {MostCharacters} characters, but has {request.Words.Length}");
        await using var hold = await HoldAsync(request.Session, context);
        var seen = await Tools(hold.Session).SeenAsync(hold.Session.Video(request.Video), context.CancellationToken);
        return new() { Prompt = PromptDraft.Of(words, new Captioner(parts.Statistics).Describe(seen)) };
    }

    public override async Task Fetch(FetchRequest request, IServerStreamWriter<FetchResponse> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var session = await sessions.FindAsync(request.Session, context.Caller(), cancel);
        if (request.Offset < 0)
            throw InputFault.Invalid("offset", $"must be at least 0, but is {request.Offset}");
        await using var file = await OpenAsync(SessionFiles.KeyOf(session.Id, request.File), cancel);
        var bytes = new byte[FetchBytes];
        for (var skipped = 0L; skipped < request.Offset;)
        {
            var read = await file.ReadAsync(bytes.AsMemory(0, (int)Math.Min(bytes.Length, request.Offset - skipped)), cancel);
            if (read == 0)
                throw InputFault.Invalid("offset", $"must be at most {skipped}, the length of the file, but is {request.Offset}");
            skipped += read;
        }
        for (int read; (read = await file.ReadAsync(bytes, cancel)) > 0;)
            await responseStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 0, read) }, cancel);
    }

    async Task<Stream> OpenAsync(string key, CancellationToken cancel)
    {
        try
        {
            return await files.OpenAsync(key, cancel);
        }
        catch (InputFault fault) when (fault.Kind == FaultKind.NotFound)
        {
            throw InputFault.NotFound("file", "this session has made no such file", fault);
        }
    }

    async Task<SessionHold> HoldAsync(string name, ServerCallContext context) => await sessions.HoldAsync(
        await sessions.FindAsync(name, context.Caller(), context.CancellationToken), context.CancellationToken);

    SoundTools Tools(Session session) => new(session, parts, _ => { });
}
