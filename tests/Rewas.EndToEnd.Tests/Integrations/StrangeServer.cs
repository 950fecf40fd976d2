using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>
/// A server that answers as the web API does, up to a route from which on it gives a <see cref="HostileAnswer"/>. Without one, its sounds
/// are made for ever. It notes what it was asked.
/// </summary>
public sealed class StrangeServer : IAsyncDisposable
{
    const string Sound = """{"id": "sound-1", "status": "running", "progress": {"windows": 2, "windows_done": 1, "step": 1, "steps": 4}}""";

    readonly TcpListener listener = new(IPAddress.Loopback, 0);

    readonly CancellationTokenSource stop = new();

    readonly HostileAnswer? answer;

    readonly string from;

    readonly Task accepting;

    /// <param name="answer">What it answers from a route on; null for none.</param>
    /// <param name="from">The route, as the beginning of a path.</param>
    public StrangeServer(HostileAnswer? answer = null, string from = "/v1/health")
    {
        (this.answer, this.from) = (answer, from);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Method and path of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var (request, bytes) = await RequestAsync(stream);
                if (request.Length == 0)
                    return;
                Requests.Enqueue(request);
                var path = request.Split(' ')[1];
                await (answer is not null && path.StartsWith(from, StringComparison.Ordinal) ? answer.SendAsync(stream)
                    : HostileAnswer.Text("200 OK", Usual(request, path, bytes), type: "application/json")(stream));
                client.Client.Shutdown(SocketShutdown.Send);
                // What the client still sends is read, or the answer would be lost with it.
                while (await stream.ReadAsync(new byte[4096], stop.Token) > 0)
                {
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // The client has left.
            }
        }
    }

    static string Usual(string request, string path, long bytes) => path switch
    {
        "/v1/health" => """{"status": "ok", "version": "1"}""",
        "/v1/files" => """{"id": "file-1", "received": 0}""",
        _ when path.EndsWith("/analysis", StringComparison.Ordinal) =>
            $"{{\"seconds\": 6.0, \"curve\": [{string.Join(',', Enumerable.Repeat("-5.0", 600))}]}}",
        _ when request.StartsWith("PUT ", StringComparison.Ordinal) => $"{{\"id\": \"file-1\", \"received\": {bytes}}}",
        _ => Sound,
    };

    /// <summary>Method and path of a request, and the end of the part of a file that it sends.</summary>
    async Task<(string Request, long Bytes)> RequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0)
                return ("", 0);
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n");
        var length = Header("Content-Length") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var body = new byte[64 * 1024];
        for (var left = length; left > 0;)
            left -= await stream.ReadAsync(body.AsMemory(0, (int)Math.Min(left, body.Length)), stop.Token) is > 0 and var read
                ? read : throw new IOException("the body is shorter than its length");
        var range = Header("Content-Range")?.Split(' ', '-', '/');
        return (string.Join(' ', lines[0].Split(' ')[..2]), range is null ? 0 : long.Parse(range[2], CultureInfo.InvariantCulture) + 1);

        string? Header(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?
            .Split(':', 2)[1].Trim();
    }
}
