using System.Net;
using System.Net.Sockets;

namespace Rewas.Client;

/// <summary>
/// The content of a request that is sent at most once. If a server closes a connection and says that it has not processed a request,
/// SocketsHttpHandler sends the request again by itself. gRPC does not write the messages of a call again, so the server would receive
/// none. In place of that, the call ends as by a lost connection, and whoever repeats calls makes a new one.
/// </summary>
sealed class OnceContent : HttpContent
{
    readonly HttpContent inner;
    int sent;

    public OnceContent(HttpContent inner)
    {
        this.inner = inner;
        foreach (var (name, values) in inner.Headers)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <exception cref="IOException">It was sent before.</exception>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref sent, 1) == 0
            ? inner.CopyToAsync(stream, context, cancellationToken)
            // gRPC takes an IOException for a lost connection, UNAVAILABLE, if a SocketException is its cause.
            : Task.FromException(new IOException(
                "the connection was lost during the call", new SocketException((int)SocketError.ConnectionReset)));

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
