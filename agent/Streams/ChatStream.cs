using Grpc.Core;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Agent.Turns;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Store.Data;
using Rewas.Store.Leases;
using Rewas.V1;

namespace Rewas.Agent.Streams;

/// <summary>The parts that the streams of all calls share.</summary>
public sealed record ChatParts(
    TurnLog Log, TurnRunner Runner, TurnSignals Signals, SessionStore Sessions, VideoUploads Uploads, StoreDatabase Database,
    AgentOptions Options, TimeSpan PollInterval, TimeProvider Time, Drain Drain);

/// <summary>
/// One call of Chat. It passes on what the caller says, and follows the log of the session. The turns do not depend on it.
/// </summary>
/// <param name="after">Number of the last event that the caller has; null for a caller that reads its own turns alone.</param>
sealed class ChatStream(
    ChatParts parts, LeaseRow session, long? after, IAsyncStreamReader<ChatRequest> requests, IServerStreamWriter<ChatEvent> responses)
    : IDisposable
{
    const int MostCharacters = 4000, MostNameCharacters = 255;

    /// <summary>How often a call without open turns looks for turns that another call began.</summary>
    static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim writing = new(1, 1);
    readonly HashSet<long> own = [];                                         // turns of this call that have not ended
    readonly HashSet<long> begun = [];
    volatile bool allRead;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var position = after ?? await parts.Log.LastEventAsync(session.Id, cancellation);
        await responses.WriteAsync(new() { Session = session.Id }, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (reading, following) = (ReadAsync(stop.Token), FollowAsync(position, stop.Token));
        try
        {
            await await Task.WhenAny(reading, following);
            await following;
            await reading;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading, following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            parts.Signals.Signal(session.Id);
        }
    }

    public void Dispose() => writing.Dispose();

    async Task ReadAsync(CancellationToken cancellation)
    {
        while (await requests.MoveNext(cancellation))
        {
            await parts.Sessions.FindAsync(session.Id, session.Caller, cancellation);        // marks it as used
            switch (requests.Current.PartCase)
            {
                case ChatRequest.PartOneofCase.Video:
                    await ReceiveAsync(requests.Current, cancellation);
                    break;
                case ChatRequest.PartOneofCase.Text:
                    await SubmitAsync(requests.Current, cancellation);
                    break;
                case ChatRequest.PartOneofCase.Reference:
                    await AddRecordingAsync(requests.Current.Reference, cancellation);
                    break;
                case ChatRequest.PartOneofCase.Stop:
                    await parts.Log.StopAsync(session.Id, cancellation);
                    break;
                default:
                    throw InputFault.Invalid("chunk", "must follow a video's name");
            }
        }
        allRead = true;
        parts.Signals.Signal(session.Id);
    }

    async Task SubmitAsync(ChatRequest request, CancellationToken cancellation)
    {
        if (request.Text.Length is 0 or > MostCharacters)
            throw InputFault.Invalid("text", $"must have 1 to {MostCharacters} characters, but has {request.Text.Length}");
        // The follower does not look meanwhile, so it sees no event of the turn before it knows that the turn is this call's.
        await writing.WaitAsync(cancellation);
        try
        {
            var turn = await parts.Log.SubmitAsync(session.Id, request.Turn, request.Text, cancellation);
            own.Add(turn);
            begun.Add(turn);
        }
        finally
        {
            writing.Release();
        }
        parts.Runner.Ensure(session.Id);
        parts.Signals.Signal(session.Id);
    }

    /// <summary>Sends events as they are written, until all requests are read and their turns have ended.</summary>
    async Task FollowAsync(long position, CancellationToken cancellation)
    {
        var told = Array.Empty<byte>();
        while (true)
        {
            // Taken first: what changes after the look is seen at the next one.
            var changed = parts.Signals.Next(session.Id);
            bool open;
            await writing.WaitAsync(cancellation);
            try
            {
                for (var more = true; more;)
                {
                    var events = await parts.Log.ReadAsync(session.Id, position, cancellation);
                    foreach (var one in events)
                        await TellAsync(one, cancellation);
                    more = events.Count > 0;
                    position = more ? events[^1].Number : position;
                }
                var row = await parts.Log.NextAsync(session.Id, cancellation);
                open = own.Count > 0 || (after is not null && row is not null);
                if (row is not null && (after is not null || own.Contains(row.Turn)) && !row.Progress.AsSpan().SequenceEqual(told))
                {
                    told = row.Progress;
                    if (told.Length > 0)
                        await responses.WriteAsync(
                            new() { Progress = AgentProgress.Parser.ParseFrom(told), Turn = (int)row.Turn }, cancellation);
                }
                if (allRead && !open)
                    return;
            }
            finally
            {
                writing.Release();
            }
            if (after is not null && parts.Drain.HasBegun)
                throw new RpcException(new(StatusCode.Unavailable, "the process is being stopped; call again with the last event"));
            await Task.WhenAny(changed, Task.Delay(open ? parts.PollInterval : IdleInterval, parts.Time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends one event, if it is for this caller.</summary>
    async Task TellAsync(ChatEvent one, CancellationToken cancellation)
    {
        var isOwn = begun.Contains(one.Turn);
        if (one.PartCase is ChatEvent.PartOneofCase.TurnEnded or ChatEvent.PartOneofCase.TurnFailed)
            own.Remove(one.Turn);
        if (after is not null)
            await responses.WriteAsync(one, cancellation);
        else if (isOwn && one.TurnFailed is { } failure)
            throw new RpcException(new((StatusCode)failure.Status, failure.Message));
        else if (isOwn)
            await responses.WriteAsync(one, cancellation);
    }

    async Task WriteAsync(ChatEvent one, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            await responses.WriteAsync(one, cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>
    /// Receives a video. :: Step 1: wait for the turns that were asked before it. :: Step 2: reserve its bytes, and say where it goes on.
    /// :: Step 3: receive the bytes. :: Step 4: put it into the session.
    /// </summary>
    async Task ReceiveAsync(ChatRequest begin, CancellationToken cancellation)
    {
        // :: Step 1
        var called = begin.Video.Length <= MostNameCharacters
            ? begin.Video
            : throw InputFault.Invalid("video", $"must have at most {MostNameCharacters} characters, but has {begin.Video.Length}");
        while (await HasOpenTurnsAsync(cancellation))
            await Task.Delay(parts.PollInterval, parts.Time, cancellation);

        // :: Step 2
        var upload = await parts.Uploads.BeginAsync(session, begin.Key, called, begin.Bytes, cancellation);
        if (VideoUploads.NumberOf(upload) is > 0 and var known)
        {
            await WriteAsync(new() { Video = known, Key = begin.Key }, cancellation);
            return;
        }
        var complete = false;
        try
        {
            // :: Step 3
            long bytes;
            await using (var receiving = await parts.Uploads.ReceiveAsync(upload, cancellation))
            {
                if (begin.Key.Length > 0)
                    await WriteAsync(new() { Received = receiving.Received, Key = begin.Key }, cancellation);
                await ReceiveBytesAsync(begin, receiving, cancellation);
                await receiving.StoreAsync(cancellation);
                bytes = receiving.Received;
            }
            await parts.Uploads.SettleAsync(upload, bytes, cancellation);
            complete = true;

            // :: Step 4
            await AddAsync(upload, begin, bytes, cancellation);
        }
        catch (Exception failure) when (begin.Key.Length == 0 || (complete && IsLasting(failure)))
        {
            await parts.Uploads.DeleteAsync(upload);                         // it cannot go on, or is no video
            throw;
        }
    }

    /// <summary>Whether a whole upload would be refused again. Other work may give room back, and this machine may be repaired.</summary>
    static bool IsLasting(Exception failure) => failure is InputFault { RetryAfter: null, IsOfMachine: false };

    async Task ReceiveBytesAsync(ChatRequest begin, Store.Files.PartUpload receiving, CancellationToken cancellation)
    {
        var (most, limit) = begin.Bytes > 0
            ? (begin.Bytes, "as announced")
            : (parts.Options.MaxVideoBytes, nameof(AgentOptions.MaxVideoBytes));
        var ended = false;
        await foreach (var next in requests.WithIdleTimeout(parts.Options.IdleTimeout, cancellation))
        {
            if (ended = next.PartCase == ChatRequest.PartOneofCase.VideoEnd)
                break;
            if (next.PartCase != ChatRequest.PartOneofCase.Chunk)
                break;
            await receiving.WriteAsync(next.Chunk, most, limit, cancellation);
        }
        if (!ended)
            throw InputFault.Invalid("video", "must end with video_end");
        if (begin.Bytes > 0 && receiving.Received != begin.Bytes)
            throw InputFault.Invalid(
                "video", $"must have {begin.Bytes} bytes as announced, but has {receiving.Received}; send the rest with the same key");
    }

    async Task AddAsync(LeaseRow upload, ChatRequest begin, long bytes, CancellationToken cancellation)
    {
        await using var hold = await parts.Sessions.HoldAsync(session, cancellation);
        try
        {
            var path = await parts.Sessions.CopyAsync(hold, upload.Id, bytes, cancellation);
            var video = await hold.Session.AddAsync(path, begin.Video, upload.Id, cancellation);
            var number = await parts.Log.LastEventAsync(session.Id, cancellation) + 1;
            var added = new ChatEvent { Video = video.Number, Key = begin.Key, Number = number };
            hold.Session.Revision = await parts.Database.ChangeAsync(
                async transaction =>
                {
                    var revision = await hold.SaveAsync(transaction);
                    await VideoUploads.AddedAsync(transaction, upload, video.Number);
                    await TurnLog.WriteAsync(transaction, session.Id, [added]);
                    return revision;
                },
                cancellation);
            if (after is null)
                await WriteAsync(added, cancellation);
            parts.Signals.Signal(session.Id);
        }
        catch
        {
            parts.Sessions.Drop(hold, upload.Id);
            parts.Sessions.Forget(session.Id);
            throw;
        }
    }

    /// <summary>Puts a recording into the session, after the turns that were asked before it.</summary>
    async Task AddRecordingAsync(ReferenceSound recording, CancellationToken cancellation)
    {
        while (await HasOpenTurnsAsync(cancellation))
            await Task.Delay(parts.PollInterval, parts.Time, cancellation);
        await using var hold = await parts.Sessions.HoldAsync(session, cancellation);
        try
        {
            hold.Session.Recordings.Add(recording);
            await hold.SaveAsync(parts.Database, cancellation);
            await WriteAsync(new() { Received = hold.Session.Recordings.All.Sum(one => (long)one.Content.Length) }, cancellation);
        }
        catch
        {
            parts.Sessions.Forget(session.Id);
            throw;
        }
    }

    async Task<bool> HasOpenTurnsAsync(CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            return own.Count > 0;
        }
        finally
        {
            writing.Release();
        }
    }
}
