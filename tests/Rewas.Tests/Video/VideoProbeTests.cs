using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

public sealed class VideoProbeTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly VideoLimits Limits = new();

    [Fact]
    public async Task States_duration_size_rate_and_codec()
    {
        var facts = await VideoProbe.ReadAsync(clips.Plain("plain.mp4"), Limits);
        Assert.Equal(TimeSpan.FromSeconds(2), facts.Duration);
        Assert.Equal(
            (60, 128, 96, 0, "h264", false), (facts.Frames, facts.Width, facts.Height, facts.Rotation, facts.Codec, facts.HasAudio));
        Assert.Equal(30, facts.FrameRate, 1e-9);
        Assert.Equal(32_000, ClipTiming.SamplesIn(facts.Duration));
    }

    [Theory]
    [InlineData("30000/1001", 60, 2.002)]
    [InlineData("60", 60, 1.0)]
    [InlineData("24000/1001", 10, 0.417083)]
    public async Task Duration_is_that_of_all_frames_at_any_rate(string rate, int frames, double seconds)
    {
        var clip = clips.Make(
            $"rate-{frames}-{seconds}.mp4", $"testsrc2=size=64x64:rate={rate}", "-frames:v", $"{frames}", "-c:v", "libx264", "-bf", "2");
        var facts = await VideoProbe.ReadAsync(clip, Limits);
        Assert.Equal(seconds, facts.Duration.TotalSeconds, 5e-6);
        Assert.Equal(frames, facts.Frames);
    }

    [Fact]
    public async Task Sound_that_lasts_longer_does_not_lengthen_the_picture()
    {
        var clip = clips.Make(
            "long-sound.mp4",
            "testsrc2=size=64x64:rate=25:duration=1",
            "-f",
            "lavfi",
            "-i",
            "sine=duration=3",
            "-c:v",
            "libx264",
            "-c:a",
            "aac");
        var facts = await VideoProbe.ReadAsync(clip, Limits);
        Assert.Equal((TimeSpan.FromSeconds(1), true), (facts.Duration, facts.HasAudio));
    }

    [Fact]
    public async Task A_picture_that_begins_after_the_sound_keeps_its_own_duration()
    {
        var late = clips.Make(
            "late.mkv",
            "sine=duration=2",
            "-itsoffset",
            "0.52",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=64x64:rate=25:duration=1",
            "-c:v",
            "libx264",
            "-c:a",
            "flac");
        var facts = await VideoProbe.ReadAsync(late, Limits);
        Assert.Equal(1, facts.Duration.TotalSeconds, 1e-3);
        Assert.Equal(0.52, facts.StartOffset.TotalSeconds, 2e-3);
    }

    [Fact]
    public async Task Rotation_swaps_the_sides()
    {
        var clip = clips.Plain("turned.mp4");
        ClipFolder.TurnClockwise(clip);
        var facts = await VideoProbe.ReadAsync(clip, Limits);
        Assert.Equal((96, 128, 90), (facts.Width, facts.Height, facts.Rotation));
    }

    [Theory]
    [InlineData("-dash.mp4")]
    [InlineData("http:colon.mp4")]
    [InlineData("with space, 'quotes\" and %20.mp4")]
    [InlineData("línea\nnueva.mp4")]
    public async Task Any_name_is_only_a_name(string name)
    {
        File.Copy(clips.Plain("for-names.mp4"), clips.Path(name), overwrite: true);
        var here = Path.GetRelativePath(Environment.CurrentDirectory, clips.Path(name));
        Assert.Equal(60, (await VideoProbe.ReadAsync(here, Limits)).Frames);
    }

    [Theory]
    [InlineData(".mkv")]
    [InlineData(".avi")]
    [InlineData(".ts")]
    [InlineData(".mov")]
    public async Task Other_containers_are_read(string ending)
    {
        var facts = await VideoProbe.ReadAsync(clips.Plain("container" + ending), Limits);
        Assert.Equal(60, facts.Frames);
        Assert.Equal(2, facts.Duration.TotalSeconds, 2e-3);
    }

    [Fact]
    public Task Rejects_a_missing_file() =>
        Fails(FaultKind.NotFound, $"video: file '{clips.Path("none.mp4")}' does not exist", clips.Path("none.mp4"));

    [Fact]
    public Task Rejects_a_URL() =>
        Fails(FaultKind.NotFound, "video: file 'http://127.0.0.1:9/a.mp4' does not exist", "http://127.0.0.1:9/a.mp4");

    [Fact]
    public Task Rejects_a_directory() => Fails(FaultKind.Invalid, $"video: '{clips.Root}' is a directory, not a file", clips.Root);

    [Fact]
    public async Task Rejects_an_empty_file()
    {
        File.WriteAllBytes(clips.Path("empty.mp4"), []);
        await Fails(FaultKind.Invalid, $"video: '{clips.Path("empty.mp4")}' is empty (0 bytes)", clips.Path("empty.mp4"));
    }

    [Theory]
    [InlineData("text", "Once upon a midnight dreary, while I pondered, weak and weary")]
    [InlineData("hls", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfor-playlist.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("concat", "ffconcat version 1.0\nfile for-playlist.ts\n")]
    [InlineData("subtitles", "1\n00:00:00,000 --> 00:00:01,000\nhello\n")]
    public async Task Rejects_text_and_playlists_named_mp4(string name, string content)
    {
        clips.Plain("for-playlist.ts");
        File.WriteAllText(clips.Path($"{name}.mp4"), content);
        await Fails(
            FaultKind.Invalid,
            "video: not a video file (mp4, mov, mkv, webm, avi, flv, mpeg, ts, ogg, asf or mxf)",
            clips.Path($"{name}.mp4"));
    }

    [Fact]
    public async Task Rejects_a_truncated_mp4_without_its_index() =>
        await Fails(
            FaultKind.Invalid,
            "video: truncated: the index of the file (moov) is missing",
            clips.Truncated(clips.Plain("whole.mp4"), "cut.mp4", 0.5));

    [Theory]
    [InlineData(".mp4", "-movflags", "+faststart")]
    [InlineData(".mkv", "-f", "matroska")]
    public async Task Rejects_a_file_that_ends_inside_its_picture(string ending, params string[] arguments)
    {
        var whole =
            clips.Make("whole-start" + ending, "testsrc2=size=128x96:rate=30:duration=2", ["-c:v", "libx264", "-g", "15", .. arguments]);
        var fault =
            await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(clips.Truncated(whole, "cut-start" + ending, 0.5), Limits));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.StartsWith("video: truncated: ", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task Rejects_sound_alone() =>
        await Fails(FaultKind.Invalid, "video: has sound but no moving picture", clips.Make("sound.mp4", "sine=duration=1", "-c:a", "aac"));

    [Fact]
    public async Task Rejects_sound_with_cover_art()
    {
        clips.Make("cover.png", "color=red:size=64x64", "-frames:v", "1");
        var song = clips.Make(
            "song.mp4",
            "sine=duration=1",
            "-i",
            clips.Path("cover.png"),
            "-map",
            "0",
            "-map",
            "1",
            "-c:v",
            "mjpeg",
            "-c:a",
            "aac",
            "-disposition:v",
            "attached_pic");
        await Fails(FaultKind.Invalid, "video: has sound but no moving picture", song);
    }

    [Fact]
    public async Task Rejects_a_single_frame() =>
        await Fails(
            FaultKind.Invalid,
            "video: must have at least 2 frames, but has 1",
            clips.Make("one.mp4", "testsrc2=size=64x64", "-frames:v", "1"));

    [Fact]
    public async Task Rejects_a_video_longer_than_the_limit() =>
        await Fails(FaultKind.Exhausted, "video: at most 900 s are accepted, but it lasts 7200 s or more",
            clips.Make("long.mp4", "color=black:size=64x64:rate=1/100:duration=7200", "-c:v", "libx264", "-preset", "ultrafast"));

    [Fact]
    public async Task Rejects_a_picture_larger_than_the_limit() =>
        await Fails(FaultKind.Exhausted, "video: at most 9437184 pixels are accepted, but the picture has 7680x4320 = 33177600",
            clips.Make("8k.mp4", "color=black:size=7680x4320", "-frames:v", "1", "-c:v", "libx264", "-preset", "ultrafast"));

    [Fact]
    public async Task Rejects_a_file_larger_than_the_limit()
    {
        var clip = clips.Plain("bytes.mp4");
        await Fails(
            FaultKind.Exhausted,
            $"video: at most 1000 bytes are accepted, but the file has {new FileInfo(clip).Length}",
            clip,
            Limits with { MaxFileBytes = 1000 });
    }

    [Fact]
    public async Task Rejects_a_sliver() =>
        await Fails(FaultKind.Invalid, "video: one side may be at most 10 times the other, but the picture has 640x32",
            clips.Make("sliver.mp4", "testsrc2=size=640x32:rate=10:duration=1", "-c:v", "libx264"));

    [Fact]
    public async Task Rejects_a_picture_that_its_pixels_shape_makes_a_sliver() =>
        await Fails(
            FaultKind.Invalid, "video: one side may be at most 10 times the other, but the picture is shown as 1600x16",
            clips.Make("wide-sliver.mp4", "testsrc2=size=160x16:rate=10:duration=1", "-vf", "setsar=10/1", "-c:v", "libx264"));

    [Fact]
    public async Task Rejects_more_frames_a_second_than_the_limit() =>
        await Fails(FaultKind.Exhausted, "video: at most 1000 frames per second are accepted, but it has 2000 on average",
            clips.Make("fast.mp4", "color=black:size=32x32:rate=2000:duration=0.5", "-c:v", "libx264", "-preset", "ultrafast"));

    [Fact]
    public async Task Rejects_more_frames_than_the_longest_video_of_the_largest_picture_has_at_120_a_second()
    {
        var clip = clips.Make(
            "many.mp4", "color=black:size=32x32:rate=240:duration=1", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0");
        var limits = Limits with { MaxDuration = TimeSpan.FromSeconds(1), MaxPixels = 64 * 32 };
        var facts = await VideoProbe.ReadAsync(clip, limits);                // half the pixels at twice the rate
        Assert.Equal(240, facts.Frames);
        await Fails(
            FaultKind.Exhausted, "video: at most 120 frames of 32x32 are accepted, but it has 240", clip,
            limits with { MaxPixels = 32 * 32 });
        // Frames that an edit list hides are decoded all the same.
        var fault = Assert.Throws<InputFault>(() => VideoProbe.ThrowUnlessWithin(facts with { HiddenFrames = 1 }, limits));
        Assert.Equal("video: at most 240 frames of 32x32 are accepted, but it has 241", fault.Message);
    }

    [Fact]
    public async Task The_longest_video_of_the_largest_picture_is_accepted_at_120_frames_a_second()
    {
        var facts = await VideoProbe.ReadAsync(clips.Plain("largest.mp4"), Limits);
        VideoProbe.ThrowUnlessWithin(
            facts with { Width = 4096, Height = 2304, Duration = TimeSpan.FromMinutes(15), Frames = 15 * 60 * 120 }, Limits);
    }

    [Fact]
    public async Task Takes_no_longer_than_its_time_limit()
    {
        var fault = await Assert.ThrowsAsync<InputFault>(
            () => VideoProbe.ReadAsync(clips.Plain("slow.mp4"), Limits with { ProbeTimeout = TimeSpan.FromTicks(1) }));
        Assert.Equal((FaultKind.Exhausted, "video: ffprobe made no progress within its time limit"), (fault.Kind, fault.Message));
    }

    [Fact]
    public async Task Garbage_is_a_fault_and_never_a_crash()
    {
        var good = File.ReadAllBytes(
            clips.Make("fuzz-base.mp4", "testsrc2=size=64x64:rate=10:duration=1", "-c:v", "libx264", "-movflags", "+faststart"));
        var random = new Random(7);
        for (var i = 0; i < 6; i++)
        {
            var bad = good.ToArray();
            for (var k = 0; k < 6; k++)
                bad[random.Next(4, 900)] = (byte)random.Next(256);
            File.WriteAllBytes(clips.Path("fuzz.mp4"), bad);
            try
            {
                await VideoProbe.ReadAsync(clips.Path("fuzz.mp4"), Limits);
            }
            catch (InputFault fault)
            {
                Assert.DoesNotContain('\n', fault.Message);
            }
        }
    }

    static Task Fails(FaultKind kind, string message, string path) => Fails(kind, message, path, Limits);

    static async Task Fails(FaultKind kind, string message, string path, VideoLimits limits)
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(path, limits));
        Assert.Equal((kind, message), (fault.Kind, fault.Message));
    }
}
