using System.Globalization;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Rewas.Client;
using Rewas.Gateway.Web.Calls;
using Rewas.V1;

namespace Rewas.Gateway.Web.Chat;

/// <summary>One turn of a conversation with the agent.</summary>
/// <param name="session">The session to go on with; empty for a new one.</param>
/// <param name="files">Films that the agent has not seen.</param>
/// <param name="words">What the user says.</param>
sealed class ChatTurn(CallerServices services, string session, IReadOnlyList<string> files, string words)
{
    /// <summary>The session, after the first words of the answer.</summary>
    public string Session { get; private set; } = session;

    /// <summary>The answer as it comes. Files that were made are links.</summary>
    public async IAsyncEnumerable<ChatPart> AnswerAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = new DuplexCall<ChatRequest, ChatEvent>(services.Agent.Chat(cancellationToken: cancellation));
        await call.WriteAsync(new() { Session = Session }, cancellation);
        Session = (await NextAsync(call, cancellation)).Session;
        foreach (var file in files)
        {
            await SendAsync(call, file, cancellation);
            await NextAsync(call, cancellation);
        }
        await call.WriteAsync(new() { Text = words }, cancellation);
        await call.TryCompleteAsync(cancellation);
        while (true)
            switch (await NextAsync(call, cancellation))
            {
                case { PartCase: ChatEvent.PartOneofCase.Text } said:
                    yield return new(said.Text);
                    break;
                case { PartCase: ChatEvent.PartOneofCase.File } made:
                    yield return new($"\n[{made.File.Name}](/v1/chat/{Session}/files/{Uri.EscapeDataString(made.File.Name)})\n");
                    break;
                case { PartCase: ChatEvent.PartOneofCase.Tool } tool:
                    yield return new("", $"{tool.Tool.Name} {tool.Tool.Arguments}".TrimEnd());
                    break;
                case { PartCase: ChatEvent.PartOneofCase.Progress } progress:
                    yield return new("", string.Create(
                        CultureInfo.InvariantCulture, $"{progress.Progress.What} {progress.Progress.Part:P0}"));
                    break;
                case { PartCase: ChatEvent.PartOneofCase.TurnEnded }:
                    yield break;
            }
    }

    /// <summary>Sends a film of the studio on to the agent.</summary>
    async Task SendAsync(DuplexCall<ChatRequest, ChatEvent> call, string file, CancellationToken cancellation)
    {
        var video = await services.Studio.GetVideoAsync(new() { VideoId = file }, cancellationToken: cancellation);
        using var film = services.Studio.FetchVideo(new() { VideoId = file }, cancellationToken: cancellation);
        await call.WriteAsync(new() { Video = video.FileName, Bytes = video.Bytes }, cancellation);
        await foreach (var part in film.ResponseStream.ReadAllAsync(cancellation))
            if (part.Chunk.Length > 0)
                await call.WriteAsync(new() { Chunk = part.Chunk }, cancellation);
        await call.WriteAsync(new() { VideoEnd = true }, cancellation);
    }

    static async Task<ChatEvent> NextAsync(DuplexCall<ChatRequest, ChatEvent> call, CancellationToken cancellation) =>
        await call.MoveNextAsync(cancellation)
            ? call.Current
            : throw new RpcException(new(StatusCode.Unavailable, "SoundAgent: the conversation ended inside a turn"));
}

/// <summary>A part of an answer as it comes.</summary>
/// <param name="Words">The next words; empty while the agent does something.</param>
/// <param name="Activity">What the agent does now; null with words.</param>
readonly record struct ChatPart(string Words, string? Activity = null);
