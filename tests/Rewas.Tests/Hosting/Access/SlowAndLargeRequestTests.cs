using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Protocol;
using Rewas.Tests.Client;
using Rewas.Tests.Gateway;

namespace Rewas.Tests.Hosting.Access;

/// <summary>Requests that no honest client sends, byte by byte.</summary>
public sealed class SlowAndLargeRequestTests
{
    const string Describe = "rewas.v1.Vocoder/Describe", Encode = "rewas.v1.VideoEncoder/Encode";

    static readonly (string, string)[] Quick = [("Callers:MessageTimeout", "00:00:01")];

    public static TheoryData<string, string> Dripping => new()
    {
        { Describe, "nothing" },
        { Describe, "half a header" },
        { Describe, "byte by byte" },
        { Describe, "no end" },
        { Encode, "nothing" },
        { Encode, "half a header" },
        { Encode, "byte by byte" },
        { Encode, "second message" },
    };

    [Theory]
    [MemberData(nameof(Dripping))]
    public async Task A_request_that_drips_is_ended(string method, string how)
    {
        await using var host = await StageHost.StartAsync(new());
        await using var gateway = await GatewayHost.StartAsync(_ => [host.Address], Quick);
        var (status, detail) = await CallAsync(gateway.Address, method, async (stream, stop) =>
        {
            var first = Frame(new V1.EncodeVideoRequest { Options = new() { FileName = "a.mp4" } }.ToByteArray());
            switch (how)
            {
                case "half a header":
                    await stream.WriteAsync(new byte[3], stop);
                    break;
                case "byte by byte":
                    foreach (var one in Frame(new byte[1000]))
                    {
                        await stream.WriteAsync(new[] { one }, stop);
                        await stream.FlushAsync(stop);
                        await Task.Delay(200, stop);
                    }
                    break;
                case "no end":
                    await stream.WriteAsync(Frame([]), stop);
                    break;
                case "second message":
                    await stream.WriteAsync(first, stop);
                    await stream.FlushAsync(stop);
                    await stream.WriteAsync(Frame(new byte[1000]).AsMemory(..100), stop);
                    break;
            }
            await stream.FlushAsync(stop);
            await Task.Delay(Timeout.Infinite, stop);
        });

        Assert.Equal(StatusCode.DeadlineExceeded, status);
        Assert.StartsWith(
            method == Describe ? "MessageTimeout: a request must come within 1 s" : "MessageTimeout: a message must come within 1 s",
            detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_silent_between_two_messages_goes_on()
    {
        var doubles = new StageDoubles { Windows = 1 };
        await using var host = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(_ => [host.Address], ("Callers:MessageTimeout", "00:00:05"));
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(gateway.Address);
        using var call = new V1.VideoEncoder.VideoEncoderClient(channel).Encode();
        await call.RequestStream.WriteAsync(new() { Options = new() { FileName = "a.mp4" } });
        // It stays silent until another stream, which has sent no message at all, is ended.
        var (status, _) = await CallAsync(gateway.Address, Encode, (_, stop) => Task.Delay(Timeout.Infinite, stop));
        Assert.Equal(StatusCode.DeadlineExceeded, status);
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(1, 2, 3) });
        await call.RequestStream.CompleteAsync();

        var answers = 0;
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            answers++;

        Assert.Equal((2 + StageDoubles.SegmentsPerWindow, 3L), (answers, doubles.BytesUploaded));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_by_its_header_alone()
    {
        await using var host = await StageHost.StartAsync(new());
        await using var gateway = await GatewayHost.StartAsync(_ => [host.Address]);
        var header = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), 2_000_000_000);

        var (status, detail) = await CallAsync(gateway.Address, Encode, async (stream, stop) =>
        {
            await stream.WriteAsync(header, stop);
            await stream.FlushAsync(stop);
            await Task.Delay(Timeout.Infinite, stop);
        });

        Assert.Equal(
            (StatusCode.ResourceExhausted, $"message: must have at most {MessageLimits.MessageBytes} bytes, but has 2000000000"),
            (status, detail));
    }

    [Theory]
    [InlineData(Describe)]
    [InlineData(Encode)]
    public async Task A_message_that_is_none_of_its_type_is_INVALID_ARGUMENT(string method)
    {
        await using var host = await StageHost.StartAsync(new());

        var (status, detail) = await CallAsync(
            host.Address, method, async (stream, stop) => await stream.WriteAsync(Frame([0xff, 0xff, 0xff, 0xff, 0x7f]), stop));

        Assert.Equal(StatusCode.InvalidArgument, status);
        Assert.StartsWith("message: cannot be read as", detail, StringComparison.Ordinal);
    }

    internal static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>Sends one call with a hand-written body. Returns its status, wherever it stands.</summary>
    internal static async Task<(StatusCode Status, string Detail)> CallAsync(
        Uri address, string method, Func<Stream, CancellationToken, Task> write, params (string Key, string Value)[] headers)
    {
        using var patience = new CancellationTokenSource(SoundRequests.Patience);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content = new Written(write, patience.Token) { Headers = { ContentType = new("application/grpc") } };
        request.Headers.TE.Add(new("trailers"));
        foreach (var (key, value) in headers)
            request.Headers.Add(key, value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (!response.Headers.Contains("grpc-status"))
            await response.Content.ReadAsByteArrayAsync(patience.Token);
        var from = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        await patience.CancelAsync();
        return (
            (StatusCode)int.Parse(from.GetValues("grpc-status").Single()),
            Uri.UnescapeDataString(from.TryGetValues("grpc-message", out var said) ? said.Single() : ""));
    }

    sealed class Written(Func<Stream, CancellationToken, Task> write, CancellationToken stop) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(stop);
            await write(stream, stop);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
