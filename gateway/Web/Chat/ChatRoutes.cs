using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Chat;

/// <summary>The agent in the form of OpenAI's chat completions.</summary>
static class ChatRoutes
{
    const string Model = "rewas-agent", Events = "text/event-stream";

    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", CompleteAsync).WithName("createChatCompletion").WithTags("Aliases")
            .WithSummary("Talk with the agent, in the form of OpenAI's chat completions")
            .WithDescription(
                "The agent looks at the film, checks words against it and makes sounds; files that it made are links in its answer. A film "
                + "is a part of the user's message, by the id of its file.")
            .Accepts<ChatCompletionRequest>("application/json")
            .Produces<ChatCompletion>()
            .Produces<ChatCompletion>(StatusCodes.Status200OK, Events)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/v1/chat/{session}/files/{name}", FileAsync).WithName("getChatFile").WithTags("Aliases")
            .WithSummary("A file that the agent made in a conversation")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .Fails(StatusCodes.Status404NotFound);
    }

    static async Task CompleteAsync(HttpContext context, CallerServices services, ChatSessions sessions, IOptions<WebOptions> options)
    {
        var request = await JsonBody.ReadAsync<ChatCompletionRequest>(context, options.Value.MaxJsonBytes);
        if (request.Messages.Any(message => message is null))
            throw InputFault.Invalid("messages", "must be messages, but one is null");
        if (request.Messages is not [.., { Role: "user" } last] messages)
            throw InputFault.Invalid("messages", "must end with a message of the user");
        var caller = context.WebCaller().Name;
        var before = messages.SkipLast(1).Select(message => (message.Role, message.Text())).ToList();
        var session = request.Metadata?.GetValueOrDefault("session")
            ?? (before.Count > 0 ? sessions.Find(caller, ChatMessage.HashOf(caller, before)) : null);
        // A new session has seen nothing of the conversation.
        var files = (session is null ? messages : [last]).Where(message => message.Role == "user")
            .SelectMany(message => message.Files()).Distinct().ToList();
        var turn = new ChatTurn(services, session ?? "", files, last.Text());
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var answer = new StringBuilder();
        var completion = new ChatCompletion { Id = $"chatcmpl-{Guid.NewGuid():n}", Created = DateTimeOffset.UtcNow.ToUnixTimeSeconds() };
        await foreach (var (words, activity) in turn.AnswerAsync(context.RequestAborted))
        {
            if (request.Stream && !context.Response.HasStarted)
            {
                context.Response.ContentType = Events;
                context.Response.Headers.CacheControl = "no-store";
            }
            answer.Append(words);
            if (request.Stream)
                await SendAsync(context, JsonSerializer.Serialize(completion.Chunk(turn.Session, words, ends: false, activity), json));
        }
        sessions.Add(
            caller, ChatMessage.HashOf(caller, [.. before, (last.Role, last.Text()), ("assistant", answer.ToString())]), turn.Session);
        if (!request.Stream)
        {
            await context.Response.WriteAsJsonAsync(completion.Whole(turn.Session, answer.ToString()), json, context.RequestAborted);
            return;
        }
        await SendAsync(context, JsonSerializer.Serialize(completion.Chunk(turn.Session, "", ends: true), json));
        await SendAsync(context, "[DONE]");
    }

    static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    static async Task FileAsync(string session, string name, HttpContext context, CallerServices services)
    {
        using var call = services.Agent.Fetch(new() { Session = session, File = name }, cancellationToken: context.RequestAborted);
        var first = true;
        while (await call.ResponseStream.MoveNext(context.RequestAborted))
        {
            if (first)
                (context.Response.ContentType, context.Response.Headers.XContentTypeOptions) = ("application/octet-stream", "nosniff");
            first = false;
            await context.Response.Body.WriteAsync(call.ResponseStream.Current.Chunk.Memory, context.RequestAborted);
        }
    }

    /// <summary>An answer of the agent.</summary>
    sealed record ChatCompletion
    {
        public required string Id { get; init; }

        public string Object { get; init; } = "chat.completion";

        public required long Created { get; init; }

        public string Model { get; init; } = ChatRoutes.Model;

        public IReadOnlyList<ChatChoice> Choices { get; init; } = [];

        /// <summary>session: goes on with the conversation. activity: what the agent does, while it has no words.</summary>
        public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

        public ChatCompletion Whole(string session, string text) => In(session) with
        {
            Choices = [new() { Message = new("assistant", text), FinishReason = "stop" }],
        };

        public ChatCompletion Chunk(string session, string text, bool ends, string? activity = null) => In(session, activity) with
        {
            Object = "chat.completion.chunk",
            Choices = [new() { Delta = new("assistant", text), FinishReason = ends ? "stop" : null }],
        };

        ChatCompletion In(string session, string? activity = null)
        {
            var metadata = new Dictionary<string, string> { ["session"] = session };
            if (activity is not null)
                metadata["activity"] = activity;
            return this with { Metadata = metadata };
        }
    }

    sealed record ChatChoice
    {
        public int Index { get; init; }

        public ChatWords? Message { get; init; }

        public ChatWords? Delta { get; init; }

        public string? FinishReason { get; init; }
    }

    sealed record ChatWords(string Role, string Content);
}
