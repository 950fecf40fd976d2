using System.Net;
using System.Net.Sockets;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>Passes connections on to a server, and cuts the first one that sends a part of a file, in the middle of it.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    const int PassedOn = 20_000;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);

    readonly CancellationTokenSource stop = new();

    readonly Uri server;

    readonly Task accepting;

    int cuts;

    public CuttingProxy(string server)
    {
        this.server = new(server);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public int Cuts => cuts;

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
                _ = PassAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var target = new TcpClient())
        {
            try
            {
                await target.ConnectAsync(server.Host, server.Port, stop.Token);
                var back = target.GetStream().CopyToAsync(client.GetStream(), stop.Token);
                await ForwardAsync(client.GetStream(), target.GetStream());
                target.Client.Shutdown(SocketShutdown.Send);
                await back;
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of both has left, or this has cut them.
            }
        }
    }

    async Task ForwardAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[4096];
        var (sent, cut) = (0, false);
        while (await from.ReadAsync(buffer, stop.Token) is > 0 and var read)
        {
            if (sent == 0 && buffer.AsSpan(0, read).StartsWith("PUT "u8))
                cut = Interlocked.CompareExchange(ref cuts, 1, 0) == 0;
            await to.WriteAsync(buffer.AsMemory(0, read), stop.Token);
            sent += read;
            if (cut && sent > PassedOn)
                throw new IOException("cut");
        }
    }
}
