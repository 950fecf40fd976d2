using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rewas.Tests.Client;

/// <summary>
/// An HTTP/2 server that receives a call, and then says that it has processed none and is going away, as Kestrel says of a connection that
/// it closes. HTTP clients send such a call again by themselves. Further connections are passed on to a successor, or refused.
/// </summary>
sealed class DepartingServer : IAsyncDisposable
{
    const int PrefaceBytes = 24, FrameHeaderBytes = 9, StreamIdAt = 5;
    const byte Data = 0, Headers = 1, Settings = 4, Ping = 6, GoAway = 7;              // types of frames (RFC 9113, section 6)
    const byte EndStream = 1, Ack = 1;                                       // flags

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly CancellationToken stopped;
    readonly byte[] path;
    readonly Uri? successor;
    readonly bool afterEnd;
    readonly Task accepting;

    /// <param name="path">A part of the path of the call.</param>
    /// <param name="successor">Null for none.</param>
    /// <param name="afterEnd">True to depart when the request has ended, false to depart at its first message.</param>
    public DepartingServer(string path, Uri? successor = null, bool afterEnd = true)
    {
        (this.path, this.successor, this.afterEnd, stopped) = (Encoding.ASCII.GetBytes(path), successor, afterEnd, stop.Token);
        listener.Start();
        Address = new($"http://{listener.LocalEndpoint}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            var first = await listener.AcceptTcpClientAsync(stopped);
            if (successor is null)
                listener.Stop();
            _ = HandleAsync(first, DepartAsync);
            while (successor is not null)
                _ = HandleAsync(await listener.AcceptTcpClientAsync(stopped), PassAsync);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    static async Task HandleAsync(TcpClient client, Func<NetworkStream, Task> handle)
    {
        using (client)
        {
            try
            {
                await handle(client.GetStream());
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // The client has left, or the test is over.
            }
        }
    }

    async Task DepartAsync(NetworkStream stream)
    {
        await stream.ReadExactlyAsync(new byte[PrefaceBytes], stopped);
        await stream.WriteAsync(Frame(Settings), stopped);
        var header = new byte[FrameHeaderBytes];
        for (var (call, hasDeparted) = (0u, false); ;)
        {
            await stream.ReadExactlyAsync(header, stopped);
            var payload = new byte[(header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1))];
            await stream.ReadExactlyAsync(payload, stopped);
            var (type, flags, id) = (header[3], header[4], BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(StreamIdAt)));
            if (type is Settings or Ping && (flags & Ack) == 0)
                await stream.WriteAsync(Frame(type, Ack, type == Ping ? payload : []), stopped);
            // .NET writes paths as they are, without Huffman's code.
            if (type == Headers && payload.AsSpan().IndexOf(path) >= 0)
                call = id;
            if (hasDeparted || type != Data || id != call || (afterEnd && (flags & EndStream) == 0))
                continue;
            hasDeparted = true;
            // The last stream that was processed: none. The error: none.
            await stream.WriteAsync(Frame(GoAway, payload: new byte[8]), stopped);
        }
    }

    /// <summary>A frame of the whole connection.</summary>
    static byte[] Frame(byte type, byte flags = 0, params byte[] payload) =>
        [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];

    async Task PassAsync(NetworkStream stream)
    {
        using var target = new TcpClient();
        await target.ConnectAsync(successor!.Host, successor.Port, stopped);
        await Task.WhenAny(stream.CopyToAsync(target.GetStream(), stopped), target.GetStream().CopyToAsync(stream, stopped));
    }
}
