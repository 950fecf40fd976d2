using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Bundles;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Protocol;
using Rewas.V1;
using Rewas.Video;
using Rewas.VideoEncoder;

namespace Rewas.Tests.Services;

public sealed class VideoEncoderServiceTests(SharedServiceHost shared) : IClassFixture<SharedServiceHost>, IDisposable
{
    readonly V1.VideoEncoder.VideoEncoderClient client = new(shared.Host.Channel);
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(40, 1)]
    [InlineData(128, 1)]
    [InlineData(131, 2)]
    public async Task Answers_what_it_found_then_every_segment_in_order(int frames, int windows)
    {
        var answers = await client.Encode().Exchange(Upload(await MakeVideo(frames)));
        var video = answers[0].Video;
        Assert.Equal((64, 48, "h264", false, windows), (video.Width, video.Height, video.Codec, video.HasAudio, video.Windows));
        Assert.Equal(frames * 640, video.AudioSamples);
        Assert.Equal(25, video.FrameRate, 1e-6);

        var segments = answers.Where(a => a.Segment is not null).Select(a => a.Segment).ToList();
        Assert.Equal(
            Enumerable.Range(0, windows * 15).Select(i => (i / 15, i % 15)),
            segments.Select(s => (s.Window, s.Segment)));
        Assert.All(segments, s => s.Features.ToHostTensor("features", 8, 16));
        Assert.Equal(windows, answers[^1].Summary.Windows);
    }

    [Fact]
    public async Task Features_are_the_networks_answer_to_the_segments_frames()
    {
        var path = Path.Combine(folder.FullName, "scene.mp4");
        var answers = await client.Encode().Exchange(Upload(await MakeVideo(60, path)));
        var bundle = shared.Host.Services.GetRequiredService<Bundle>();
        var facts = await VideoProbe.ReadAsync(path, new VideoLimits(), TestContext.Current.CancellationToken);
        var frames = new List<byte[]>();
        await foreach (var frame in FrameReader.ReadAsync(path, facts, bundle.Manifest.Timing, TestContext.Current.CancellationToken))
            frames.Add(frame.ToArray());
        using var network = OnnxNetwork.Load(bundle, "video_encoder", new OnnxOptions { Threads = 1 });

        foreach (var (segment, start) in new[] { (0, 0), (3, 24), (6, 48), (14, 112) })
        {
            var clip = new float[3 * 16 * 32 * 32];
            for (var place = 0; place < 16; place++)
                FrameNormalisation.Write(frames[Math.Min(start + place, frames.Count - 1)], clip, place, 16);
            var expected = network.Run([HostTensor.Of(clip, 1, 3, 16, 32, 32)])[0].Floats.ToArray();
            var actual = answers.Single(
                a =>
                    a.Segment?.Segment == segment
                        && a.Segment.Window == 0).Segment.Features.ToHostTensor("features", 8, 16).Floats.ToArray();
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-4f);
        }
    }

    [Fact]
    public async Task Refuses_what_is_no_video()
    {
        var video = await MakeVideo(40);
        await client.Encode().Exchange(Upload([.. "a text file named .mp4"u8])).Fails(StatusCode.InvalidArgument, "video");
        await client.Encode().Exchange(Upload([])).Fails(StatusCode.InvalidArgument, "video: 'scene.mp4' is empty (0 bytes)");
        await client.Encode().Exchange(Upload(video[..(video.Length / 2)])).Fails(StatusCode.InvalidArgument, "video", "truncated");
        await client.Encode().Exchange(Upload(await MakeVideo(1))).Fails(StatusCode.InvalidArgument, "video", "at least 2 frames");
        await client.Encode().Exchange().Fails(StatusCode.InvalidArgument, "options: must be the first message");
        await client.Encode().Exchange(Upload(video).Skip(1)).Fails(StatusCode.InvalidArgument, "options: must be the first message");
        await client.Encode().Exchange(Options(), Options()).Fails(StatusCode.InvalidArgument, "chunk: must follow the options");
        await client.Encode()
            .Exchange(Options(), Chunk([]))
            .Fails(StatusCode.InvalidArgument, "chunk: must have 1 to 1048576 bytes, but has 0");
        await client.Encode().Exchange(Options(name: new string('n', 256))).Fails(StatusCode.InvalidArgument, "file_name", "255", "256");
        await client.Encode().Exchange(Options(bytes: -1)).Fails(StatusCode.InvalidArgument, "file_bytes");
    }

    [Fact]
    public async Task Refuses_uploads_that_are_too_large_before_and_during_the_upload()
    {
        await using var host =
            await ServiceHost.StartAsync(("VideoEncoder:MaxUploadBytes", "4096"), ("VideoEncoder:TemporaryFolder", folder.FullName));
        var strict = new V1.VideoEncoder.VideoEncoderClient(host.Channel);
        await strict.Encode()
            .Exchange(Options(bytes: 4097))
            .Fails(StatusCode.ResourceExhausted, "video: must have at most 4096 bytes, but has 4097");
        await strict.Encode()
            .Exchange(Options(), Chunk(new byte[4000]), Chunk(new byte[97]))
            .Fails(StatusCode.ResourceExhausted, "at most 4096 bytes, but has more");

        Assert.Empty(folder.EnumerateFileSystemInfos());                     // no upload stays
    }

    [Fact]
    public async Task A_caller_who_stops_in_the_middle_of_an_upload_is_sent_away()
    {
        await using var host =
            await ServiceHost.StartAsync(("VideoEncoder:TemporaryFolder", folder.FullName), ("VideoEncoder:IdleTimeout", "00:00:01"));
        using var idle = new V1.VideoEncoder.VideoEncoderClient(host.Channel).Encode();
        await idle.RequestStream.WriteAsync(Options());
        await idle.RequestStream.WriteAsync(Chunk(new byte[10]));
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => idle.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Empty(folder.EnumerateFileSystemInfos());                     // nor does this upload stay
    }

    [Fact]
    public async Task Refuses_videos_over_the_limits_of_length_and_picture()
    {
        await using var host =
            await ServiceHost.StartAsync(("VideoEncoder:MaxVideoDuration", "00:00:01"), ("VideoEncoder:MaxPicturePixels", "3072"));
        var strict = new V1.VideoEncoder.VideoEncoderClient(host.Channel);
        await strict.Encode().Exchange(Upload(await MakeVideo(40))).Fails(StatusCode.ResourceExhausted, "at most 1 s");
        await using var small = await ServiceHost.StartAsync(("VideoEncoder:MaxPicturePixels", "3071"));
        await new V1.VideoEncoder.VideoEncoderClient(small.Channel)
            .Encode()
            .Exchange(Upload(await MakeVideo(20)))
            .Fails(StatusCode.ResourceExhausted, "3071 pixels");
    }

    [Fact]
    public async Task A_video_waits_for_its_place_and_more_than_may_wait_are_refused()
    {
        await using var host = await ServiceHost.StartAsync(
            ("VideoEncoder:MaxConcurrentVideos", "1"), ("VideoEncoder:MaxWaitingVideos", "1"));
        var busy = new V1.VideoEncoder.VideoEncoderClient(host.Channel);
        var places = host.Services.GetRequiredService<VideoPlaces>();
        var held = await places.EnterAsync("", TestContext.Current.CancellationToken);
        var waiting = busy.Encode().Exchange(Upload(await MakeVideo(20)));
        await Wait.UntilAsync(() => places.Waiting == 1, "the uploaded video waits");
        await busy.Encode().Exchange(Options()).Fails(StatusCode.ResourceExhausted, "MaxWaitingVideos");
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        Assert.NotNull((await waiting)[^1].Summary);
    }

    [Fact]
    public async Task Uploads_that_do_not_go_on_block_nobody()
    {
        await using var host = await ServiceHost.StartAsync(("VideoEncoder:MaxConcurrentVideos", "1"));
        var crowded = new V1.VideoEncoder.VideoEncoderClient(host.Channel);
        var trickling = Enumerable.Range(0, 8).Select(_ => crowded.Encode()).ToList();
        foreach (var call in trickling)
        {
            await call.RequestStream.WriteAsync(Options());
            await call.RequestStream.WriteAsync(Chunk(new byte[10]));
        }
        Assert.NotNull((await crowded.Encode().Exchange(Upload(await MakeVideo(20))))[^1].Summary);
        trickling.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task An_upload_that_trickles_is_ended_although_it_never_pauses_for_long()
    {
        await using var host = await ServiceHost.StartAsync(
            ("VideoEncoder:TemporaryFolder", folder.FullName), ("VideoEncoder:IdleTimeout", "00:00:10"),
            ("VideoEncoder:MinUploadBytesPerSecond", "1000000"));
        using var call = new DuplexCall<EncodeVideoRequest, EncodeVideoResponse>(
            new V1.VideoEncoder.VideoEncoderClient(host.Channel).Encode());
        await call.WriteAsync(Options());
        while (await call.TryWriteAsync(Chunk(new byte[10])))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.MoveNextAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Contains("MinUploadBytesPerSecond", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Uploads_together_fill_only_their_part_of_the_disk()
    {
        await using var host = await ServiceHost.StartAsync(
            ("VideoEncoder:TemporaryFolder", folder.FullName), ("VideoEncoder:MaxTotalUploadBytes", "2000"));
        var full = new V1.VideoEncoder.VideoEncoderClient(host.Channel);
        using var first = full.Encode();
        await first.RequestStream.WriteAsync(Options());
        await first.RequestStream.WriteAsync(Chunk(new byte[1500]));
        await Wait.UntilAsync(
            () => folder.EnumerateFiles("*", SearchOption.AllDirectories).Any(file => file.Length == 1500), "the first upload is stored");
        await full.Encode().Exchange(Options(), Chunk(new byte[600])).Fails(StatusCode.ResourceExhausted, "MaxTotalUploadBytes");
        first.Dispose();
        await Wait.UntilAsync(() => !folder.EnumerateFileSystemInfos().Any(), "nothing of either stays");
    }

    [Fact]
    public void The_memory_of_all_decoders_fits_beside_the_process()
    {
        var options = new VideoEncoderOptions();
        Assert.Equal(4, VideoPlaces.Fitting(options, 8L << 30));
        Assert.Equal(1, VideoPlaces.Fitting(options, 1L << 30));
        Assert.Equal(2, VideoPlaces.Fitting(options, 1536L << 20));
        Assert.Equal(1, VideoPlaces.Fitting(options, 100L << 20));
    }

    [Fact]
    public async Task A_video_whose_decoder_takes_too_much_memory_is_refused()
    {
        await using var host = await ServiceHost.StartAsync(("VideoEncoder:MaxDecoderBytes", $"{128 << 20}"));
        var file = Path.Combine(folder.FullName, "references.mp4");
        ClipFolder.Run(
            "-f", "lavfi", "-i", "testsrc2=size=2048x1152:rate=25:duration=1", "-c:v", "libx264", "-preset", "ultrafast",
            "-x264-params", "ref=16:bframes=3:b-pyramid=normal:keyint=250", "-pix_fmt", "yuv444p", "file:" + file);
        await new V1.VideoEncoder.VideoEncoderClient(host.Channel).Encode()
            .Exchange(Upload(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)))
            .Fails(StatusCode.ResourceExhausted, "video: ffmpeg may take at most 134217728 bytes of memory");
        await new V1.VideoEncoder.VideoEncoderClient(host.Channel).Encode().Exchange(Upload(await MakeVideo(20)));
    }

    static IEnumerable<EncodeVideoRequest> Upload(byte[] file) => [Options(bytes: file.Length), .. file.Chunk(1000).Select(Chunk)];

    static EncodeVideoRequest Options(string name = "scene.mp4", long bytes = 0) =>
        new() { Options = new() { FileName = name, FileBytes = bytes } };

    static EncodeVideoRequest Chunk(byte[] bytes) => new() { Chunk = ByteString.CopyFrom(bytes) };

    /// <summary>A bright square that moves over a dark ground, 64 x 48, 25 frames a second.</summary>
    async Task<byte[]> MakeVideo(int frames, string? path = null)
    {
        path ??= Path.Combine(folder.FullName, $"{Guid.NewGuid():n}.mp4");
        await using (var writer = VideoWriter.Create(path, 64, 48, 25, cancellationToken: TestContext.Current.CancellationToken))
        {
            for (var frame = 0; frame < frames; frame++)
            {
                var rgb = new byte[64 * 48 * 3];
                for (var y = 10; y < 20; y++)
                    rgb.AsSpan((y * 64 + frame % 50) * 3, 30).Fill(240);
                await writer.WriteFrameAsync(rgb);
            }
            await writer.CompleteAsync();
        }
        return await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
    }
}
