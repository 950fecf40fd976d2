using System.Net.Sockets;
using System.Text;

namespace Rewas.Tests.Gateway.Web;

/// <summary>How a client vanishes.</summary>
public enum Cut
{
    /// <summary>It ends its side of the connection (FIN) and leaves the other open.</summary>
    HalfClosed,

    /// <summary>It resets the connection (RST).</summary>
    Reset,
}

/// <summary>An upload over a socket of its own that stops in the middle.</summary>
sealed class BrokenUpload : IDisposable
{
    readonly TcpClient socket;
    readonly NetworkStream stream;

    BrokenUpload(TcpClient socket) => (this.socket, stream) = (socket, socket.GetStream());

    /// <summary>Announces the bytes from a place to the end of the file, and sends those before a cut.</summary>
    /// <param name="headers">Further lines of the head, each with its end.</param>
    public static async Task<BrokenUpload> SendAsync(
        Uri address, string file, ReadOnlyMemory<byte> bytes, int from, int cut, string headers = "")
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var upload = new BrokenUpload(socket);
        await upload.stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PUT /v1/files/{file} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {bytes.Length - from}\r\n"
                + $"Content-Range: bytes {from}-{bytes.Length - 1}/{bytes.Length}\r\n{headers}\r\n"),
            TestContext.Current.CancellationToken);
        await upload.stream.WriteAsync(bytes[from..cut], TestContext.Current.CancellationToken);
        return upload;
    }

    public void Break(Cut cut)
    {
        if (cut == Cut.HalfClosed)
            socket.Client.Shutdown(SocketShutdown.Send);
        else
        {
            socket.LingerState = new(true, 0);
            socket.Close();
        }
    }

    /// <summary>The first line that the server says.</summary>
    public async Task<string> FirstLineAsync()
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    /// <summary>What the server says until it ends or resets the connection.</summary>
    public async Task<string> AnswerAsync()
    {
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It was reset.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public void Dispose() => socket.Dispose();
}
