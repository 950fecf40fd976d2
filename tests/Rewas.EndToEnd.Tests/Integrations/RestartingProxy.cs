using System.Net;
using System.Net.Sockets;

namespace Rewas.EndToEnd.Tests.Integrations;

/// <summary>
/// Passes connections on to a server, one after another. At the first look at a sound it does as a server that is started again: the
/// connection breaks, further ones are refused for some seconds, and the next request is answered with 503 and no time to wait.
/// </summary>
public sealed class RestartingProxy : IAsyncDisposable
{
    /// <summary>
    /// Several times as long as a client waits between two looks. Nobody sees whom a closed port refuses, so this is a time. A client that
    /// looks only after it is not refused: the test then proves less, but does not fail.
    /// </summary>
    static readonly TimeSpan Away = TimeSpan.FromSeconds(3);

    readonly CancellationTokenSource stop = new();
    readonly Uri server;
    readonly bool comesBack;
    readonly int port = Programs.FreePort();
    readonly Task accepting;
    TcpListener listener;

    /// <param name="comesBack">False for a server that is not started again.</param>
    public RestartingProxy(string server, bool comesBack = true)
    {
        (this.server, this.comesBack) = (new(server), comesBack);
        listener = new(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{port}";

    /// <summary>Whether it was away and has said that it is not ready.</summary>
    public bool HasRestarted { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var wasAway = false;
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                var buffer = new byte[4096];
                var begun = buffer.AsMemory(0, await client.GetStream().ReadAsync(buffer, stop.Token));
                if (!wasAway && begun.Span.StartsWith("GET /v1/sounds/"u8))
                {
                    wasAway = true;
                    client.Dispose();
                    listener.Stop();
                    if (!comesBack)
                        return;
                    await Task.Delay(Away, stop.Token);
                    listener = new(IPAddress.Loopback, port);
                    listener.Start();
                }
                else if (wasAway && !HasRestarted)
                {
                    HasRestarted = true;
                    await HostileAnswer.Text("503 Service Unavailable", "")(client.GetStream());
                }
                else
                    await PassAsync(client, begun);
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task PassAsync(TcpClient client, ReadOnlyMemory<byte> begun)
    {
        using var target = new TcpClient();
        try
        {
            await target.ConnectAsync(server.Host, server.Port, stop.Token);
            var back = target.GetStream().CopyToAsync(client.GetStream(), stop.Token);
            await target.GetStream().WriteAsync(begun, stop.Token);
            await client.GetStream().CopyToAsync(target.GetStream(), stop.Token);
            target.Client.Shutdown(SocketShutdown.Send);
            await back;
        }
        catch (IOException)
        {
            // One of both has left.
        }
    }
}
