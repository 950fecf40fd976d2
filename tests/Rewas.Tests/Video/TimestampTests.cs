using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

/// <summary>
/// Films with unusual times and streams. Each gets sound to the sample, with every frame in its place, or is refused before anything is
/// made.
/// </summary>
public sealed partial class TimestampTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const int Rate = 48_000;
    const string Picture = "-f lavfi -i testsrc2=size=96x64:rate=25:duration=2 ";

    /// <summary>Silence for 2 s, except one sample at 1 s.</summary>
    const string Click = "-f lavfi -i aevalsrc=if(eq(n\\,48000)\\,0.8\\,0):s=48000:d=2 ";

    static readonly VideoLimits Limits = new();
    static readonly ClipTiming Timing = new() { FrameSize = 64, ResizeShorterSide = 72 };
    static readonly Lazy<string> Encoders = new(() => Encoding.UTF8.GetString(ClipFolder.Run("-encoders")));

    /// <summary>Films with a click in their sound, by name and by ffmpeg's arguments.</summary>
    public static TheoryData<string, string> Sounding() => new()
    {
        {
            "starts before 0.ts",
            Picture + Click
                + "-c:v mpeg2video -bf 2 -ac 2 -c:a s302m -strict -2 -muxdelay 0 -muxpreload 0 -output_ts_offset -1.3 "
                + "-avoid_negative_ts disabled"
        },
        {
            "wraps.ts",
            Picture + Click + "-c:v mpeg2video -bf 2 -ac 2 -c:a s302m -strict -2 -muxdelay 0 -muxpreload 0 -output_ts_offset 95442.717"
        },
        {
            "wraps before its first frame.ts",
            Click
                + "-itsoffset 0.5 " + Picture
                + "-map 1 -map 0 -c:v libx264 -ac 2 -c:a s302m -strict -2 -muxdelay 0 -muxpreload 0 -output_ts_offset 95443.3"
        },
        { "starts between milliseconds.ts", Picture + Click + "-c:v libx264 -bf 2 -ac 2 -c:a s302m -strict -2 -output_ts_offset 3.00037" },
        {
            "starts between milliseconds.mkv.ts",
            Picture + Click + "-c:v libx265 -x265-params log-level=none -ac 2 -c:a s302m -strict -2 -output_ts_offset 7.0000333"
        },
        { "starts late.mkv", Picture + Click + "-c:v libx264 -bf 2 -c:a flac -output_ts_offset 5.217" },
        { "sound first.mkv", Click + "-itsoffset 0.523 " + Picture + "-map 0 -map 1 -c:v libx264 -c:a flac" },
        { "sound late.mkv", Picture + "-itsoffset 0.317 " + Click + "-map 0 -map 1 -c:v libx264 -c:a flac" },
        { "sound first.mp4", Click + "-itsoffset 0.52 " + Picture + "-map 1 -map 0 -c:v libx264 -c:a flac -strict -2" },
        { "sound late.mov", Picture + "-itsoffset 0.317 " + Click + "-map 0 -map 1 -c:v libx264 -bf 3 -c:a pcm_s16le" },
        {
            "sound late by a third of a millisecond.mov",
            Picture + "-itsoffset 0.000333 " + Click + "-map 0 -map 1 -c:v libx264 -c:a pcm_s16le -movie_timescale 48000"
        },
        {
            "starts before 0.mp4",
            Picture + Click + "-c:v libx264 -bf 2 -c:a flac -strict -2 -output_ts_offset -0.5 -avoid_negative_ts disabled"
        },
        { "decoding starts before 0.mp4", Picture + Click + "-c:v libx264 -bf 2 -c:a flac -strict -2 -movflags negative_cts_offsets" },
        {
            "fine clock.mp4",
            Picture + Click + "-c:v libx264 -c:a flac -strict -2 -video_track_timescale 10000000 -output_ts_offset 0.0333337"
        },
        {
            "fragments.mp4",
            Picture + Click + "-c:v libx264 -bf 2 -c:a flac -strict -2 -movflags frag_keyframe+empty_moov -output_ts_offset 1.234567"
        },
        {
            "variable rate.mkv",
            "-f lavfi -i testsrc2=size=96x64:rate=30:duration=2 " + Click
                + "-vf select=lt(n\\,20)+not(mod(n\\,7)) -vsync vfr -c:v libx264 -c:a flac"
        },
        {
            "variable rate.mp4",
            "-f lavfi -i testsrc2=size=96x64:rate=30:duration=2 " + Click
                + "-vf select=gt(n\\,9)*not(mod(n\\,3)) -vsync vfr -c:v libx264 -c:a flac -strict -2"
        },
        { "b-frames.avi", Picture + Click + "-c:v mpeg4 -bf 2 -c:a pcm_s16le" },
        { "motion jpeg.avi", Picture + Click + "-c:v mjpeg -c:a pcm_s16le" },
        { "programme stream.vob", Picture + Click + "-c:v mpeg2video -bf 2 -c:a pcm_dvd -f vob" },
        {
            "interlaced.mov",
            "-f lavfi -i testsrc2=size=96x64:rate=50:duration=2 " + Click
                + "-vf tinterlace=interleave_top,setfield=tff -c:v prores_ks -flags +ildct -c:a pcm_s24le"
        },
    };

    [Theory]
    [MemberData(nameof(Sounding))]
    public async Task The_old_sound_stays_with_its_picture_to_the_sample(string name, string arguments)
    {
        var video = Make(name, arguments);
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var truth = ClickAfterFirstFrame(video);

        var mix = await MixAsync(video, facts, V1.OriginalSoundChoice.Keep);
        Assert.Equal(SoundMix.FramesFor(facts.Duration, Rate), mix.Length);
        Assert.Equal(truth, Loudest(mix), 1.0);

        var output = clips.Path($"{name}-out{Muxer.EndingsFor(facts)[0]}");
        await Muxer.MuxAsync(video, facts, Raw(mix), output);
        Assert.Equal(Shown(video), Shown(output));
        Assert.Equal(truth, ClickAfterFirstFrame(output), 1.0);
    }

    [Fact]
    public async Task Ducked_sound_stays_with_its_picture_and_Matroska_keeps_it_to_its_millisecond()
    {
        var video = Make("duck.ts", Picture + Click + "-c:v libx264 -bf 2 -ac 2 -c:a s302m -strict -2 -output_ts_offset 3.00037");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var (truth, mix) = (ClickAfterFirstFrame(video), await MixAsync(video, facts, V1.OriginalSoundChoice.Duck));
        Assert.Equal(truth, Loudest(mix), 1.0);
        await Muxer.MuxAsync(video, facts, Raw(mix), clips.Path("duck-out.mkv"));
        Assert.Equal(Shown(video), Shown(clips.Path("duck-out.mkv")));
        Assert.Equal(truth, ClickAfterFirstFrame(clips.Path("duck-out.mkv")), Rate / 1000.0);
    }

    [Theory]
    [InlineData("0.000011", "mpeg2video", ".ts", ".mp4")]
    [InlineData("0.000233", "mpeg2video", ".mpg", ".mp4")]
    [InlineData("0.500777", "mpeg1video", ".mpg", ".mov")]
    [InlineData("2.000033", "libx264", ".ts", ".mov")]
    [InlineData("1.999989", "libx264", ".ts", ".mp4")]
    [InlineData("60.4567", "libx265 -x265-params log-level=none", ".ts", ".mp4")]
    public async Task A_start_between_milliseconds_loses_no_frame(string start, string codec, string from, string to)
    {
        var video = Make($"start-{start}{from}", Picture + $"-c:v {codec} -bf 2 -output_ts_offset {start}");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var output = await MuxAsync(video, facts, to);
        var shown = Shown(output);
        Assert.Equal(50, shown.Count);
        Assert.Equal(Shown(video), shown);
        Assert.Equal((0, 2_000_000), ShownMicroseconds(output));
    }

    [Theory]
    [InlineData(-2.0)]
    [InlineData(95000.0)]
    [InlineData(12.0)]
    public async Task Timestamps_that_jump_are_refused_with_the_command_that_mends_them(double by)
    {
        var (first, second) = (
            Make("jump-1.ts", Picture + "-c:v mpeg2video -bf 2"),
            Make("jump-2.ts", Picture + FormattableString.Invariant($"-c:v mpeg2video -bf 2 -output_ts_offset {2 + by}")));
        var joined = Joined(FormattableString.Invariant($"jump {by}.ts"), first, second);
        var fault = await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(joined, Limits));
        Assert.Matches(
            @"^video: its timestamps jump by [+-][0-9.]+ s after 1\.96 s, as in joined recordings: "
            + @"`ffmpeg -i VIDEO -c copy NEW\.mkv` repairs it$",
            fault.Message);

        var mended = clips.Path(FormattableString.Invariant($"mended {by}.mkv"));
        ClipFolder.Run("-i", "file:" + joined, "-c", "copy", "file:" + mended);
        var facts = await VideoProbe.ReadAsync(mended, Limits);
        Assert.Equal((100, 4.0), (facts.Frames, Math.Round(facts.Duration.TotalSeconds, 1)));
        AssertSoundLastsAsThePicture(await MuxAsync(mended, facts, ".mp4"));
    }

    [Fact]
    public async Task A_gap_in_a_recording_stays_a_gap()
    {
        var video = Joined(
            "gap.ts",
            Make("gap-1.ts", Picture + "-c:v mpeg2video -bf 2"),
            Make("gap-2.ts", Picture + "-c:v mpeg2video -bf 2 -output_ts_offset 5"));
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal(6.96, facts.Duration.TotalSeconds, 1e-6);               // ffmpeg delays the first part by a frame, for its B-frames
        Assert.Equal(174, await DecodedFramesAsync(video, facts));
        var output = await MuxAsync(video, facts, ".mp4");
        Assert.Equal((0, 6_960_000), ShownMicroseconds(output));
        AssertSoundLastsAsThePicture(output);
    }

    [Theory]
    [InlineData("mpeg4 -bf 2", "xvid.avi", ".mp4")]
    [InlineData("mpeg4 -bf 2", "xvid.avi", ".mkv")]
    [InlineData("mpeg4 -bf 1 -g 7", "xvid1.avi", ".mov")]
    [InlineData("mpeg2video -bf 2", "dvd.mpg", ".mkv")]
    [InlineData("mpeg2video -bf 2", "dvd.mpg", ".mp4")]
    [InlineData("mpeg1video -bf 2", "vcd.mpg", ".mkv")]
    [InlineData("mpeg2video -bf 2", "dvd.vob", ".mkv")]
    public async Task Frames_stay_in_their_order_where_the_file_does_not_say_when_they_are_shown(string codec, string name, string ending)
    {
        var truth = Make(Path.ChangeExtension(name, ".truth.mkv"), Picture + $"-c:v {codec}");
        string[] rate = name.EndsWith(".avi", StringComparison.Ordinal) ? ["-r", "25"] : [];     // AVI counts frames
        ClipFolder.Run([.. rate, "-i", "file:" + truth, "-c", "copy", .. rate, "file:" + clips.Path(name)]);
        var facts = await VideoProbe.ReadAsync(clips.Path(name), Limits);
        Assert.Equal((50, 2.0), (facts.Frames, facts.Duration.TotalSeconds));
        Assert.Equal(50, await DecodedFramesAsync(clips.Path(name), facts));
        var output = await MuxAsync(clips.Path(name), facts, ending);
        Assert.Equal(InShownOrder(truth), InShownOrder(output));
        AssertEvenlySpaced(output);
    }

    [Theory]
    [InlineData(".mkv")]
    [InlineData(".mp4")]
    public async Task Frames_that_are_stored_as_shown_keep_their_times_in_AVI(string ending)
    {
        var video = Make("camera.avi", Picture + "-c:v libx264 -bf 0");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal((TimeSpan.Zero, 2.0), (facts.Start, facts.Duration.TotalSeconds));
        var output = await MuxAsync(video, facts, ending);
        Assert.Equal(Shown(video), Shown(output));
        AssertEvenlySpaced(output);
    }

    [Fact]
    public async Task Frames_whose_order_only_decoding_shows_are_refused_before_anything_is_made()
    {
        var video = Make("reordered.avi", Picture + "-c:v libx264 -bf 2");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal(50, await DecodedFramesAsync(video, facts), 1.0);
        foreach (var ending in new[] { ".mp4", ".mkv" })
            AssertRefused(
                facts,
                ending,
                "video: does not say when its h264 frames are shown, so they cannot be copied in their right order: re-encode it "
                + "first, e.g. with `ffmpeg -i VIDEO NEW.mp4`");
    }

    [Fact]
    public async Task Packed_frames_are_refused_before_anything_is_made()
    {
        var video = Make("packed.avi", Picture + "-c:v mpeg4 -bf 2");
        MarkAsPacked(video);
        var facts = await VideoProbe.ReadAsync(video, Limits);
        AssertRefused(
            facts, ".mp4",
            "video: its B-frames are packed into other frames, so they cannot be copied in their right order: `ffmpeg -i VIDEO -c copy "
            + "-bsf:v mpeg4_unpack_bframes NEW.avi` unpacks them");

        var plain = Make("marked without b-frames.avi", Picture + "-c:v mpeg4");
        MarkAsPacked(plain);
        Muxer.ThrowUnlessHeld(await VideoProbe.ReadAsync(plain, Limits), "out.mp4");
    }

    [Fact]
    public async Task Rotation_is_kept_or_refused_with_the_containers_that_keep_it()
    {
        var video = Make("turned.mp4", Picture + "-c:v libx264");
        ClipFolder.TurnClockwise(video);
        var facts = await VideoProbe.ReadAsync(video, Limits);
        foreach (var ending in new[] { ".mp4", ".mov", ".m4v" })
            Assert.Equal(
                (90, 64, 96),
                await VideoProbe.ReadAsync(await MuxAsync(video, facts, ending), Limits) is var kept
                    ? (kept.Rotation, kept.Width, kept.Height)
                    : default);
        AssertRefused(
            facts, ".mkv", "output: a .mkv cannot say that its picture is turned by 90 degrees: let its name end in .mp4 or .mov");

        var vp9 = Make("turned-vp9.mp4", Picture + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8");
        ClipFolder.TurnClockwise(vp9);
        AssertRefused(
            await VideoProbe.ReadAsync(vp9, Limits),
            ".webm",
            "output: a .webm cannot say that its picture is turned by 90 degrees: let its name end in .mp4");
    }

    [Fact]
    public async Task Frames_that_an_edit_list_hides_stay_hidden()
    {
        var whole = Make("whole.mp4", Picture + "-c:v libx264 -bf 2 -g 50");
        ClipFolder.Run("-ss", "1", "-i", whole, "-c", "copy", clips.Path("trimmed.mp4"));
        var facts = await VideoProbe.ReadAsync(clips.Path("trimmed.mp4"), Limits);
        Assert.Equal((25, 1.0), (facts.Frames, facts.Duration.TotalSeconds));
        foreach (var ending in new[] { ".mp4", ".mov" })
        {
            var output = await MuxAsync(clips.Path("trimmed.mp4"), facts, ending);
            Assert.Equal(Shown(clips.Path("trimmed.mp4")), Shown(output));
            Assert.Equal(25, Shown(output).Count);
        }
        AssertRefused(
            facts,
            ".mkv",
            $"output: a .mkv cannot hide the {facts.HiddenFrames} frames that the video's edit list hides: let its name "
            + "end in .mp4 or .mov");
    }

    [Theory]
    [InlineData("hevc.mkv", ".mp4")]
    [InlineData("hevc.mkv", ".mov")]
    [InlineData("hevc.ts", ".mp4")]
    [InlineData("hevc.mp4", ".mov")]
    public async Task HEVC_gets_the_tag_that_all_players_take(string name, string ending)
    {
        var video = Make(name, Picture + "-c:v libx265 -x265-params log-level=none");
        var output = await MuxAsync(video, await VideoProbe.ReadAsync(video, Limits), ending);
        Assert.Equal(
            "hvc1", Probe(output, "stream=codec_tag_string", "v:0").GetProperty("streams")[0].GetProperty("codec_tag_string").GetString());
        Assert.Equal(Shown(video), Shown(output));
        if (!name.EndsWith(".ts", StringComparison.Ordinal))                 // in .ts the packets carry what other headers hold
            Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(output));
    }

    /// <summary>ffmpeg's arguments for a picture, and the extensions of outputs that can hold it.</summary>
    public static TheoryData<string, string> Codecs() => new()
    {
        { "libx264", ".mp4 .mov .mkv" },
        { "libx264 -pix_fmt yuv444p -vf scale=97:65", ".mp4 .mov .mkv" },
        { "libx265 -x265-params log-level=none", ".mp4 .mov .mkv" },
        { "libaom-av1 -cpu-used 8", ".mp4 .mkv .webm" },
        { "libvpx-vp9 -deadline realtime -cpu-used 8", ".mp4 .mkv .webm" },
        { "libvpx -deadline realtime", ".mkv .webm" },
        { "prores_ks", ".mov .mkv" },
        { "prores_ks -pix_fmt yuva444p10le", ".mov .mkv" },
        { "mjpeg", ".mp4 .mov .mkv" },
        { "ffv1", ".mov .mkv" },
        { "ffv1 -pix_fmt bgra", ".mov .mkv" },
        { "mpeg4 -bf 2", ".mp4 .mov .mkv" },
        { "mpeg2video -flags +ildct+ilme -vf tinterlace=interleave_top", ".mp4 .mov .mkv" },
        { "mpeg1video", ".mp4 .mov .mkv" },
        { "png", ".mp4 .mov .mkv" },
        { "jpeg2000", ".mp4 .mov .mkv" },
        { "libtheora", ".mov .mkv" },
        { "wmv2", ".mov .mkv" },
        { "flv", ".mov .mkv" },
        { "huffyuv", ".mov .mkv" },
        { "vc2 -strict -1", ".mkv" },
    };

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_codec_that_the_container_cannot_hold_is_refused_before_with_those_that_can(string codec, string endings)
    {
        var video = Make($"codec {codec.Replace(':', ' ').Replace('/', ' ')}.mkv", Picture + $"-c:v {codec}");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var holding = endings.Split(' ');
        Assert.Equal(holding, Muxer.EndingsFor(facts));
        foreach (var ending in new[] { ".mp4", ".mov", ".mkv", ".webm" })
        {
            if (!holding.Contains(ending))
            {
                AssertRefused(
                    facts,
                    ending,
                    $"output: a {ending} cannot hold {facts.Codec} pictures without re-encoding them: let its name end in ");
                continue;
            }
            Assert.Equal(InShownOrder(video), InShownOrder(await MuxAsync(video, facts, ending)));
        }
        Assert.Equal(
            "output: its name must end in .mp4, .m4v, .mov, .mkv or .webm, or in .wav or .flac for the sound alone, but ends in '.avi'",
            Assert.Throws<InputFault>(() => Muxer.ThrowUnlessHeld(facts, "a.avi")).Message);
    }

    [Theory]
    [InlineData("libvpx -deadline realtime", "160x120", ".webm", ".webm")]
    [InlineData("libvpx-vp9 -deadline realtime -cpu-used 8", "320x240", ".webm", ".webm")]
    [InlineData("libvpx-vp9 -deadline realtime -cpu-used 8", "48x64", ".mkv", ".mp4")]
    [InlineData("libx264", "480x360", ".ts", ".mkv")]
    [InlineData("libx264", "48x64", ".ts", ".mp4")]
    [InlineData("mpeg2video", "48x64", ".ts", ".mkv")]
    public async Task A_picture_that_changes_its_size_is_copied_as_it_is_and_seen_at_its_first_size(
        string codec, string size, string from, string to)
    {
        var first = Make("size-1" + from, Picture + $"-c:v {codec}");
        var second = Make("size-2" + from, Picture.Replace("96x64", size, StringComparison.Ordinal) + $"-c:v {codec}");
        var third = Make("size-3" + from, Picture + $"-c:v {codec}");
        File.WriteAllText(clips.Path("sizes.txt"), $"file '{first}'\nfile '{second}'\nfile '{third}'\n");
        var video = clips.Path($"sizes {size}{from}");
        ClipFolder.Run("-f", "concat", "-safe", "0", "-i", clips.Path("sizes.txt"), "-c", "copy", "file:" + video);

        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal((150, 96, 64), (facts.Frames, facts.Width, facts.Height));
        Assert.Equal(6, facts.Duration.TotalSeconds, 0.0021);
        Assert.Equal(150, await DecodedFramesAsync(video, facts), 1.0);
        Assert.NotEmpty(await Filmstrip.ReadAsync(video, facts, pictures: 6, width: 40, height: 30));
        var output = await MuxAsync(video, facts, to);
        Assert.Equal(150, (await VideoProbe.ReadAsync(output, Limits)).Frames);
        Assert.Equal(Shown(video), Shown(output));
        AssertSoundLastsAsThePicture(output);
    }

    [Fact]
    public async Task Subtitles_fonts_cover_second_video_and_tags_are_kept_where_the_container_can()
    {
        var (video, facts) = await RichAsync();
        Assert.Null(Muxer.LeftOut(facts, "out.mkv"));
        var kept = await MuxAsync(video, facts, ".mkv");
        Assert.Equal(
            ["video h264", "audio aac", "subtitle subrip", "video h264", "attachment f.ttf", "video mjpeg cover.jpg"],
            Streams(kept));
        Assert.Equal(("Clip", "Acme"), (Tag(kept, "title"), Tag(kept, "make")));
        // Matroska has no times below 0, where AAC begins, so all streams shift by the same time
        var start = Packets(kept, "v:0").Min(packet => packet.Time);
        Assert.Equal(Packets(video, "s:0"), Packets(kept, "s:0").Select(packet => packet with { Time = packet.Time - start }));
        Assert.Equal(
            ClipFolder.Run("-i", video, "-map", "0:v:2", "-c", "copy", "-f", "md5", "-"),
            ClipFolder.Run("-i", kept, "-map", "0:v:2", "-c", "copy", "-f", "md5", "-"));

        Assert.Equal("a .mp4 cannot hold font (f.ttf), cover (mjpeg); a .mkv can", Muxer.LeftOut(facts, "out.mp4"));
        var partly = await MuxAsync(video, facts, ".mp4");
        Assert.Equal(["video h264", "audio aac", "subtitle mov_text", "video h264"], Streams(partly));
        Assert.Equal(("Clip", "Acme"), (Tag(partly, "title"), Tag(partly, "make")));
        Assert.Equal([500, 1200], SubtitleMilliseconds(partly));
    }

    [Fact]
    public async Task Subtitles_and_chapters_stay_with_a_picture_that_starts_late()
    {
        File.WriteAllText(clips.Path("late.srt"), "1\n00:00:03,500 --> 00:00:04,000\nlate\n");
        File.WriteAllText(
            clips.Path("late.txt"),
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=3000\nEND=4200\ntitle=one\n"
            + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=4200\nEND=5000\ntitle=two\n");
        var video = Make(
            "late words.mkv",
            $"-itsoffset 3 {Picture}-i {clips.Path("late.srt")} -i {clips.Path("late.txt")} -map 0 -map 1 -map_chapters 2 "
            + "-c:v libx264 -c:s srt -copyts");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal(3, facts.Start.TotalSeconds, 1e-3);
        var output = await MuxAsync(video, facts, ".mp4");
        Assert.Equal("500", string.Join(' ', SubtitleMilliseconds(output)));
        Assert.Equal(
            "0 1.2",
            string.Join(
                ' ',
                Probe(output, "chapter=start_time")
                    .GetProperty("chapters")
                    .EnumerateArray()
                    .Select(chapter => FormattableString.Invariant($"{Seconds(chapter, "start_time"):0.###}"))));
    }

    [Fact]
    public async Task A_cameras_make_model_and_place_are_kept_in_every_container()
    {
        var video = Make("camera.mov", Picture + "-c:v libx264 -movflags use_metadata_tags -metadata com.apple.quicktime.make=Apple "
            + "-metadata com.apple.quicktime.model=Phone "
            + "-metadata com.apple.quicktime.location.ISO6709=+48.1+011.5+520/ -metadata creation_time=2024-05-06T07:08:09Z");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        foreach (var ending in new[] { ".mp4", ".mov", ".mkv" })
        {
            Assert.Null(Muxer.LeftOut(facts, "out" + ending));
            var output = await MuxAsync(video, facts, ending);
            Assert.Equal(("Apple", "Phone", "+48.1+011.5+520/"),
                (
                    Tag(output, "com.apple.quicktime.make"),
                    Tag(output, "com.apple.quicktime.model"),
                    Tag(output, "com.apple.quicktime.location.ISO6709")));
            Assert.StartsWith("2024-05-06T07:08:09", Tag(output, "creation_time"));
        }

        var android = Make(
            "android.mp4",
            Picture + "-c:v libx264 -metadata location=+48.1000+011.5000/ -metadata com.android.version=14 -movflags use_metadata_tags");
        Assert.Equal("+48.1000+011.5000/", Tag(await MuxAsync(android, await VideoProbe.ReadAsync(android, Limits), ".mp4"), "location"));
    }

    [Fact]
    public async Task A_title_stays_where_players_look_for_it_and_a_cover_beside_it()
    {
        ClipFolder.Run("-f", "lavfi", "-i", "color=red:size=64x64", "-frames:v", "1", clips.Path("title.jpg"));
        var video = Make(
            "titled.mp4",
            Picture
                + $"-i {clips.Path("title.jpg")} -map 0 -map 1 -c:v:0 libx264 -c:v:1 copy -disposition:v:1 attached_pic -metadata "
                + "title=Clip -timecode 01:02:03:04");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Null(Muxer.LeftOut(facts, "out.mp4"));
        var output = await MuxAsync(video, facts, ".mp4");
        Assert.Equal("Clip", Tag(output, "title"));
        Assert.Contains("video mjpeg", Streams(output));
        Assert.Contains("©nam", Encoding.Latin1.GetString(File.ReadAllBytes(output)));
        Assert.Contains("data", Streams(output));                            // the time code
        Assert.Equal("a .mov cannot hold cover (mjpeg); a .mp4 or .mkv can", Muxer.LeftOut(facts, "out.mov"));
        Assert.Contains("video mjpeg cover.jpg", Streams(await MuxAsync(video, facts, ".mkv")));
    }

    /// <summary>Each cover that is attached costs a run of ffmpeg, and a file may have thousands.</summary>
    [Fact]
    public async Task Covers_are_attached_up_to_a_limit_and_the_rest_is_named()
    {
        ClipFolder.Run("-f", "lavfi", "-i", "color=red:size=64x64", "-frames:v", "1", clips.Path("many.jpg"));
        var attached = string.Join(' ', Enumerable.Range(0, CoverFiles.Most + 2).Select(i =>
            $"-attach {clips.Path("many.jpg")} -metadata:s:t:{i} mimetype=image/jpeg -metadata:s:t:{i} filename=cover.jpg"));
        var video = Make("many covers.mkv", Picture + "-c:v libx264 " + attached);
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal("a .mkv cannot hold more than 20 covers; a .mp4 can", Muxer.LeftOut(facts, "out.mkv"));
        Assert.Equal(
            CoverFiles.Most, Streams(await MuxAsync(video, facts, ".mkv")).Count(stream => stream == "video mjpeg cover.jpg"));
    }

    [Fact]
    public async Task Transparency_is_kept_or_named()
    {
        var video = Make(
            "alpha.webm",
            "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1,format=yuva420p,colorchannelmixer=aa=0.5 -c:v libvpx-vp9 -deadline "
            + "realtime -cpu-used 8 -pix_fmt yuva420p");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal("a .mp4 cannot hold transparency; a .mkv or .webm can", Muxer.LeftOut(facts, "out.mp4"));
        foreach (var ending in new[] { ".webm", ".mkv" })
        {
            Assert.Null(Muxer.LeftOut(facts, "out" + ending));
            Assert.Equal(Alpha(video), Alpha(await MuxAsync(video, facts, ending)));
        }

        static byte[] Alpha(string path) =>
            ClipFolder.Run("-c:v", "libvpx-vp9", "-i", path, "-map", "0:v", "-vf", "alphaextract", "-f", "md5", "-");
    }

    [Fact]
    public async Task Hostile_labels_are_one_printable_line()
    {
        File.WriteAllText(clips.Path("words.srt"), "1\n00:00:00,000 --> 00:00:01,000\nwords\n");
        File.WriteAllBytes(clips.Path("evil.bin"), [1, 2, 3]);
        ClipFolder.Run(
        [
            .. Picture.Trim().Split(' '),
            "-c:v", "libx264",
            "-attach", clips.Path("evil.bin"),
            "-metadata:s:t", "mimetype=application/octet-stream",
            "-metadata:s:t", "filename=a\u001b[31m\n\u202eb" + new string('x', 5000),
            clips.Path("evil.mkv"),
        ]);
        var line = Muxer.LeftOut(await VideoProbe.ReadAsync(clips.Path("evil.mkv"), Limits), "out.mp4")!;
        Assert.StartsWith("a .mp4 cannot hold attachment (a[31mbxxx", line);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.InRange(line.Length, 40, 200);
    }

    async Task<(string Video, VideoFacts Facts)> RichAsync()
    {
        File.WriteAllText(clips.Path("rich.srt"), "1\n00:00:00,500 --> 00:00:01,000\nhello\n\n2\n00:00:01,200 --> 00:00:01,700\nworld\n");
        File.WriteAllBytes(clips.Path("f.ttf"), [0, 1, 0, 0, 7, 7, 7, 7]);
        ClipFolder.Run("-f", "lavfi", "-i", "color=red:size=64x64", "-frames:v", "1", clips.Path("cover.jpg"));
        var video = Make("rich.mkv", Picture + $"-i {clips.Path("rich.srt")} -f lavfi -i testsrc2=size=64x64:rate=10:duration=2 -map 0 "
            + "-map 1 -map 2 -c:v libx264 -c:s srt -metadata title=Clip -metadata make=Acme "
            + $"-attach {clips.Path("f.ttf")} -metadata:s:t:0 mimetype=font/ttf -attach {clips.Path("cover.jpg")} -metadata:s:t:1 "
            + "mimetype=image/jpeg -metadata:s:t:1 filename=cover.jpg");
        return (video, await VideoProbe.ReadAsync(video, Limits));
    }

    string Make(string name, string arguments)
    {
        foreach (Match encoder in PictureEncoder().Matches(arguments))
            Assert.SkipUnless(
                encoder.Groups[1].Value == "copy" || Encoders.Value.Contains($" {encoder.Groups[1].Value} ", StringComparison.Ordinal),
                $"this ffmpeg has no encoder {encoder.Groups[1].Value}");
        ClipFolder.Run([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "file:" + clips.Path(name)]);
        return clips.Path(name);
    }

    string Joined(string name, params string[] parts)
    {
        File.WriteAllBytes(clips.Path(name), [.. parts.SelectMany(File.ReadAllBytes)]);
        return clips.Path(name);
    }

    /// <summary>Writes the mark of DivX in place of ffmpeg's own name.</summary>
    static void MarkAsPacked(string path)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        var name = EncoderName().Match(text);
        Assert.True(name.Success);
        var mark = "DivX503b" + "1393139313931"[..(name.Length - "DivX503bp".Length)] + "p";
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text.Replace(name.Value, mark, StringComparison.Ordinal)));
    }

    async Task<string> MuxAsync(string video, VideoFacts facts, string ending)
    {
        var output = clips.Path($"{Path.GetFileName(video)}-out{ending}");
        await Muxer.MuxAsync(
            video, facts, Raw(Rewas.Tests.Sound.Sounds.Sine(440, Rate, (int)SoundMix.FramesFor(facts.Duration, Rate))), output);
        return output;
    }

    RawSound Raw(float[] samples)
    {
        var path = clips.Path($"{Guid.NewGuid():N}.f32");
        File.WriteAllBytes(path, System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());
        return new(path, Rate, 1);
    }

    async Task<float[]> MixAsync(string video, VideoFacts facts, V1.OriginalSoundChoice original)
    {
        var samples = new List<float>();
        await foreach (var part in SoundMix.ReadAsync([(Raw(new float[Rate / 10]), 0)], video, facts, original, Rate, 1))
            samples.AddRange(part.ToArray());
        return [.. samples];
    }

    static async Task<int> DecodedFramesAsync(string video, VideoFacts facts)
    {
        var frames = 0;
        await foreach (var _ in FrameReader.ReadAsync(video, facts, Timing))
            frames++;
        return frames;
    }

    static void AssertRefused(VideoFacts facts, string ending, string beginning)
    {
        var fault = Assert.Throws<InputFault>(() => Muxer.ThrowUnlessHeld(facts, "out" + ending));
        Assert.StartsWith(beginning, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    static void AssertSoundLastsAsThePicture(string path)
    {
        var samples =
            ClipFolder.Run("-i", "file:" + path, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", $"{Rate}", "-").Length / sizeof(float);
        var (start, end) = ShownMicroseconds(path);
        // Matroska counts milliseconds; the codec fills its last frame
        Assert.InRange(samples - (end - start) * (Rate / 1e6), -96, 2 * 1024);
    }

    static void AssertEvenlySpaced(string path)
    {
        var times = Shown(path, Times).Select(time => double.Parse(time, CultureInfo.InvariantCulture)).ToList();
        for (var i = 1; i < times.Count; i++)
            Assert.Equal(0.04, times[i] - times[i - 1], 0.0011);
    }

    /// <summary>Digests of all shown frames, in order of display, unscaled and not rotated.</summary>
    static List<string> Shown(string path) => Shown(path, line => line.Split(',')[^1].Trim());

    static string Times(string line) =>
        (long.Parse(line.Split(',')[2], CultureInfo.InvariantCulture) / 90_000.0).ToString(CultureInfo.InvariantCulture);

    static List<string> Shown(string path, Func<string, string> what) =>
    [
        .. Encoding.ASCII.GetString(ClipFolder.Run(
            "-noautorotate",
            "-i",
            "file:" + path,
            "-map",
            "0:v:0",
            "-autoscale",
            "0",
            "-vsync",
            "passthrough",
            "-enc_time_base",
            "1/90000",
            "-f",
            "framemd5",
            "-"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(what),
    ];

    /// <summary>Digests of the picture's packets, in order of display.</summary>
    static List<string> InShownOrder(string path) =>
        [.. Packets(path, "v:0").OrderBy(packet => packet.Time).Select(packet => packet.Digest)];

    /// <summary>Times in seconds, and digests, of the packets that are shown.</summary>
    static List<(decimal Time, decimal Length, string Digest)> Packets(string path, string stream) =>
    [
        .. Probe(path, "packet=pts_time,duration_time,flags,data_hash", stream).GetProperty("packets").EnumerateArray()
            .Where(packet => !packet.GetProperty("flags").GetString()!.Contains('D', StringComparison.Ordinal))
            .Select(packet => (
                Seconds(packet, "pts_time"),
                packet.TryGetProperty("duration_time", out _) ? Seconds(packet, "duration_time") : 0,
                packet.GetProperty("data_hash").GetString()!)),
    ];

    /// <summary>Start of the first frame and end of the last, according to the packets.</summary>
    static (long Start, long End) ShownMicroseconds(string path)
    {
        var packets = Packets(path, "v:0").OrderBy(packet => packet.Time).ToList();
        return ((long)Math.Round(packets[0].Time * 1_000_000), (long)Math.Round((packets[^1].Time + packets[^1].Length) * 1_000_000));
    }

    /// <summary>Samples from the start of the first frame to the click, by the times of decoded frames.</summary>
    static double ClickAfterFirstFrame(string path)
    {
        var sound = Probe(path, "frame=best_effort_timestamp_time", "a:0").GetProperty("frames")[0];
        var picture = Probe(path, "frame=best_effort_timestamp_time", "v:0").GetProperty("frames")[0];
        var samples = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(
            ClipFolder.Run("-i", "file:" + path, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", $"{Rate}", "-").AsSpan()).ToArray();
        return Loudest(samples)
            + (double)(Seconds(sound, "best_effort_timestamp_time") - Seconds(picture, "best_effort_timestamp_time")) * Rate;
    }

    static int Loudest(float[] samples)
    {
        var loudest = 0;
        for (var i = 0; i < samples.Length; i++)
            if (Math.Abs(samples[i]) > Math.Abs(samples[loudest]))
                loudest = i;
        Assert.True(Math.Abs(samples[loudest]) > 0.05, "there is no click");
        return loudest;
    }

    static List<string> Streams(string path) =>
    [
        .. Probe(
            path,
            "stream=codec_type,codec_name:stream_tags=filename").GetProperty("streams").EnumerateArray().Select(stream =>
                string.Join(' ', ((string?[])[
            stream.GetProperty("codec_type").GetString(),
            stream.TryGetProperty("codec_name", out var codec) ? codec.GetString() : null,
            stream.TryGetProperty("tags", out var tags) && tags.TryGetProperty("filename", out var file)
                ? file.GetString()
                : null]).OfType<string>())),
    ];

    static string? Tag(string path, string name) => Probe(path, "format_tags").GetProperty("format").GetProperty("tags").EnumerateObject()
        .Where(tag => tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(tag => tag.Value.GetString()).FirstOrDefault();

    static long[] SubtitleMilliseconds(string path) =>
    [
        .. Probe(path, "packet=pts_time,size", "s:0").GetProperty("packets").EnumerateArray()
            .Where(packet => packet.GetProperty("size").GetString() != "2")      // MP4 fills the time between subtitles with empty packets
            .Select(packet => (long)Math.Round(Seconds(packet, "pts_time") * 1000)),
    ];

    static decimal Seconds(JsonElement element, string name) =>
        decimal.Parse(element.GetProperty(name).GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);

    static JsonElement Probe(string path, string entries, string? stream = null)
    {
        var start = new System.Diagnostics.ProcessStartInfo("ffprobe",
            [
                "-v",
                "error",
                "-of",
                "json",
                "-show_data_hash",
                "md5",
                "-show_entries",
                entries,
                .. stream is null ? (string[])[] : ["-select_streams", stream],
                "file:" + path,
            ])
        { RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonDocument.Parse(answer).RootElement;
    }

    [GeneratedRegex(@"-c:v(?::\d)? (\S+)")]
    private static partial Regex PictureEncoder();

    [GeneratedRegex(@"(?<=\x00\x00\x01\xB2)Lavc[0-9.]+")]
    private static partial Regex EncoderName();
}
