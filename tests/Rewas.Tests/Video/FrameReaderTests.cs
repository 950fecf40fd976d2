using System.Diagnostics;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

public sealed class FrameReaderTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const int Side = 32;
    static readonly ClipTiming Timing = new()
    {
        FrameSize = Side,
        ResizeShorterSide = 36,
        FirstFrame = 0,
        SegmentsPerWindow = 15,
        TokenLayout = TokenLayout.TrueTimes,
    };
    static readonly VideoLimits Limits = new();

    /// <summary>Frame N of this source is grey of luma 30 + 4 N.</summary>
    const string GreyRamp = "nullsrc=size=64x64:rate=10:duration=4,geq=lum='30+4*N':cb=128:cr=128";

    [Theory]
    [InlineData("30", 60, 50)]
    [InlineData("30000/1001", 60, 50)]
    [InlineData("60", 30, 13)]
    [InlineData("10", 10, 25)]
    public async Task Any_frame_rate_becomes_25(string rate, int frames, int expected)
    {
        var clip =
            clips.Make($"rate{rate.Length}-{frames}.mp4", $"testsrc2=size=64x48:rate={rate}", "-frames:v", $"{frames}", "-c:v", "libx264");
        Assert.Equal(expected, (await Frames(clip)).Count);
    }

    [Theory]
    [InlineData("127x95")]
    [InlineData("95x127")]
    [InlineData("720x98")]
    [InlineData("36x36")]
    public async Task Any_size_becomes_the_square_that_the_network_sees(string size)
    {
        var clip = clips.Make($"size-{size}.mkv", $"testsrc2=size={size}:rate=25:duration=0.2", "-c:v", "ffv1");
        Assert.All(await Frames(clip), frame => Assert.Equal(Side * Side * 3, frame.Length));
    }

    [Fact]
    public async Task Frames_that_come_at_varying_times_are_shown_at_their_times()
    {
        int[] kept = [0, 1, 2, 8, 9, 20, 21, 23, 39];
        var select = string.Join('+', kept.Select(n => $"eq(n\\,{n})"));
        var clip = clips.Make("vfr.mkv", $"{GreyRamp},select='{select}'", "-vsync", "vfr", "-c:v", "libx264", "-qp", "4");
        var facts = await VideoProbe.ReadAsync(clip, Limits);
        Assert.Equal(kept.Length, facts.Frames);
        var frames = await Frames(clip);
        for (var i = 0; i < 98; i++)
        {
            var shown = kept.Last(n => (int)Math.Round(n * 2.5, MidpointRounding.AwayFromZero) <= i);
            Assert.Equal((14 + 4 * shown) * 255 / 219.0, frames[i][Side * Side / 2 * 3], 4.0);
        }
    }

    [Fact]
    public async Task The_first_frame_is_the_pictures_own_even_if_sound_begins_earlier()
    {
        var clip = clips.Make(
            "late.mkv",
            "sine=duration=2",
            "-itsoffset",
            "0.7",
            "-f",
            "lavfi",
            "-i",
            $"{GreyRamp},trim=end=2",
            "-c:v",
            "libx264",
            "-qp",
            "4",
            "-c:a",
            "flac");
        var frames = await Frames(clip);
        Assert.Equal(50, frames.Count);
        Assert.Equal(14 * 255 / 219.0, frames[0][0], 4.0);
        Assert.Equal((14 + 4 * 10) * 255 / 219.0, frames[25][0], 4.0);
    }

    [Fact]
    public async Task A_clip_that_was_trimmed_without_encoding_begins_where_it_was_trimmed()
    {
        clips.Make("untrimmed.mp4", GreyRamp, "-c:v", "libx264", "-qp", "4", "-g", "40", "-bf", "2");
        ClipFolder.Run("-ss", "1", "-i", clips.Path("untrimmed.mp4"), "-c", "copy", clips.Path("trimmed.mp4"));
        var facts = await VideoProbe.ReadAsync(clips.Path("trimmed.mp4"), Limits);
        Assert.Equal((TimeSpan.FromSeconds(3), 30), (facts.Duration, facts.Frames));
        var frames = await Frames(clips.Path("trimmed.mp4"));
        Assert.Equal(75, frames.Count);
        Assert.Equal((14 + 4 * 10) * 255 / 219.0, frames[0][0], 4.0);
    }

    [Fact]
    public async Task Rotation_is_applied()
    {
        var clip = clips.Make(
            "halves.mp4",
            "color=red:size=64x64:rate=25:duration=0.4[l];color=blue:size=64x64:rate=25:duration=0.4[r];[l][r]hstack",
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p");
        ClipFolder.TurnClockwise(clip);
        var frame = (await Frames(clip))[5];                                 // what was on the left is now on top
        var (above, below) = (
            frame.AsSpan((4 * Side + Side / 2) * 3, 3).ToArray(), frame.AsSpan(((Side - 5) * Side + Side / 2) * 3, 3).ToArray());
        Assert.True(above[0] > 200 && above[2] < 50, $"above {string.Join(',', above)}");
        Assert.True(below[2] > 200 && below[0] < 50, $"below {string.Join(',', below)}");
    }

    [Fact]
    public async Task Interlaced_pictures_are_deinterlaced()
    {
        var clip = clips.Make(
            "fields.ts", "testsrc2=size=128x96:rate=50:duration=1,interlace", "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1");
        Assert.True((await VideoProbe.ReadAsync(clip, Limits)).Interlaced);
        Assert.InRange((await Frames(clip)).Count, 24, 25);
    }

    [Fact]
    public async Task A_file_cut_after_it_was_probed_is_a_fault()
    {
        var clip = clips.Make("cut-later.mp4", "testsrc2=size=128x96:rate=30:duration=4", "-c:v", "libx264", "-movflags", "+faststart");
        var facts = await VideoProbe.ReadAsync(clip, Limits);
        var cut = clips.Truncated(clip, "cut-later-half.mp4", 0.5);
        var fault = await Assert.ThrowsAsync<InputFault>(async () =>
        {
            await foreach (var _ in FrameReader.ReadAsync(cut, facts, Timing))
            {
            }
        });
        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.StartsWith("video: truncated or damaged: 100 frames at 25 per second were expected, but ", fault.Message);
    }

    [Fact]
    public async Task Cancellation_leaves_no_process()
    {
        var clip = clips.Make("endless.mkv", "testsrc2=size=320x240:rate=25:duration=20", "-c:v", "libx264", "-preset", "ultrafast");
        var facts = await VideoProbe.ReadAsync(clip, Limits);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in FrameReader.ReadAsync(clip, facts, Timing, cancel.Token))
                cancel.Cancel();
        });
        AssertNoProcessNames(clip);
    }

    [Fact]
    public async Task A_consumer_that_stops_early_leaves_no_process()
    {
        var clip = clips.Make("stopped.mkv", "testsrc2=size=320x240:rate=25:duration=20", "-c:v", "libx264", "-preset", "ultrafast");
        await foreach (var _ in FrameReader.ReadAsync(clip, await VideoProbe.ReadAsync(clip, Limits), Timing))
            break;
        AssertNoProcessNames(clip);
    }

    [Fact]
    public void Normalisation_takes_bytes_to_minus_one_to_one_in_planes()
    {
        var clip = new float[3 * 2 * 2];                                     // [3, 2 frames, 1, 2]
        FrameNormalisation.Write([0, 255, 51, 255, 0, 204], clip, frame: 1, frames: 2);
        Assert.Equal(new float[] { 0, 0, -1, 1, 0, 0, 1, -1, 0, 0, -0.6f, 0.6f }, clip.Select(v => MathF.Round(v, 6)));
    }

    static async Task<List<byte[]>> Frames(string path)
    {
        var frames = new List<byte[]>();
        await foreach (var frame in FrameReader.ReadAsync(path, await VideoProbe.ReadAsync(path, Limits), Timing))
            frames.Add(frame.ToArray());
        return frames;
    }

    internal static void AssertNoProcessNames(string path)
    {
        foreach (var process in Process.GetProcessesByName("ffmpeg"))
            Assert.DoesNotContain(path, CommandLine(process.Id));
    }

    static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)                                                  // the process has ended
        {
            return "";
        }
    }
}
