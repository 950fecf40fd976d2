using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Gateway.Web.Chat;

/// <summary>A conversation as OpenAI's chat completions send it: whole, with the user's new message at the end.</summary>
sealed record ChatCompletionRequest
{
    [Description("Not read: the agent of the server answers.")]
    public string? Model { get; init; }

    [Description("The conversation. Films are parts {\"type\": \"file\", \"file\": {\"file_id\": ID}} of the user's messages.")]
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    [Description("Sends the answer as it comes, as server-sent events.")]
    public bool Stream { get; init; }

    [Description("session: the session to go on with. Without it, the session is found by the messages before the last one.")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

sealed record ChatMessage
{
    const int MostParts = 1000;

    [Description("system, user or assistant.")]
    public required string Role { get; init; }

    [Description("A text, or a list of parts.")]
    public JsonElement? Content { get; init; }

    /// <summary>The text of the message.</summary>
    public string Text() => Content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } => string.Join('\n', Parts("text").Select(part => TextOf(part, "text"))),
        _ => "",
    };

    /// <summary>The files of the message.</summary>
    /// <exception cref="InputFault">A part names no file by its id, or there are too many parts.</exception>
    public IEnumerable<string> Files() => Parts("file").Select(part =>
        part.TryGetProperty("file", out var file) && file.ValueKind == JsonValueKind.Object && TextOf(file, "file_id") is { Length: > 0 } id
            ? id
            : throw InputFault.Invalid("messages", "a part of type file must have a file with a file_id; send the film to /v1/files first"));

    IEnumerable<JsonElement> Parts(string type)
    {
        if (Content is not { ValueKind: JsonValueKind.Array } parts)
            return [];
        if (parts.GetArrayLength() > MostParts)
            throw InputFault.Exhausted(
                "messages", $"a message must have at most {MostParts} parts, but one has {parts.GetArrayLength()}");
        return parts.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.Object && TextOf(part, "type") == type);
    }

    static string TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    /// <summary>Tells conversations apart.</summary>
    public static string HashOf(string caller, IEnumerable<(string Role, string Text)> messages) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(new[] { caller }.Concat(messages.SelectMany(message => new[] { message.Role, message.Text }))))));
}
