using System.Net.Http.Json;
using System.Net.Sockets;
using Rewas.Client;

namespace Rewas.Tests.Client;

public sealed class OnceContentTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_sending_passes_bytes_and_headers_on_and_a_second_one_is_a_lost_connection()
    {
        using var content = new OnceContent(new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("application/grpc") } });
        using var wire = new MemoryStream();

        await content.CopyToAsync(wire, Token);
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(wire, Token));

        Assert.Equal([1, 2, 3], wire.ToArray());
        Assert.Equal("application/grpc", content.Headers.ContentType?.MediaType);
        Assert.Equal(3L, content.Headers.ContentLength);
        Assert.IsType<IOException>(failure.InnerException);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.GetBaseException()).SocketErrorCode);
    }

    [Fact]
    public void A_length_that_is_not_known_stays_unknown()
    {
        using var content = new OnceContent(JsonContent.Create("a stream"));
        Assert.Null(content.Headers.ContentLength);
    }
}
