using Rewas.Clip;
using Rewas.Video;

namespace Rewas.Tests.Video;

public sealed class SceneCutsTests
{
    const int Size = 64, Frames = 200;

    [Fact]
    public void A_cut_is_found_at_its_frame() => Assert.Equal([60, 130], Found(frame => Picture(frame < 60 ? 1 : frame < 130 ? 2 : 3)));

    [Fact]
    public void What_moves_shakes_judders_or_fades_is_no_cut()
    {
        Assert.Empty(Found(frame => Picture(1, offset: 2 * frame)));                                                   // a pan
        Assert.Empty(Found(frame => Picture(1, offset: frame / 3 % 2 * 6)));                                           // a low frame rate
        Assert.Empty(Found(frame => Picture(1, offset: new Random(frame).Next(5))));                                   // a shaking hand
        Assert.Empty(Found(frame => Mixed(Picture(1), Picture(2), Math.Clamp((frame - 80) / 20.0, 0, 1))));            // a dissolve
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_flash_is_no_cut(int frames) =>
        Assert.Empty(Found(frame => frame >= 80 && frame < 80 + frames ? [.. Enumerable.Repeat((byte)250, Size * Size * 3)] : Picture(1)));

    [Fact]
    public void Scenes_are_no_shorter_than_the_shortest()
    {
        const int Shortest = ClipTiming.ShortestScene / ClipTiming.MelFramesPerFrame;
        var cuts = Found(frame => Picture(frame / 9));                       // a cut every 0.36 s
        Assert.True(cuts.Count is > 3 and <= Frames / Shortest, $"{cuts.Count} cuts");
        Assert.All(cuts.Prepend(0).Zip(cuts), pair => Assert.True(pair.Second - pair.First >= Shortest));
    }

    [Fact]
    public void Cuts_are_given_once_and_only_up_to_the_frame_that_is_asked_for()
    {
        var scenes = new SceneCuts(Size);
        for (var frame = 0; frame < Frames; frame++)
            scenes.Add(Picture(frame < 60 ? 1 : frame < 130 ? 2 : 3));
        Assert.Equal([60], scenes.TakeBefore(130));
        Assert.Empty(scenes.TakeBefore(130));
        Assert.Equal([130], scenes.TakeBefore(131));
    }

    static IReadOnlyList<long> Found(Func<int, byte[]> picture)
    {
        var scenes = new SceneCuts(Size);
        for (var frame = 0; frame < Frames; frame++)
            scenes.Add(picture(frame));
        return scenes.TakeBefore(Frames);
    }

    /// <summary>Patches of random colours, shifted left by some pixels.</summary>
    static byte[] Picture(int scene, int offset = 0)
    {
        const int Patch = 8, Columns = 1024;
        var colours = new byte[Columns * (Size / Patch) * 3];
        new Random(scene).NextBytes(colours);
        var picture = new byte[Size * Size * 3];
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
                for (var c = 0; c < 3; c++)
                    picture[(y * Size + x) * 3 + c] = colours[((x + offset) / Patch * (Size / Patch) + y / Patch) * 3 + c];
        return picture;
    }

    static byte[] Mixed(byte[] first, byte[] second, double share) => [.. first.Zip(second, (a, b) => (byte)(a + share * (b - a)))];
}
