using Grpc.Core;
using Rewas.Client;
using Rewas.V1;

namespace Rewas.Tests.Client;

public sealed class StudioUploadTests
{
    static readonly byte[] Film = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, "offset")]                    // the call before has stored this part meanwhile
    [InlineData(StatusCode.DeadlineExceeded, "none")]                        // a gateway ends what takes too long
    public async Task An_upload_that_breaks_off_asks_where_it_goes_on(StatusCode status, string field)
    {
        await GoesOnAsync(new(new RpcException(new(status, "broken off"), new Metadata { { "rewas-field", field } })));
    }

    /// <summary>gRPC tells CANCELLED, the failure of the socket, or nothing, of a write whose call was lost.</summary>
    [Theory]
    [MemberData(nameof(FailedWrite.All), MemberType = typeof(FailedWrite))]
    public async Task An_upload_whose_write_fails_with_its_call_asks_where_it_goes_on(string failure)
    {
        await GoesOnAsync(new(new RpcException(new(StatusCode.Unavailable, "lost")), FailedWrite.Of(failure)));
    }

    [Theory]
    [InlineData(null)]
    [MemberData(nameof(FailedWrite.All), MemberType = typeof(FailedWrite))]
    public async Task An_upload_that_is_refused_is_not_repeated(string? failure)
    {
        var refusal = new RpcException(new(StatusCode.FailedPrecondition, "no"), new Metadata { { "rewas-field", "video" } });
        var studio = new Studio(refusal, failure is null ? null : FailedWrite.Of(failure));

        Assert.Same(refusal, await Assert.ThrowsAsync<RpcException>(() => SendAsync(studio)));
        Assert.Equal(1, studio.Asked);
    }

    static async Task GoesOnAsync(Studio studio)
    {
        var video = await SendAsync(studio);

        Assert.Equal(Film, studio.Received);
        Assert.Equal(Film.Length, video.Received);
        Assert.Equal(2, studio.Asked);
    }

    static Task<StudioVideo> SendAsync(Studio studio) => StudioUpload.SendAsync(
        studio, new("clip.mp4", Film.Length, _ => ValueTask.FromResult<Stream>(new MemoryStream(Film))), "clip.mp4",
        cancellation: TestContext.Current.CancellationToken);

    /// <summary>A studio that stores some bytes of the first call and ends it with a failure.</summary>
    /// <param name="write">How the write of that call ends. Default: well.</param>
    sealed class Studio(RpcException failure, Task? write = null) : V1.SoundStudio.SoundStudioClient
    {
        const int StoredBytes = 400;

        bool hasFailed;

        public List<byte> Received { get; } = [];

        /// <summary>How often the upload has asked for the state of its video.</summary>
        public int Asked { get; private set; }

        RpcException Failure => failure;

        Task Write => write ?? Task.CompletedTask;

        StudioVideo Video => new() { VideoId = "video", Bytes = Film.Length, Received = Received.Count };

        public override AsyncUnaryCall<StudioVideo> CreateVideoAsync(CreateVideoRequest request, CallOptions options)
        {
            Asked++;
            return new(
                Task.FromResult(Video), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => new Metadata(), () => { });
        }

        public override AsyncClientStreamingCall<UploadVideoRequest, StudioVideo> UploadVideo(CallOptions options)
        {
            var upload = new Upload(this);
            return new(
                upload, upload.Response, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => new Metadata(), () => { });
        }

        sealed class Upload(Studio studio) : IClientStreamWriter<UploadVideoRequest>
        {
            readonly TaskCompletionSource<StudioVideo> response = new();

            public Task<StudioVideo> Response => response.Task;

            public WriteOptions? WriteOptions { get; set; }

            public Task WriteAsync(UploadVideoRequest message) => WriteAsync(message, CancellationToken.None);

            public Task WriteAsync(UploadVideoRequest message, CancellationToken cancellationToken)
            {
                if (message.Start is { } start)
                    Assert.Equal(studio.Received.Count, start.Offset);
                else if (studio.hasFailed)
                    studio.Received.AddRange(message.Chunk.Span);
                else
                {
                    studio.hasFailed = true;
                    studio.Received.AddRange(message.Chunk.Span[..StoredBytes]);
                    response.SetException(studio.Failure);
                    return studio.Write;
                }
                return Task.CompletedTask;
            }

            public Task CompleteAsync()
            {
                response.TrySetResult(studio.Video);
                return Task.CompletedTask;
            }
        }
    }
}
