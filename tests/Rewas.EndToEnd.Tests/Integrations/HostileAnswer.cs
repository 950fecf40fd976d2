using System.Text;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>What a server may answer in place of what it should, and what the user must then read.</summary>
/// <param name="Name">Names it in messages of tests.</param>
/// <param name="Line">A part of the one line that an integration shows.</param>
/// <param name="SendAsync">Sends the answer. The connection is closed after it.</param>
public sealed record HostileAnswer(string Name, string Line, Func<Stream, Task> SendAsync)
{
    const string NoJson = "is not the JSON of a Rewas server", TooLarge = "the answer is larger than 16 MiB";

    const int MostEndless = 400 << 20;

    public static IReadOnlyList<HostileAnswer> All { get; } =
    [
        new("a page", NoJson, Text("200 OK", "<html>Welcome!</html>")),
        new("an empty answer", NoJson, Text("200 OK", "")),
        new("a list", NoJson, Text("200 OK", "[1, 2, 3]")),
        new("half an object", NoJson, Text("200 OK", "{\"id\": \"a\", ")),
        new("deep lists", NoJson, Text("200 OK", new string('[', 100_000))),
        new("bytes", NoJson, Text("200 OK", "\0\u0001\u0002")),
        new("wrong fields", "has no right", Text(
            "200 OK", """{"version": 3, "id": "../../etc", "received": -1, "status": "done", "candidates": "many"}""")),
        new("401", "the server wants a key", Problem("401 Unauthorized", "no such key")),
        new("403", "the key has no right to this", Problem("403 Forbidden", "only readers")),
        new("429", "too much to do for this caller, try again in 120 s", Problem("429 Too Many Requests", "quota", "Retry-After: 120\r\n")),
        new("500", "the server answered with HTTP status 500", Text("500 Internal Server Error", "<html>Traceback\n  at line 1</html>")),
        new("long problem", "line one line two", Problem("500 Internal Server Error", "line one\nline two " + new string('x', 100_000))),
        new("a redirect", "redirects to another address", Text("302 Found", "", "Location: http://127.0.0.1:9/elsewhere\r\n")),
        new("an endless answer", TooLarge, EndlessAsync),
        new("an answer of a terabyte", TooLarge, Raw("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n{\"version\": \"1\"}")),
        new("a cut answer", "the answer was cut off", Raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"version\"")),
        new("no answer", "the server closed the connection without an answer", _ => Task.CompletedTask),
        new("another protocol", "does not speak HTTP", Raw("SSH-2.0-OpenSSH_9.2\r\n")),
    ];

    static Func<Stream, Task> Raw(string text) => stream => stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public static Func<Stream, Task> Text(string status, string body, string headers = "", string type = "text/html") => Raw(
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{headers}Connection: close\r\n\r\n{body}");

    static Func<Stream, Task> Problem(string status, string detail, string headers = "") => Text(
        status, System.Text.Json.JsonSerializer.Serialize(new { detail, code = "UNKNOWN" }), headers, "application/problem+json");

    /// <summary>Sends spaces, which JSON may begin with, until nobody reads.</summary>
    static async Task EndlessAsync(Stream stream)
    {
        await Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")(stream);
        var chunk = Encoding.Latin1.GetBytes("100000\r\n" + new string(' ', 0x100000) + "\r\n");
        for (var sent = 0; sent < MostEndless; sent += chunk.Length)
            await stream.WriteAsync(chunk);
    }
}
