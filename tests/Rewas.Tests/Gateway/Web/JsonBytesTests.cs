using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rewas.Tests.Gateway.Web;

public sealed class JsonBytesTests
{
    /// <summary>Most bytes of a request. All together may have 16 times as many.</summary>
    const int MostBytes = 1024;

    [Fact]
    public async Task Requests_that_stop_before_their_end_hold_no_more_than_their_share_of_memory()
    {
        await using var web = await WebHost.StartAsync(("Web:MaxJsonBytes", $"{MostBytes}"), ("Callers:MessageTimeout", "01:00:00"));
        var order = new { file = "none", prompt = "rain" };
        await web.Client.StartSoundAsync(order).RefusedAsync(404, "NOT_FOUND");

        var unfinished = new List<TcpClient>();
        for (var i = 0; i < 16; i++)
            unfinished.Add(await BeginAsync(web.Address));
        await Wait.UntilAsync(
            async () =>
            {
                if (await StatusAsync(web.Client, order) == HttpStatusCode.TooManyRequests)
                    return true;
                unfinished.Add(await BeginAsync(web.Address));               // the order itself may have kept one out
                return false;
            },
            "the requests hold all bytes");
        var refused = await web.Client.StartSoundAsync(order).RefusedAsync(
            429, "RESOURCE_EXHAUSTED", $"body: at most {16 * MostBytes} bytes are held at a time (16 times MaxJsonBytes)");
        Assert.True(refused.GetProperty("retry_after_ms").GetInt64() > 0);

        unfinished.ForEach(request => request.Dispose());
        await Wait.UntilAsync(
            async () => await StatusAsync(web.Client, order) == HttpStatusCode.NotFound, "the bytes are given back");
    }

    /// <summary>Sends an order but for its last byte.</summary>
    static async Task<TcpClient> BeginAsync(Uri address)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/sounds HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {MostBytes}\r\n\r\n{new string(' ', MostBytes - 1)}"),
            TestContext.Current.CancellationToken);
        return socket;
    }

    static async Task<HttpStatusCode> StatusAsync(HttpClient client, object order)
    {
        using var answer = await client.StartSoundAsync(order);
        return answer.StatusCode;
    }
}
