using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

/// <summary>Files made to reach what their sender cannot reach, or to exhaust the machine.</summary>
public sealed class HostileFilesTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly VideoLimits Limits = new();

    public static TheoryData<string, string> Naming()
    {
        var all = new TheoryData<string, string>();
        foreach (var (kind, text) in new[]
        {
            ("hls of a url", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nURL/segment.ts\n#EXT-X-ENDLIST\n"),
            ("hls of a file", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
            (
                "hls of a concatenation",
                "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:URL/header.m3u8|file:///etc/passwd\n#EXT-X-ENDLIST\n"),
            (
                "hls with a key",
                "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-KEY:METHOD=AES-128,URI=\"URL/key\"\n#EXTINF:5,\nCLIP\n#EXT-X-ENDLIST\n"),
            ("concat script of a file", "ffconcat version 1.0\nfile 'CLIP'\nduration 2\n"),
            ("concat script of a url", "ffconcat version 1.0\nfile 'URL/clip.mp4'\n"),
            (
                "dash",
                "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
                + "mediaPresentationDuration=\"PT2S\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\" "
                + "bandwidth=\"1\"><BaseURL>URL/clip.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>"),
            (
                "session description",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
            (
                "picture with a link",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image xlink:href=\"URL/x.png\" "
                + "width=\"64\" height=\"64\"/></svg>"),
        })
            foreach (var ending in (string[])[".m3u8", ".mp4", ".mkv"])
                all.Add(kind + ending, text);
        return all;
    }

    [Theory]
    [MemberData(nameof(Naming))]
    public async Task A_file_that_names_others_is_refused_and_nothing_that_it_names_is_opened(string name, string text)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}";
        var clip = text.Contains("CLIP", StringComparison.Ordinal) ? clips.Plain($"named by {name}.mp4") : "";
        var path = clips.Path(name);
        File.WriteAllText(path, text.Replace("URL", url, StringComparison.Ordinal).Replace("CLIP", clip, StringComparison.Ordinal));

        var fault = await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(path, Limits, TestContext.Current.CancellationToken));

        Assert.Equal((FaultKind.Invalid, "video"), (fault.Kind, fault.Field));
        Assert.DoesNotContain("root:", fault.Message, StringComparison.Ordinal);
        Assert.False(server.Pending(), "it was connected to");
    }

    [Fact]
    public async Task A_tiny_file_of_a_gigantic_picture_is_refused_before_it_is_decoded()
    {
        var path = clips.Make("gigantic.avi", "color=size=64x64:rate=25:duration=0.2", "-c:v", "rawvideo", "-pix_fmt", "bgr24");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var format = bytes.AsSpan(bytes.AsSpan().IndexOf("strf"u8) + 8);       // BITMAPINFOHEADER: its size, width, height
        BinaryPrimitives.WriteInt32LittleEndian(format[4..], 12_000);
        BinaryPrimitives.WriteInt32LittleEndian(format[8..], 12_000);
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(path, Limits, TestContext.Current.CancellationToken));

        Assert.Equal(FaultKind.Exhausted, fault.Kind);
        Assert.Contains("12000x12000", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eternal.mkv")]
    [InlineData("eternal.mp4")]
    public async Task A_tiny_file_that_lasts_for_hours_is_refused(string name)
    {
        var path =
            clips.Make(name, "color=size=64x64:rate=25:duration=0.4,settb=1/10,setpts=N*20000", "-c:v", "libx264", "-vsync", "passthrough");
        Assert.InRange(new FileInfo(path).Length, 1, 100_000);

        var fault = await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(path, Limits, TestContext.Current.CancellationToken));

        Assert.Equal(FaultKind.Exhausted, fault.Kind);
        Assert.Contains("at most 900 s are accepted", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_memory_is_limited()
    {
        Assert.SkipUnless(StartedThrough("prlimit"), "there is no prlimit here");
        string[] large = ["-v", "error", "-f", "lavfi", "-i", "color=size=8192x8192:rate=1:duration=1,format=rgb48le", "-f", "null", "-"];
        await RunAsync(large, new() { MemoryBytes = 3L << 30 });
        var failure = await Record.ExceptionAsync(() => RunAsync(large, new() { MemoryBytes = 300L << 20 }));
        // its threads may also wait for memory until their time is over
        Assert.True(failure is MediaProcessException or InputFault, $"{failure}");
    }

    [Fact]
    public async Task Its_processor_time_is_limited()
    {
        Assert.SkipUnless(StartedThrough("prlimit"), "there is no prlimit here");
        await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(
            ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720", "-f", "null", "-"],
            new() { ProcessorTime = TimeSpan.FromSeconds(1) }));
    }

    [Fact]
    public async Task The_bytes_it_writes_are_limited()
    {
        Assert.SkipUnless(StartedThrough("prlimit"), "there is no prlimit here");
        var path = clips.Path("large.avi");
        await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(
            ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x480:duration=10", "-c:v", "rawvideo", "file:" + path],
            new() { OutputBytes = 1 << 20 }));
        Assert.InRange(new FileInfo(path).Length, 1, 1 << 20);
    }

    [Fact]
    public async Task It_cannot_reach_the_network_even_if_told_to()
    {
        Assert.SkipUnless(StartedThrough("bwrap") || StartedThrough("unshare"), "this system does not allow a process to give its network up");
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        string[] arguments =
        [
            "-v",
            "error",
            "-protocol_whitelist",
            "http,tcp",
            "-i",
            $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/x.mp4",
            "-f",
            "null",
            "-",
        ];

        var failure = await Assert.ThrowsAsync<MediaProcessException>(() => RunAsync(arguments, new()));

        // bubblewrap leaves a loopback device of its own, on which nobody listens.
        Assert.True(failure.Mentions("unreachable") || failure.Mentions("refused"), failure.Said);
        Assert.False(server.Pending(), "it was connected to");
    }

    /// <summary>Whether this machine has the program and lets it do its work.</summary>
    static bool StartedThrough(string name)
    {
        var (program, arguments) = new Confinement().Confine("ffmpeg", []);
        return arguments.Prepend(program).Any(word => Path.GetFileName(word) == name);
    }

    static async Task RunAsync(string[] arguments, Confinement confinement)
    {
        await using var process = MediaProcess.Start(
            Ffmpeg.Locate().EncoderPath,
            ["-nostdin", .. arguments],
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken,
            confinement);
        process.Input.Close();
        await process.EndAsync();
    }
}
