using System.Net.Sockets;
using System.Text;

namespace Rewas.Tests.Gateway.Web;

/// <summary>An upload over a socket of its own that is cut in the middle.</summary>
static class BrokenUpload
{
    /// <summary>Announces the bytes from a place to the end of the file, sends those before a cut, and closes the connection.</summary>
    /// <param name="beforeCut">Waits until the server has the bytes: what is still under way when a connection ends may be lost.</param>
    public static async Task SendAsync(Uri address, string file, byte[] bytes, int from, int cut, Func<Task> beforeCut)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PUT /v1/files/{file} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {bytes.Length - from}\r\n"
                + $"Content-Range: bytes {from}-{bytes.Length - 1}/{bytes.Length}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        await stream.WriteAsync(bytes.AsMemory(from, cut - from), TestContext.Current.CancellationToken);
        await beforeCut();
        socket.Client.Shutdown(SocketShutdown.Send);
        // The server ends the connection when it has noticed.
        var rest = new byte[1024];
        try
        {
            while (await stream.ReadAsync(rest, TestContext.Current.CancellationToken) > 0)
                continue;
        }
        catch (IOException)
        {
            // It was reset.
        }
    }
}
