using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rewas.Tests.Gateway.Web;

public sealed partial class ChatTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const string Route = "/v1/chat/completions";

    [Fact]
    public async Task A_client_of_chat_completions_goes_on_with_its_conversation_and_fetches_the_sound()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        object first = new
        {
            role = "user",
            content = new object[]
            {
                new { type = "text", text = "what do you see?" }, new { type = "file", file = new { file_id = file } },
            },
        };
        var seen = await web.Client.PostJsonAsync(Route, new { model = "any", messages = new[] { first } }).OkAsync();
        var caption = seen.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("I do not know what it is", caption, StringComparison.Ordinal);

        // The client sends the whole conversation. The film is not sent again, and the session goes on.
        object[] conversation =
            [first, new { role = "assistant", content = caption }, new { role = "user", content = "add the sound of a dog barking" }];
        using var answer = await web.Client.PostJsonAsync(Route, new { model = "any", stream = true, messages = conversation });
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", lines[^1]);
        var chunks = lines[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement).ToList();
        Assert.All(chunks, chunk => Assert.Equal(Session(seen), Session(chunk)));
        Assert.Equal("stop", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var text = string.Concat(
            chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()));
        var link = Link().Match(text);
        Assert.True(link.Success, text);
        var made = await web.Client.GetByteArrayAsync(link.Groups[1].Value, TestContext.Current.CancellationToken);
        Assert.True(made.Length > 1000);
    }

    [Fact]
    public async Task A_conversation_without_a_user_or_with_a_file_that_is_not_there_is_refused()
    {
        await using var web = await WebHost.StartAsync();
        await web.Client.PostJsonAsync(Route, new { messages = Array.Empty<object>() })
            .RefusedAsync(400, "INVALID_ARGUMENT", "messages: must end with a message of the user");
        await web.Client.PostJsonAsync(Route, new
        {
            stream = true,
            messages = new[] { new { role = "user", content = new[] { new { type = "file", file = new { file_id = "none" } } } } },
        }).RefusedAsync(404, "NOT_FOUND", "none");
        await web.Client.PostJsonAsync(Route, new
        {
            metadata = new { session = "none" },
            messages = new[] { new { role = "user", content = "hello" } },
        }).RefusedAsync(404, "NOT_FOUND", "session");
    }

    static string Session(JsonElement answer) => answer.GetProperty("metadata").GetProperty("session").GetString()!;

    [GeneratedRegex(@"\]\((/v1/chat/[^)]+)\)")]
    private static partial Regex Link();
}
