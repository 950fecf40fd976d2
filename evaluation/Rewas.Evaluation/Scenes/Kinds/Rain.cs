using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>Rain in gusts. The number of streaks and splashes follows the loudness of the noise.</summary>
sealed class Rain : Scene
{
    public const string Name = "rain";

    const int Streaks = 260, Splashes = 70;

    enum Surface
    {
        Roof,
        Leaves,
        Street,
    }

    readonly IntensityCurve intensity;
    readonly Surface surface;
    readonly float ground, slant, roofTop, speed, thickness;
    readonly Backdrop backdrop;
    readonly Vector4 drop, cover;
    readonly Streak[] streaks;

    public Rain(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        intensity = new IntensityCurve(random, seconds, 0.6, 1.7);
        surface = random.Pick(Surface.Roof, Surface.Leaves, Surface.Street);
        Events = SampleLoudness();

        var picture = Random("picture");
        ground = picture.Between(0.22f, 0.36f);
        slant = picture.Between(-0.35f, 0.35f);
        roofTop = picture.Between(-0.1f, 0.1f);
        speed = picture.Between(1.4f, 2.6f);
        thickness = picture.Between(0.006f, 0.013f);
        backdrop = new Backdrop(picture, ground, surface == Surface.Street ? Ground.Stone : Ground.Earth, dark: picture.Chance(0.6));
        drop = Colour.Hsv(0.58, picture.Between(0, 0.2), picture.Between(0.8, 1));
        cover = surface == Surface.Leaves
            ? Colour.Hsv(picture.Between(0.22, 0.4), picture.Between(0.4, 0.8), picture.Between(0.25, 0.6))
            : Colour.Hsv(picture.Between(0, 0.1), picture.Between(0.1, 0.7), picture.Between(0.25, 0.6));
        streaks = new Streak[Streaks];
        for (var i = 0; i < Streaks; i++)
            streaks[i] = new Streak(
                (i + picture.Between(0f, 1f)) / Streaks,
                picture.Between(-1.2f, 1.2f),
                picture.Between(0f, 1f),
                picture.Between(0.8f, 1.25f));
        Captions = surface switch
        {
            Surface.Roof => [
                "rain on a roof",
                "steady rain drumming on a tin roof",
                "heavy rain falling on a house",
                "rain pattering on a metal roof",
                "bursts of rain on the roof",
            ],
            Surface.Leaves => [
                "rain falling on leaves",
                "rain in the bushes",
                "a rain shower in a forest",
                "rain rustling on foliage",
                "raindrops hitting leaves",
            ],
            _ => [
                "rain on the street",
                "heavy rain on pavement",
                "a rain shower on concrete",
                "pouring rain splashing on the ground",
                "rain falling outside",
            ],
        };
    }

    public override double Loudness(double time) => Math.Pow(intensity.At(time), 1.4);

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        if (surface == Surface.Roof)
        {
            canvas.Fill(
                new Box(new Vector2(0.05f, 0.5f * (roofTop + ground) + 0.1f), new Vector2(0.3f, 0.5f * (ground - roofTop))),
                cover.Shade(1.6f));
            canvas.Fill(new Box(new Vector2(0.15f, roofTop + 0.25f), new Vector2(0.05f, 0.06f)), new Vector4(0.9f, 0.7f, 0.3f, 1));
            for (var course = 0; course < 7; course++)
                canvas.Line(
                    new Vector2(0.05f - 0.065f * course, roofTop + 0.025f * course),
                    new Vector2(0.05f + 0.065f * course, roofTop + 0.025f * course),
                    0.03f,
                    cover.Shade(1 - 0.05f * course));
        }
        else if (surface == Surface.Leaves)
        {
            var random = Random("leaves");
            for (var i = 0; i < 90; i++)
            {
                var at = new Vector2(random.Between(-0.9f, 0.9f), roofTop + 0.12f + 0.4f * MathF.Pow((float)random.Unit(), 0.7f));
                canvas.Fill(
                    new Ellipse(at, new Vector2(random.Between(0.03f, 0.07f), random.Between(0.015f, 0.04f))),
                    cover.Shade(random.Between(0.5f, 1.5f)));
            }
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var level = (float)intensity.At(time);
        canvas.Fill(new Box(Vector2.Zero, new Vector2(2, 2)), drop.Shade(0.5f).WithAlpha(0.22f * level * level));
        foreach (var streak in streaks)
        {
            // Each streak appears above its own threshold of intensity, so the density follows the level.
            var visible = Math.Clamp((level - streak.Threshold) * 12, 0, 1);
            if (visible <= 0)
                continue;
            var v = speed * streak.Speed;
            var fallen = (float)((time * v / 1.4 + streak.Phase) % 1.0);
            var at = new Vector2(streak.X + slant * fallen, -0.75f + 1.4f * fallen);
            canvas.Line(at, at - 0.045f * v * new Vector2(slant / 1.4f, 1), thickness, drop.WithAlpha(0.55f * visible));
        }
        var tick = (long)Math.Floor(time * 12);                            // splashes live for a twelfth of a second
        var age = (float)(time * 12 - tick);
        var random = new SceneRandom((ulong)tick);
        for (var i = 0; i < Splashes * level; i++)
        {
            var across = random.Between(-1f, 1f);
            var at = SurfaceAt(across, random.Between(0f, 1f));
            canvas.Fill(new Ellipse(at, new Vector2(0.008f + 0.022f * age, 0.006f + 0.006f * age)), drop.WithAlpha(0.8f * (1 - age)));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var (low, high, hiss, patter) = surface switch
        {
            Surface.Roof => (350.0, 2200.0, 0.11f, 0.5),
            Surface.Leaves => (3000.0, 7600.0, 0.09f, 0.16),
            _ => (900.0, 5500.0, 0.13f, 0.12),
        };
        new NoiseBed(low, high).Add(track, random, hiss, Loudness);
        var body = surface == Surface.Roof
            ? ModalBody.Of(random, random.Between(380, 620), [1, 1.6, 2.3, 3.1, 4.3], 0.02, 0.4, 0.2)
            : null;
        for (var time = 0.0; time < Seconds; time += random.Exponential(1.0 / 240))
        {
            var now = intensity.At(time);
            if (!random.Chance(now))
                continue;
            var strength = patter * random.BetweenLog(0.08, 1) * (0.4 + 0.6 * now);
            if (body is not null)
                body.Strike(track, time, 0.5 * strength, random.Between(1200, 4000));
            else
                new NoiseBurst(low, high, 0, random.Between(0.001, 0.004)).Add(track, random, time, strength);
        }
    }

    Vector2 SurfaceAt(float across, float depth) => surface switch
    {
        Surface.Roof when Math.Abs(across) < 0.7f => new Vector2(0.05f + 0.57f * across, roofTop - 0.02f + 0.22f * Math.Abs(across)),
        Surface.Leaves => new Vector2(across, roofTop + 0.1f + 0.35f * depth),
        _ => new Vector2(across, ground + 0.02f + 0.3f * depth),
    };

    readonly record struct Streak(float Threshold, float X, float Phase, float Speed);
}
