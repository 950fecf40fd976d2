using Rewas.Clip;
using Rewas.Rendering.Stereo;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Stereo;

public sealed class PanCurveTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const int Frames = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Sound_follows_a_ball_that_rolls_from_left_to_right_through_a_filmed_scene(ulong seed)
    {
        var scene = new RollingAcross(seed, seconds: 4);
        var path = clips.Path($"across-{seed}.mp4");
        var film = scene.OpenFilm(640, 360);
        await using (var writer = VideoWriter.Create(
            path, film.Width, film.Height, ClipTiming.FrameRate, cancellationToken: TestContext.Current.CancellationToken))
        {
            var frame = new byte[film.FrameBytes];
            for (var i = 0; i < Frames; i++)
            {
                film.Render((double)i / ClipTiming.FrameRate, frame);
                await writer.WriteFrameAsync(frame);
            }
            await writer.CompleteAsync();
        }
        var facts = await VideoProbe.ReadAsync(path, new(), TestContext.Current.CancellationToken);
        var curve = PanCurve.Of(await MotionPlaces.ReadAsync(path, facts, TestContext.Current.CancellationToken));
        AssertRises(curve, scene.IsMirrored ? -1 : 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Sound_follows_drawn_frames(int direction) =>
        AssertRises(PanCurve.Of(Seen(frame => (direction * (0.8 * (2.0 * frame / Frames - 1)), 128))), direction);

    [Fact]
    public void Where_nothing_moves_sound_lies_exactly_in_the_centre()
    {
        var still = PanCurve.Of(Seen(_ => (0.5, 128)));
        var noisy = new Random(2);
        var grain = PanCurve.Of(Seen(_ => (0.5, 128), _ => noisy.Next(-1, 2)));
        foreach (var seconds in Times())
        {
            Assert.Equal(0, still.PlaceAt(seconds));
            Assert.Equal(0, grain.PlaceAt(seconds));
        }
        Assert.Equal(0, PanCurve.Of([]).PlaceAt(1));
    }

    [Fact]
    public void A_cut_a_flash_and_a_moving_camera_have_no_place()
    {
        var random = new Random(4);
        byte[][] pictures =
            [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 64 * 36).Select(_ => (byte)random.Next(256)).ToArray())];
        var places = new MotionPlaces();
        for (var frame = 0; frame < 40; frame++)
            places.Add(pictures[frame / 10]);
        for (var frame = 0; frame < 20; frame++)                             // the whole picture moves by a pixel each frame
            places.Add([.. Enumerable.Range(0, 64 * 36).Select(pixel => pictures[0][pixel / 64 * 64 + (pixel + frame) % 64])]);
        Assert.All(places.All, place => Assert.Equal(default, place));
    }

    [Fact]
    public void After_the_motion_sound_returns_to_the_centre()
    {
        var curve = PanCurve.Of(Seen(frame => (Math.Min(0.8, frame * 0.02), 128)));       // it stands still from frame 40 on
        Assert.True(curve.PlaceAt(1) > 0.1, $"{curve.PlaceAt(1)}");
        Assert.Equal(0, curve.PlaceAt(3.5), 0.001);
    }

    [Fact]
    public void Sound_never_jumps_and_stays_within_its_range()
    {
        var random = new Random(9);
        var curve = PanCurve.Of([.. Enumerable.Range(0, 500).Select(i =>
            new MotionPlace(i / 60 % 2 == 0 ? -1 : 1, random.Next(8) == 0 ? 0 : (float)Math.Exp(8 * random.NextDouble())))]);
        var before = curve.PlaceAt(0);
        for (var seconds = 0.001; seconds < 20; seconds += 0.001)
        {
            var place = curve.PlaceAt(seconds);
            Assert.InRange(place, -PanCurve.MostOfPicture, PanCurve.MostOfPicture);
            Assert.True(Math.Abs(place - before) <= 0.001 * PanCurve.FastestOfPicture + 1e-9, $"{seconds}");
            before = place;
        }
    }

    static void AssertRises(PanCurve curve, int direction)
    {
        double[] places = [.. Times().Select(seconds => direction * curve.PlaceAt(seconds))];
        Assert.True(places[0] < -0.1, $"begins at {places[0]}");
        Assert.True(places[^1] > 0.1, $"ends at {places[^1]}");
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second > pair.First, $"{pair}"));
    }

    /// <summary>From 0.2 s to 3.8 s. At both ends the ball is half out of the picture's motion.</summary>
    static IEnumerable<double> Times() => Enumerable.Range(2, 37).Select(tenth => tenth / 10.0);

    /// <summary>The places of a bright square of 8 pixels before a grey wall.</summary>
    /// <param name="at">Its middle across the picture, -1 to 1, and its light.</param>
    /// <param name="noise">Added to each pixel.</param>
    static IReadOnlyList<MotionPlace> Seen(Func<int, (double Across, int Light)> at, Func<int, int>? noise = null)
    {
        var places = new MotionPlaces();
        for (var frame = 0; frame < Frames; frame++)
        {
            var (across, light) = at(frame);
            var middle = (across + 1) * 32;
            places.Add([.. Enumerable.Range(0, 64 * 36).Select(pixel =>
            {
                var inside = Math.Clamp(4.5 - Math.Abs(pixel % 64 + 0.5 - middle), 0, 1) * (pixel / 64 is >= 14 and < 22 ? 1 : 0);
                return (byte)(60 + light * inside + (noise?.Invoke(pixel) ?? 0));
            })]);
        }
        return places.All;
    }
}
