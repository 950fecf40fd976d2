using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

public sealed class VideoCutTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    /// <summary>The picture is as bright as its number: frame n has the luma 16 + 3 n.</summary>
    [Theory]
    [InlineData("cut.mov", "24000/1001", 7, 2)]
    [InlineData("cut.mkv", "30000/1001", 0, 60)]
    [InlineData("cut.mp4", "25", 31, 29)]
    [InlineData("cut.webm", "60000/1001", 59, 1)]
    public async Task It_has_exactly_the_chosen_frames(string name, string rate, int first, int frames)
    {
        frames = Math.Max(2, frames);
        first = Math.Min(first, 60 - frames);
        string[] codec = name.EndsWith(".webm", StringComparison.Ordinal)
            ? ["-c:v", "libvpx-vp9", "-lossless", "1"] : ["-c:v", "libx264", "-qp", "0", "-g", "12", "-bf", "2"];
        var path = clips.Make(
            name, $"nullsrc=size=64x48:rate={rate},geq=lum='16+3*N':cb=128:cr=128,format=yuv420p", ["-frames:v", "60", .. codec]);
        var facts = await VideoProbe.ReadAsync(path, new(), TestContext.Current.CancellationToken);
        var output = clips.Path($"{name}.cut.mp4");
        await VideoCut.WriteAsync(path, facts, first, frames, output, TestContext.Current.CancellationToken);

        var cut = await VideoProbe.ReadAsync(output, new(), TestContext.Current.CancellationToken);
        Assert.Equal((frames, facts.Rate), (cut.Frames, cut.Rate));
        Assert.InRange(cut.Duration.Ticks, facts.Rate.TimeAt(frames).Ticks - 1, facts.Rate.TimeAt(frames).Ticks + 1);
        var pictures = ClipFolder.Run("-i", output, "-vf", "scale=1:1", "-f", "rawvideo", "-pix_fmt", "gray", "-");
        var source = ClipFolder.Run("-i", path, "-vf", "scale=1:1", "-f", "rawvideo", "-pix_fmt", "gray", "-");
        Assert.Equal(frames, pictures.Length);
        for (var i = 0; i < frames; i++)
            Assert.InRange(pictures[i], source[first + i] - 1, source[first + i] + 1);
    }

    [Fact]
    public async Task Frames_that_the_video_does_not_have_are_refused()
    {
        var path = clips.Plain("short.mp4");
        var facts = await VideoProbe.ReadAsync(path, new(), TestContext.Current.CancellationToken);
        foreach (var (first, frames) in new[] { (-1L, 10L), (0, 61), (59, 2), (3, 1) })
        {
            var fault = await Assert.ThrowsAsync<InputFault>(
                () => VideoCut.WriteAsync(path, facts, first, frames, clips.Path("none.mp4"), TestContext.Current.CancellationToken));
            Assert.StartsWith("video: has frames 0 to 59", fault.Message, StringComparison.Ordinal);
        }
    }
}
