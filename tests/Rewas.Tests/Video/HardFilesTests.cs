using System.Text.RegularExpressions;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

/// <summary>Files that are hard for video tools. Each gets sound exactly as long as its picture, or a reason in one line.</summary>
public sealed partial class HardFilesTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly VideoLimits Limits = new();
    static readonly ClipTiming Timing = new() { FrameSize = 64, ResizeShorterSide = 72 };
    static readonly Lazy<string> Encoders = new(() => System.Text.Encoding.UTF8.GetString(ClipFolder.Run("-encoders")));

    const string Picture = "-f lavfi -i testsrc2=size=96x64:rate=25:duration=2 ";
    const string Sound = "-f lavfi -i sine=duration=2 ";

    /// <summary>Name of the file; arguments that make it; duration of its picture in seconds; extension of the file with sound.</summary>
    public static TheoryData<string, string, double, string> Good() => new()
    {
        {
            "variable rate.mp4",
            "-f lavfi -i testsrc2=size=96x64:rate=30:duration=2 -vf select=lt(n\\,20)+not(mod(n\\,3)) -vsync vfr -c:v libx264 -bf 0",
            57 / 30.0 + 1 / 30.0,
            ".mp4"
        },
        {
            "variable rate.mkv",
            "-f lavfi -i testsrc2=size=96x64:rate=30:duration=2 -vf select=lt(n\\,20)+not(mod(n\\,7)) -vsync vfr -c:v libx264",
            56 / 30.0 + 1 / 30.0,
            ".mkv"
        },
        { "turned by a tag.mp4", Picture + "-c:v libx264 -metadata:s:v rotate=270", 2, ".mp4" },
        {
            "interlaced.ts",
            "-f lavfi -i testsrc2=size=96x64:rate=50:duration=2 -vf tinterlace=interleave_top -c:v mpeg2video -flags +ildct+ilme",
            2,
            ".mkv"
        },
        { "interlaced.mp4", Picture + "-vf tinterlace=interleave_top,setfield=tff -c:v libx264 -flags +ildct+ilme", 2, ".mp4" },
        { "10 bit.mp4", Picture + "-c:v libx264 -pix_fmt yuv420p10le", 2, ".mp4" },
        { "hevc.mp4", Picture + "-c:v libx265 -x265-params log-level=none", 2, ".mp4" },
        { "hevc 10 bit.mkv", Picture + "-c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=none", 2, ".mkv" },
        { "av1.mp4", Picture + "-c:v libaom-av1 -cpu-used 8", 2, ".mp4" },
        { "av1.webm", Picture + "-c:v libaom-av1 -cpu-used 8", 2, ".webm" },
        { "vp9 with alpha.webm", Picture + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuva420p", 2, ".webm" },
        { "vp8 of odd size.webm", "-f lavfi -i testsrc2=size=67x51:rate=25:duration=2 -c:v libvpx -deadline realtime", 2, ".webm" },
        { "odd size.mp4", "-f lavfi -i testsrc2=size=65x49:rate=25:duration=2 -c:v libx264 -pix_fmt yuv444p", 2, ".mp4" },
        { "a tenth of a second.mp4", "-f lavfi -i testsrc2=size=96x64:rate=30:duration=0.1 -c:v libx264", 0.1, ".mp4" },
        { "a tenth of a second at 240.mkv", "-f lavfi -i testsrc2=size=96x64:rate=240:duration=0.1 -c:v libx264", 0.1, ".mkv" },
        { "10 fps.mp4", "-f lavfi -i testsrc2=size=96x64:rate=10:duration=2 -c:v libx264", 2, ".mp4" },
        { "240 fps.mp4", "-f lavfi -i testsrc2=size=96x64:rate=240:duration=1 -c:v libx264", 1, ".mp4" },
        { "film rate.mov", "-f lavfi -i testsrc2=size=96x64:rate=24000/1001 -frames:v 48 -c:v libx264", 48 * 1001 / 24000.0, ".mov" },
        { "no duration.mkv", Picture + "-c:v libx264 -live 1", 2, ".mkv" },
        { "no duration.webm", Picture + "-c:v libvpx -deadline realtime -live 1", 2, ".webm" },
        { "fragments.mp4", Picture + "-c:v libx264 -movflags frag_keyframe+empty_moov", 2, ".mp4" },
        { "starts at 5 s.mkv", Picture + "-c:v libx264 -output_ts_offset 5", 2, ".mkv" },
        { "starts at 1000 s.ts", Picture + "-c:v mpeg2video -output_ts_offset 1000", 2, ".mkv" },
        // an edit list hides 13 frames
        { "starts before 0.mp4", Picture + "-c:v libx264 -bf 2 -output_ts_offset -0.5 -avoid_negative_ts disabled", 1.48, ".mp4" },
        { "decoding starts before 0.mp4", Picture + "-c:v libx264 -bf 2 -movflags negative_cts_offsets", 2, ".mp4" },
        { "b-frames and an edit list.mp4", Picture + "-c:v libx264 -bf 3 -g 50", 2, ".mp4" },
        {
            "two sounds.mkv",
            Picture + Sound + "-f lavfi -i sine=frequency=700:duration=3 -map 0 -map 1 -map 2 -c:v libx264 -c:a flac",
            2,
            ".mkv"
        },
        { "sound longer than picture.mp4", Picture + "-f lavfi -i sine=duration=4 -c:v libx264 -c:a aac", 2, ".mp4" },
        { "sound before picture.mkv", Sound + "-itsoffset 0.7 " + Picture + "-map 0 -map 1 -c:v libx264 -c:a flac", 2, ".mkv" },
        { "wide pixels.mp4", Picture + "-vf setsar=2/1 -c:v libx264", 2, ".mp4" },
        { "motion jpeg.avi", Picture + "-c:v mjpeg -q:v 3", 2, ".mkv" },
        { "prores.mov", Picture + "-c:v prores_ks", 2, ".mov" },
        { "ffv1.mkv", Picture + "-c:v ffv1", 2, ".mkv" },
        { "rgb.mp4", Picture + "-c:v libx264rgb", 2, ".mp4" },
        { "grey.mp4", Picture + "-c:v libx264 -pix_fmt gray", 2, ".mp4" },
        { "b-frames.avi", Picture + "-c:v mpeg4 -bf 2", 2, ".mkv" },
        { "flash.flv", Picture + "-c:v flv", 2, ".mkv" },
        { "theora.ogv", Picture + "-c:v libtheora", 2, ".mkv" },
        { "windows.wmv", Picture + "-c:v wmv2", 2, ".mkv" },
        { "programme stream.mpg", Picture + "-c:v mpeg2video", 2, ".mkv" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Gets_sound_as_long_as_its_picture(string name, string arguments, double seconds, string ending)
    {
        var video = Make(name, arguments);
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal(seconds, facts.Duration.TotalSeconds, 0.0011);          // Matroska and Flash count milliseconds
        var frames = 0;
        await foreach (var _ in FrameReader.ReadAsync(video, facts, Timing))
            frames++;
        Assert.InRange(frames, FrameReader.FramesIn(facts.Duration) - 2, FrameReader.FramesIn(facts.Duration));

        var output = clips.Path("with sound " + name + ending);
        var samples = ClipTiming.SamplesIn(facts.Duration);
        Assert.Equal(seconds * ClipTiming.SampleRate, samples, 18.0);
        await Muxer.MuxAsync(video, facts, Tone(samples), ClipTiming.SampleRate, output);
        Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(output));
        var after = await VideoProbe.ReadAsync(output, Limits);
        Assert.Equal((facts.Frames, true), (after.Frames, after.HasAudio));
        var decoded =
            ClipFolder.Run("-i", "file:" + output, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", "48000", "-").Length / sizeof(float);
        Assert.InRange(decoded, 3 * samples - 3, 3 * samples + 2 * 1024);    // the codec fills its last frame
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "animation.gif", Picture + "-c:v gif", "not a video file" },
        { "still.mp4", Picture + "-frames:v 1 -c:v libx264", "must have at least 2 frames, but has 1" },
        { "sound.mp4", Sound + "-c:a aac", "has sound but no moving picture" },
        {
            "sound with cover.mp4",
            Sound + Picture + "-map 0 -map 1 -frames:v 1 -c:a aac -c:v mjpeg -disposition:v attached_pic",
            "has sound but no moving picture"
        },
        { "thread.mp4", "-f lavfi -i testsrc2=size=640x32:rate=25:duration=1 -c:v libx264", "one side may be at most 10 times the other" },
        { "tiny.mp4", "-f lavfi -i testsrc2=size=8x8:rate=25:duration=1 -c:v libx264", "each side must have at least 16 pixels" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Is_refused_in_one_line(string name, string arguments, string reason)
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => VideoProbe.ReadAsync(Make(name, arguments), Limits));
        Assert.Equal("video", fault.Field);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task Subtitles_longer_than_the_picture_do_not_make_it_longer()
    {
        File.WriteAllText(clips.Path("words.srt"), "1\n00:00:00,000 --> 00:00:05,000\nwords\n");
        var video = Make("subtitles.mkv", Picture + $"-i {clips.Path("words.srt")} -map 0 -map 1 -c:v libx264 -c:s srt");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal(2, facts.Duration.TotalSeconds, 0.0011);
        await Muxer.MuxAsync(
            video, facts, Tone(ClipTiming.SamplesIn(facts.Duration)), ClipTiming.SampleRate, clips.Path("subtitles-out.mp4"));
        Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(clips.Path("subtitles-out.mp4")));
    }

    string Make(string name, string arguments)
    {
        foreach (Match encoder in PictureEncoder().Matches(arguments))
            Assert.SkipUnless(
                Encoders.Value.Contains($" {encoder.Groups[1].Value} ", StringComparison.Ordinal),
                $"this ffmpeg has no encoder {encoder.Groups[1].Value}");
        ClipFolder.Run([.. arguments.Split(' '), "file:" + clips.Path(name)]);
        return clips.Path(name);
    }

    static async IAsyncEnumerable<ReadOnlyMemory<float>> Tone(long samples)
    {
        await Task.Yield();
        yield return Rewas.Tests.Sound.Sounds.Sine(440, ClipTiming.SampleRate, (int)samples);
    }

    [GeneratedRegex(@"-c:v (\S+)")]
    private static partial Regex PictureEncoder();
}
