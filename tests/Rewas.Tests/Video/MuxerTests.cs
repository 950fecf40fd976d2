using System.Runtime.CompilerServices;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Tests.Video;

public sealed class MuxerTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly VideoLimits Limits = new();

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("a.mov")]
    [InlineData("a.mkv")]
    [InlineData("-a b.mp4")]
    public async Task The_picture_is_copied_and_the_sound_is_as_long(string name)
    {
        var video = clips.Plain("silent.mp4");
        var (facts, output) = (await VideoProbe.ReadAsync(video, Limits), clips.Path("out" + name));
        await Muxer.MuxAsync(video, facts, Sine(facts), ClipTiming.SampleRate, output);
        Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(output));
        AssertSoundLasts(output, facts.Duration);
        var result = await VideoProbe.ReadAsync(output, Limits);
        Assert.Equal((facts.Frames, true), (result.Frames, result.HasAudio));
        Assert.Equal(facts.Duration.TotalSeconds, result.Duration.TotalSeconds, 1e-3);
    }

    [Fact]
    public async Task The_sound_may_come_from_a_WAV_file()
    {
        var video = clips.Plain("silent-wav.mp4");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        await WavFile.WriteAsync(
            clips.Path("tone.wav"), new([.. (await Sine(facts).ToListAsync()).SelectMany(part => part.ToArray())], ClipTiming.SampleRate));
        await Muxer.MuxAsync(video, facts, clips.Path("tone.wav"), clips.Path("from-wav.mp4"));
        Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(clips.Path("from-wav.mp4")));
        AssertSoundLasts(clips.Path("from-wav.mp4"), facts.Duration);
    }

    [Fact]
    public async Task WebM_gets_Opus()
    {
        var video = clips.Make("silent.webm", "testsrc2=size=64x64:rate=25:duration=1", "-c:v", "libvpx", "-deadline", "realtime");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        await Muxer.MuxAsync(video, facts, Sine(facts), ClipTiming.SampleRate, clips.Path("out.webm"));
        Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(clips.Path("out.webm")));
        AssertSoundLasts(clips.Path("out.webm"), facts.Duration);
    }

    [Fact]
    public async Task Rotation_is_kept()
    {
        var video = clips.Plain("turned.mp4");
        ClipFolder.TurnClockwise(video);
        var facts = await VideoProbe.ReadAsync(video, Limits);
        await Muxer.MuxAsync(video, facts, Sine(facts), ClipTiming.SampleRate, clips.Path("turned-out.mp4"));
        var result = await VideoProbe.ReadAsync(clips.Path("turned-out.mp4"), Limits);
        Assert.Equal((96, 128, 90), (result.Width, result.Height, result.Rotation));
    }

    [Fact]
    public async Task The_old_sound_is_replaced_and_both_streams_begin_together()
    {
        var video = clips.Make(
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
        var facts = await VideoProbe.ReadAsync(video, Limits);
        await Muxer.MuxAsync(video, facts, Sine(facts), ClipTiming.SampleRate, clips.Path("late-out.mkv"));
        var result = await VideoProbe.ReadAsync(clips.Path("late-out.mkv"), Limits);
        Assert.Equal(0, result.StartOffset.TotalSeconds, 0.025);             // the encoder's priming may come before
        AssertSoundLasts(clips.Path("late-out.mkv"), facts.Duration);
    }

    [Fact]
    [Trait(SharedData.Trait, SharedData.Category)]
    public async Task A_published_clip_keeps_its_picture()
    {
        var video = SharedData.Require("data/videos/basketball_bounce.mp4");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        Assert.Equal((1280, 720, "h264", false), (facts.Width, facts.Height, facts.Codec, facts.HasAudio));
        Assert.Equal(29.97, facts.FrameRate, 0.01);
        await Muxer.MuxAsync(video, facts, Sine(facts), ClipTiming.SampleRate, clips.Path("bounce.mp4"));
        Assert.Equal(ClipFolder.PictureDigest(video), ClipFolder.PictureDigest(clips.Path("bounce.mp4")));
        AssertSoundLasts(clips.Path("bounce.mp4"), facts.Duration);
    }

    [Fact]
    public async Task A_source_that_fails_leaves_nothing()
    {
        var video = clips.Plain("failing.mp4");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(
            () => Muxer.MuxAsync(video, facts, Failing(), ClipTiming.SampleRate, clips.Path("failed-out.mp4")));
        AssertNothingOf("failed-out");

        static async IAsyncEnumerable<ReadOnlyMemory<float>> Failing()
        {
            yield return new float[16_000];
            await Task.Yield();
            throw new TimeZoneNotFoundException();
        }
    }

    [Fact]
    public async Task Cancellation_leaves_nothing()
    {
        var video = clips.Plain("cancelled.mp4");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Muxer.MuxAsync(video, facts, Endless(cancel), ClipTiming.SampleRate, clips.Path("cancelled-out.mp4"), cancel.Token));
        AssertNothingOf("cancelled-out");
        FrameReaderTests.AssertNoProcessNames(video);

        static async IAsyncEnumerable<ReadOnlyMemory<float>> Endless(
            CancellationTokenSource cancel, [EnumeratorCancellation] CancellationToken token = default)
        {
            for (var part = 0; ; part++)
            {
                token.ThrowIfCancellationRequested();
                yield return new float[1600];
                if (part == 10)
                    await cancel.CancelAsync();
            }
        }
    }

    [Fact]
    public async Task What_was_there_before_a_failure_is_untouched()
    {
        var video = clips.Plain("h264.mp4");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        File.WriteAllText(clips.Path("precious.webm"), "precious");
        await Fails(
            FaultKind.Invalid,
            "output: a .webm cannot hold h264 pictures without re-encoding them: let its name end in .mp4, .mov or .mkv",
            video,
            facts,
            clips.Path("precious.webm"));
        Assert.Equal("precious", File.ReadAllText(clips.Path("precious.webm")));
        Assert.Empty(Directory.GetFiles(clips.Root, ".*.partial.webm"));
    }

    [Fact]
    public async Task Rejects_an_impossible_output()
    {
        var video = clips.Plain("good.mp4");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        await Fails(
            FaultKind.Invalid,
            "output: its name must end in .mp4, .m4v, .mov, .mkv or .webm, or in .wav or .flac for the sound alone, but ends in '.exe'",
            video,
            facts,
            clips.Path("a.exe"));
        await Fails(FaultKind.Invalid, "output: must not be the video itself", video, facts, video);
        await Fails(
            FaultKind.NotFound, $"output: folder '{clips.Path("nowhere")}' does not exist", video, facts, clips.Path("nowhere/a.mp4"));
        Directory.CreateDirectory(clips.Path("folder.mp4"));
        await Fails(
            FaultKind.Invalid, $"output: '{clips.Path("folder.mp4")}' is a directory, not a file", video, facts, clips.Path("folder.mp4"));
    }

    [Fact]
    public async Task Frames_are_written_as_a_video_that_is_read_back()
    {
        var output = clips.Path("written.mp4");
        await WavFile.WriteAsync(clips.Path("written.wav"), new(new float[16_000], 16_000));
        await using (var writer = VideoWriter.Create(output, 64, 48, 25, constantRateFactor: 10, clips.Path("written.wav")))
        {
            for (var i = 0; i < 25; i++)
                await writer.WriteFrameAsync(Enumerable.Repeat((byte)(i * 10), 64 * 48 * 3).ToArray());
            Assert.False(File.Exists(output));
            await writer.CompleteAsync();
        }
        var facts = await VideoProbe.ReadAsync(output, Limits);
        Assert.Equal((25, 64, 48, true), (facts.Frames, facts.Width, facts.Height, facts.HasAudio));
        var index = 0;
        await foreach (var frame in FrameReader.ReadAsync(output, facts, new ClipTiming { FrameSize = 32, ResizeShorterSide = 48 }))
            Assert.Equal(index++ * 10, frame.Span[0], 6.0);
        Assert.Equal(25, index);
    }

    [Fact]
    public async Task A_video_that_is_not_completed_leaves_nothing()
    {
        await using (var writer = VideoWriter.Create(clips.Path("unfinished.mp4"), 64, 48, 25))
            await writer.WriteFrameAsync(new byte[64 * 48 * 3]);
        AssertNothingOf("unfinished");
    }

    static async Task Fails(FaultKind kind, string message, string video, VideoFacts facts, string output)
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => Muxer.MuxAsync(video, facts, Sine(facts), ClipTiming.SampleRate, output));
        Assert.Equal((kind, message), (fault.Kind, fault.Message));
    }

    static async IAsyncEnumerable<ReadOnlyMemory<float>> Sine(VideoFacts facts)
    {
        var wave = Rewas.Tests.Sound.Sounds.Sine(440, ClipTiming.SampleRate, (int)ClipTiming.SamplesIn(facts.Duration));
        for (var start = 0; start < wave.Length; start += 5_000)
        {
            await Task.Yield();
            yield return wave.AsMemory(start, Math.Min(5_000, wave.Length - start));
        }
    }

    /// <summary>Decoded sound is at least as long as the picture, and longer by less than two codec frames.</summary>
    static void AssertSoundLasts(string path, TimeSpan duration)
    {
        var seconds =
            ClipFolder.Run("-i", "file:" + path, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", "48000", "-").Length / 4 / 48_000.0;
        Assert.InRange(seconds, duration.TotalSeconds - 1.0 / 16_000, duration.TotalSeconds + 0.043);
    }

    void AssertNothingOf(string name)
    {
        Assert.Empty(Directory.GetFiles(clips.Root, $"{name}*"));
        Assert.Empty(Directory.GetFiles(clips.Root, ".*partial*"));
    }
}
