using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Filming;

namespace Rewas.Tests.Evaluation.Scenes;

public class SceneCatalogTests
{
    public static TheoryData<string> Kinds => [.. SceneCatalog.Kinds];

    [Fact]
    public void Has_the_six_kinds_of_the_embedded_bundle()
    {
        Assert.Equal(["ball", "hammer", "drip", "rain", "engine", "footsteps"], SceneCatalog.Basic);
        Assert.Subset(SceneCatalog.Kinds.ToHashSet(), SceneCatalog.Basic.ToHashSet());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_bytes(string kind)
    {
        var first = Render(kind, 7, 32);
        var second = Render(kind, 7, 32);

        Assert.Equal(first.Frames, second.Frames);
        Assert.Equal(first.Wave, second.Wave);
        Assert.Equal(first.Events, second.Events);
        Assert.Equal(first.Caption, second.Caption);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Another_seed_gives_another_scene(string kind)
    {
        var first = Render(kind, 7, 32);
        var second = Render(kind, 8, 32);

        Assert.NotEqual(first.Frames, second.Frames);
        Assert.NotEqual(first.Events, second.Events);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Lengths_peak_and_mean_are_as_promised(string kind)
    {
        for (var seed = 0UL; seed < 3; seed++)
        {
            var clip = Render(kind, seed, 16);

            Assert.Equal(128 * 16 * 16 * 3, clip.Frames.Length);
            Assert.Equal(81_920, clip.Wave.Length);
            Assert.InRange(clip.Wave.Max(Math.Abs), 0.02f, 0.9f);
            Assert.InRange(clip.Wave.Average(), -1e-4, 1e-4);
            Assert.Contains(clip.Caption, clip.Captions);
            Assert.All(clip.Captions, caption => Assert.InRange(caption.Split(' ').Length, 2, 10));
            Assert.All(clip.Events, e => Assert.True(e.TimeSeconds is >= 0 and < 5.12 && e.Strength is >= 0 and <= 1));
            Assert.Equal(clip.Events.OrderBy(e => e.TimeSeconds), clip.Events);
        }
    }

    [Fact]
    public void The_picture_does_not_depend_on_whether_the_sound_was_rendered_before()
    {
        var quiet = SceneCatalog.Create("rain", 3);
        var heard = SceneCatalog.Create("rain", 3);
        heard.RenderWave();

        Assert.Equal(FrameAt(quiet, 1.0), FrameAt(heard, 1.0));
    }

    [Fact]
    public void Seeds_choose_all_kinds()
    {
        var chosen = Enumerable.Range(0, 100 * SceneCatalog.Kinds.Count)
            .Select(seed => SceneCatalog.KindOf((ulong)seed, SceneCatalog.Kinds))
            .Distinct();

        Assert.Equal(SceneCatalog.Kinds.Order(), chosen.Order());
    }

    [Fact]
    public void A_long_scene_has_as_many_frames_and_samples_as_its_length_asks()
    {
        var (scene, frames) = SceneCatalog.RenderLong("hammer", 1, 64, 36, 7.3, 30);

        Assert.Equal(219, frames.Count());
        Assert.All(frames.Take(2), frame => Assert.Equal(64 * 36 * 3, frame.Length));
        Assert.Equal(116_800, scene.RenderWave().Length);
    }

    [Fact]
    public void An_unknown_kind_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => SceneCatalog.Create("opera", 1));

        Assert.Contains("'opera'", error.Message, StringComparison.Ordinal);
    }

    static byte[] FrameAt(Scene scene, double time)
    {
        var film = scene.OpenFilm(32, 32);
        var frame = new byte[film.FrameBytes];
        film.Render(time, frame);
        return frame;
    }

    static Clip Render(string kind, ulong seed, int frameSize)
    {
        var scene = SceneCatalog.Create(kind, seed);
        return new(scene.Caption, scene.Captions, SceneCatalog.RenderFrames(scene, frameSize), scene.RenderWave(), scene.Events);
    }

    /// <summary>One window of a scene with everything that is known about it.</summary>
    sealed record Clip(string Caption, IReadOnlyList<string> Captions, byte[] Frames, float[] Wave, IReadOnlyList<SoundEvent> Events);
}
