using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Filming;

namespace Rewas.Tests.Evaluation.Scenes;

public class ScenePictureTests
{
    const int Size = 48;

    public static TheoryData<string> ImpactKinds =>
    [
        "ball",
        "hammer",
        "drip",
        "footsteps",
        "drum",
        "bell",
        "clock",
        "typing",
        "clapping",
        "glass",
        "rolling",
        "door",
        "waves",
        "fireworks",
        "train",
        "thunder",
    ];

    public static TheoryData<string> ContinuousKinds => ["rain", "engine", "sawing", "stream", "wind", "fire", "vehicle", "rotor"];

    [Theory, MemberData(nameof(ImpactKinds))]
    public void The_picture_moves_where_an_event_happens(string kind)
    {
        for (var seed = 0UL; seed < 5; seed++)
        {
            var scene = SceneCatalog.Create(kind, seed);
            var film = scene.OpenFilm(Size, Size);
            foreach (var (time, _) in scene.Events.Where(e => e.Strength > 0.3).Take(2))
                Assert.True(Change(film, time - 0.06, time) > 0.05, $"{kind} {seed} stands still at {time:F2} s");
        }
    }

    [Theory, MemberData(nameof(ContinuousKinds))]
    public void The_picture_moves_more_where_it_is_louder(string kind)
    {
        double loud = 0, quiet = 0;
        for (var seed = 0UL; seed < 8; seed++)
        {
            var scene = SceneCatalog.Create(kind, seed);
            var film = scene.OpenFilm(Size, Size);
            var times = scene.Events.Skip(2).OrderBy(e => e.Strength).Select(e => e.TimeSeconds).ToArray();
            foreach (var i in Enumerable.Range(0, 4))
            {
                quiet += Change(film, times[i], times[i] + 0.04);
                loud += Change(film, times[^(i + 1)], times[^(i + 1)] + 0.04);
            }
        }
        Assert.True(loud > 1.5 * quiet, $"mean change {loud / 32:F2} at loud times, {quiet / 32:F2} at quiet ones");
    }

    [Fact]
    public void A_frame_is_neither_black_nor_white()
    {
        foreach (var kind in SceneCatalog.Kinds)
        {
            for (var seed = 0UL; seed < 5; seed++)
            {
                var frame = new byte[Size * Size * 3];
                SceneCatalog.Create(kind, seed).OpenFilm(Size, Size).Render(2, frame);
                var mean = frame.Average(b => (double)b);
                Assert.InRange(mean, 15, 240);
                Assert.InRange(Math.Sqrt(frame.Average(b => (b - mean) * (b - mean))), 4, 128);
            }
        }
    }

    [Fact]
    public void A_wide_film_shows_the_same_scene()
    {
        var scene = SceneCatalog.Create("hammer", 2);
        byte[] square = new byte[36 * 36 * 3], wide = new byte[64 * 36 * 3];
        scene.OpenFilm(36, 36).Render(1, square);
        scene.OpenFilm(64, 36).Render(1, wide);

        double difference = 0;
        for (var y = 0; y < 36; y++)
        {
            for (var x = 0; x < 36 * 3; x++)
                difference += Math.Abs(square[y * 36 * 3 + x] - wide[y * 64 * 3 + 14 * 3 + x]);
        }
        Assert.InRange(difference / square.Length, 0, 12);                 // levels: noise and vignetting differ
    }

    /// <summary>Mean absolute difference of two frames, levels of 255.</summary>
    static double Change(Film film, double before, double after)
    {
        byte[] first = new byte[film.FrameBytes], second = new byte[film.FrameBytes];
        film.Render(before, first);
        film.Render(after, second);
        return first.Zip(second, (a, b) => Math.Abs(a - b)).Average();
    }
}
