using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Water runs over a ledge, out of a pipe or down a brook; its flow swells and ebbs. The more runs, the faster and whiter it is and
/// the louder it gurgles.
/// </summary>
sealed class RunningWater : Scene
{
    public const string Name = "stream";

    enum Course
    {
        Ledge,
        Pipe,
        Brook,
    }

    readonly Course course;
    readonly IntensityCurve curve;
    readonly RateTable flow;
    readonly float x, lip, pool, width, reach;
    readonly double pitch;
    readonly Backdrop backdrop;
    readonly Vector4 water, foam, rock;
    readonly Emitter streaks = new(70, 0.55), splashes = new(60, 0.4);

    public RunningWater(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        course = random.Pick(Course.Ledge, Course.Pipe, Course.Brook);
        curve = new IntensityCurve(random, seconds, 0.8, 2);
        flow = new RateTable(seconds, t => 0.08 + 0.92 * curve.At(t));
        pitch = random.BetweenLog(0.75, 1.35);
        Events = SampleLoudness();

        var picture = Random("picture");
        x = picture.Between(-0.15f, 0.15f);
        lip = course == Course.Brook ? picture.Between(-0.18f, 0) : picture.Between(-0.34f, -0.12f);
        pool = picture.Between(0.22f, 0.36f);
        width = course == Course.Ledge ? picture.Between(0.15f, 0.4f) : picture.Between(0.035f, 0.065f);
        reach = picture.Between(0.2f, 0.36f);
        backdrop = new Backdrop(
            picture, course == Course.Brook ? lip : 2, picture.Pick(Ground.Earth, Ground.Stone, Ground.Gravel), dark: picture.Chance(0.25));
        water = Colour.Hsv(picture.Between(0.42, 0.65), picture.Between(0.2, 0.7), picture.Between(0.25, 0.6));
        foam = Colour.Hsv(picture.Between(0.45, 0.6), picture.Between(0, 0.12), picture.Between(0.85, 1));
        rock = Colour.Hsv(picture.Between(0, 0.15), picture.Between(0.05, 0.4), picture.Between(0.2, 0.55));
        Captions = course switch
        {
            Course.Ledge => [
                "a small waterfall",
                "water running over a ledge",
                "water cascading over rocks",
                "a stream falling into a pool",
                "running water splashing down",
            ],
            Course.Pipe => [
                "water pouring out of a pipe",
                "running water from a spout",
                "water gushing from a pipe into a pool",
                "a pipe pouring water",
                "water flowing and splashing",
            ],
            _ =>
                [
                    "a babbling brook",
                    "a stream flowing over stones",
                    "water running in a brook",
                    "a creek rushing past rocks",
                    "running water",
                ],
        };
    }

    public override double Loudness(double time) => 0.03 + 0.97 * Math.Pow(curve.At(time), 1.4);

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        if (course == Course.Brook)
        {
            canvas.Fill(new Box(new Vector2(0, 0.5f * (lip + pool) + 0.06f), new Vector2(2, 0.5f * (pool - lip))), water);
            return;
        }
        canvas.Fill(
            new Box(new Vector2(0, pool + 0.98f), new Vector2(3, 1)),
            new Gradient(new Vector2(0, pool), water.Shade(1.2f), new Vector2(0, 0.6f), water.Shade(0.5f)));
        if (course == Course.Pipe)
        {
            canvas.Fill(
                new Box(new Vector2(-0.95f, lip), new Vector2(0.7f, 0.07f)),
                new Gradient(new Vector2(0, lip - 0.07f), rock.Shade(1.8f), new Vector2(0, lip + 0.07f), rock.Shade(0.6f)));
            canvas.Fill(new Box(new Vector2(-0.25f, lip), new Vector2(0.02f, 0.085f)), rock.Shade(1.3f));
            return;
        }
        // Two layers of rock with a notch that the water falls through.
        var random = Random("rocks");
        canvas.Fill(
            new Box(new Vector2(x, 0.5f * (lip + pool)), new Vector2(0.8f * width + 0.15f, 0.5f * (pool - lip))), rock.Shade(0.45f));
        for (var i = 0; i < 26; i++)
        {
            var side = i % 2 == 0 ? -1 : 1;
            var at = new Vector2(x + side * (width / 2 + random.Between(0.1f, 0.7f)), float.Lerp(lip - 0.06f, pool, (float)random.Unit()));
            canvas.Fill(
                new Box(at, new Vector2(random.Between(0.07f, 0.14f), random.Between(0.05f, 0.1f)), random.Between(-0.3f, 0.3f), 0.04f),
                rock.Shade(random.Between(0.6f, 1.5f)));
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        switch (course)
        {
            case Course.Ledge:
                PaintFall(canvas, time);
                break;
            case Course.Pipe:
                PaintJet(canvas, time);
                break;
            default:
                PaintBrook(canvas, time);
                break;
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new NoiseBed(450 * pitch, 1900 * pitch).Add(track, random, 0.1f, Loudness);
        for (var time = 0.0; time < Seconds; time += random.Exponential(1.0 / 90))
        {
            if (random.Chance(0.1 + 0.9 * curve.At(time)))
                new Bubble(pitch * random.BetweenLog(350, 1500), random.BetweenLog(0.004, 0.01), random.Between(0.05, 0.25))
                    .Add(track, time, 0.4 * random.BetweenLog(0.2, 1) * Loudness(time));
        }
    }

    void PaintFall(Canvas canvas, double time)
    {
        var now = (float)flow.At(time);
        var half = width * (0.15f + 0.35f * now);
        canvas.Fill(
            new Box(new Vector2(x, 0.5f * (lip + pool)), new Vector2(half, 0.5f * (pool - lip) + 0.02f), 0, 0.02f),
            Vector4.Lerp(water, foam, 0.25f + 0.3f * now).WithAlpha(0.5f + 0.4f * now));
        foreach (var (age, _, random) in streaks.At(flow.IntegralAt(time)))
        {
            var at = new Vector2(x + half * random.Between(-0.95f, 0.95f), lip + (pool - lip) * MathF.Pow(age, 1.4f));
            canvas.Line(
                at,
                at with { Y = Math.Min(pool, at.Y + 0.05f + 0.06f * age) },
                0.012f,
                (random.Chance(0.6) ? foam : water.Shade(0.5f)).WithAlpha(0.4f + 0.5f * now));
        }
        Splash(canvas, time, new Vector2(x, pool), half + 0.03f);
    }

    /// <summary>A jet is a parabola. The stronger the flow, the farther it reaches.</summary>
    void PaintJet(Canvas canvas, double time)
    {
        var now = (float)flow.At(time);
        var mouth = new Vector2(-0.24f, lip + 0.03f);
        Vector2 Along(float share) => mouth + new Vector2((0.02f + reach * now) * share, (pool - mouth.Y) * share * share);
        var thickness = width * (0.3f + 1.5f * now);
        for (var i = 0; i < 10; i++)
            canvas.Line(Along(i / 10f), Along((i + 1) / 10f), thickness, Vector4.Lerp(water, foam, 0.3f).WithAlpha(0.9f));
        foreach (var (age, _, random) in streaks.At(flow.IntegralAt(time)))
        {
            var aside = new Vector2(0.4f * thickness * random.Between(-1f, 1f));
            canvas.Line(Along(age) + aside, Along(Math.Min(1, age + 0.07f)) + aside, 0.012f, random.Chance(0.6) ? foam : water.Shade(0.6f));
        }
        Splash(canvas, time, Along(1), thickness + 0.02f);
    }

    /// <summary>Streaks of foam drift past stones, all at the speed of the water.</summary>
    void PaintBrook(Canvas canvas, double time)
    {
        var now = (float)flow.At(time);
        var run = (float)flow.IntegralAt(time);
        var random = Random("brook");
        for (var i = 0; i < 60; i++)
        {
            var depth = (float)random.Unit();
            var along = random.Between(0f, 2f) + (0.5f + 0.8f * depth) * run;
            var at = new Vector2(
                along - 2 * MathF.Floor(along / 2) - 1, float.Lerp(lip + 0.08f, pool + 0.04f, depth) + 0.01f * MathF.Sin(9 * along));
            canvas.Line(
                at,
                at + new Vector2(0.04f + 0.14f * now, 0),
                0.008f + 0.012f * depth,
                (i % 3 == 0 ? water.Shade(0.5f) : foam).WithAlpha(0.2f + 0.8f * now));
        }
        for (var i = 0; i < 4; i++)
        {
            var stone = new Vector2(
                -0.42f + 0.28f * i + random.Between(-0.06f, 0.06f), float.Lerp(lip + 0.12f, pool, (float)random.Unit()));
            var size = random.Between(0.05f, 0.09f);
            canvas.Fill(
                new Ellipse(stone + new Vector2(0, -0.02f), new Vector2(size, 0.8f * size)), new Sphere(stone, size, rock.Shade(1.4f)));
            Splash(canvas, time, stone + new Vector2(-0.5f * size, 0.5f * size), size);
        }
    }

    /// <summary>Foam and droplets, in proportion to the force of the flow.</summary>
    void Splash(Canvas canvas, double time, Vector2 at, float half)
    {
        var emitter = course == Course.Brook ? splashes with { Count = 14 } : splashes;
        foreach (var (age, born, random) in emitter.At(time))
        {
            var force = (float)flow.At(born);
            if (!random.Chance(force))
                continue;
            var side = random.Between(-1f, 1f);
            var leap = force * new Vector2(0.16f * side * age, -0.35f * (float)random.Unit() * age * (1 - age));
            var radius = (0.008f + 0.02f * (float)random.Unit()) * (0.5f + force);
            canvas.Fill(new Disc(at + new Vector2(side * half, 0) + leap, radius), foam.WithAlpha(0.8f * (1 - age)));
        }
    }
}
