using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>Gusts bend trees, grass or a flag and drive leaves along. The harder it blows, the louder and higher the wind howls.</summary>
sealed class Wind : Scene
{
    public const string Name = "wind";

    enum Bends
    {
        Trees,
        Grass,
        Flag,
    }

    readonly Bends bends;
    readonly IntensityCurve gusts;
    readonly RateTable flutter;             // cycles of swaying, faster in a gust
    readonly float ground, size;
    readonly double howl;
    readonly Landscape landscape;
    readonly Vector4 leaf, wood, cloth, cloth2;
    readonly Emitter blown;

    public Wind(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        bends = random.Pick(Bends.Trees, Bends.Grass, Bends.Flag);
        gusts = new IntensityCurve(random, seconds, 0.8, 2);
        flutter = new RateTable(seconds, t => 0.4 + 2.6 * gusts.At(t));
        howl = random.BetweenLog(0.8, 1.3);
        Events = SampleLoudness();

        var picture = Random("picture");
        ground = picture.Between(0.2f, 0.38f);
        size = picture.Between(0.8f, 1.2f);
        landscape = new Landscape(
            picture,
            ground,
            Colour.Hsv(picture.Between(0.08, 0.38), picture.Between(0.2, 0.7), picture.Between(0.3, 0.7)),
            Landscape.AnyDaylight(picture));
        leaf = landscape.Lit(Colour.Hsv(picture.Between(0.03, 0.4), picture.Between(0.4, 0.9), picture.Between(0.3, 0.8)));
        wood = landscape.Lit(Colour.Hsv(picture.Between(0.02, 0.1), picture.Between(0.1, 0.6), picture.Between(0.15, 0.5)));
        cloth = Colour.Against(landscape.Behind, picture).Shade(0.4f + 0.6f * landscape.Light);
        cloth2 = Colour.Against(cloth, picture).Shade(0.4f + 0.6f * landscape.Light);
        blown = new Emitter(picture.Below(22), 0.9);
        Captions = bends switch
        {
            Bends.Trees => [
                "wind in the trees",
                "strong wind bending trees",
                "gusts of wind blowing through branches",
                "a storm shaking trees",
                "howling wind",
            ],
            Bends.Grass => [
                "wind over a meadow",
                "wind blowing through tall grass",
                "gusts sweeping over a field",
                "the wind howling across open land",
                "blowing wind",
            ],
            _ => [
                "a flag flapping in the wind",
                "wind blowing a flag",
                "gusts of wind tugging at a flag",
                "a flag fluttering in strong wind",
                "howling wind and a flag",
            ],
        };
    }

    public override double Loudness(double time) => 0.03 + 0.97 * Math.Pow(gusts.At(time), 1.5);

    internal override void PaintBackdrop(Canvas canvas) => landscape.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        var gust = (float)gusts.At(time);
        var turn = MathF.Tau * (float)flutter.IntegralAt(time);
        switch (bends)
        {
            case Bends.Trees:
                for (var tree = 0; tree < 3; tree++)
                    PaintTree(canvas, gust, turn, tree);
                break;
            case Bends.Grass:
                PaintGrass(canvas, gust, turn);
                break;
            default:
                PaintFlag(canvas, gust, turn);
                break;
        }
        foreach (var (age, born, random) in blown.At(time))
        {
            var force = (float)gusts.At(born);
            if (!random.Chance(force))
                continue;
            var at = new Vector2(
                -0.8f + (1 + force) * age, random.Between(-0.35f, 0.4f) + 0.08f * MathF.Sin(12 * age + random.Between(0f, 6f)));
            canvas.Fill(new Box(at, new Vector2(0.018f, 0.008f), 15 * age), leaf.Shade(random.Between(0.6f, 1.6f)));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new SweptNoise(1.6).Add(track, random, time => howl * (230 + 330 * gusts.At(time)), time => 0.2 * Loudness(time));
        var whistle = random.Between(1.8, 2.6);
        new SweptNoise(9).Add(track, random, time => whistle * howl * (230 + 330 * gusts.At(time)), time => 0.03 * Loudness(time));
        if (bends != Bends.Flag)
        {
            new NoiseBed(2200, 6500).Add(track, random, 0.02f, Loudness);
            return;
        }
        var first = Math.Ceiling(flutter.IntegralAt(0) * 2);
        for (var flap = first; flap < flutter.IntegralAt(Seconds) * 2; flap++)
        {
            var time = flutter.TimeOfIntegral(flap / 2);
            new NoiseBurst(200, 1800, 0.004, 0.018).Add(track, random, time, 0.22 * Loudness(time) * random.Between(0.6, 1.2));
        }
    }

    /// <summary>How far things lean at a place, about 0 to 1: the gust, and swaying within it.</summary>
    static float Lean(float gust, float turn, float phase) => gust * (0.75f + 0.35f * MathF.Sin(turn - phase));

    void PaintTree(Canvas canvas, float gust, float turn, int tree)
    {
        var random = Random($"tree {tree}");
        var root = new Vector2(-0.36f + 0.34f * tree + random.Between(-0.08f, 0.08f), ground + random.Between(0.01f, 0.1f));
        var height = size * random.Between(0.34f, 0.56f);
        var lean = Lean(gust, turn, random.Between(0f, 2f));
        var bend = 0.3f * height * lean;
        var middle = root + new Vector2(0.3f * bend, -0.5f * height);
        var crown = root + new Vector2(bend, -height);
        canvas.Line(root, middle, 0.05f * size, wood);
        canvas.Line(middle, crown, 0.035f * size, wood);
        for (var i = 0; i < 18; i++)
        {
            var angle = random.Between(0f, MathF.Tau);
            var outward = MathF.Sqrt((float)random.Unit()) * 0.36f * height;
            var tremble = 0.035f * gust * MathF.Sin(3 * turn + random.Between(0f, MathF.Tau));
            var up = MathF.Sin(angle) * outward;
            var at = crown + new Vector2(
                MathF.Cos(angle) * outward * (1 + 0.5f * lean) + (0.09f - 0.4f * up) * lean + tremble, up + 0.6f * tremble);
            canvas.Fill(
                new Ellipse(at, size * new Vector2(random.Between(0.04f, 0.08f), random.Between(0.03f, 0.055f))),
                leaf.Shade(random.Between(0.5f, 1.6f)));
        }
    }

    void PaintGrass(Canvas canvas, float gust, float turn)
    {
        const float Blades = 72;
        var random = Random("grass");
        for (var i = 0; i < Blades; i++)
        {
            var root = new Vector2(-0.75f + 1.5f * i / Blades + random.Between(-0.02f, 0.02f), ground + 0.03f + 0.04f * (i % 7));
            var height = size * random.Between(0.18f, 0.42f);
            var lean = Lean(gust, turn, 5 * root.X + random.Between(0f, 0.8f));
            var tip = root + height * new Vector2(0.95f * lean, -1 + 0.45f * lean * lean);
            var middle = root + height * new Vector2(0.25f * lean, -0.55f);
            var colour = leaf.Shade(random.Between(0.7f, 2.2f));
            canvas.Line(root, middle, 0.016f, colour);
            canvas.Line(middle, tip, 0.011f, colour);
            if (i % 4 == 0)
                canvas.Fill(new Disc(tip, 0.017f), colour.Shade(1.5f));
        }
    }

    /// <summary>The flag hangs down in a lull. In a gust it stands out and waves from pole to edge.</summary>
    void PaintFlag(Canvas canvas, float gust, float turn)
    {
        const int Strips = 16;
        var top = new Vector2(-0.24f, -0.36f);
        canvas.Line(top - new Vector2(0, 0.03f), new Vector2(top.X, ground + 0.05f), 0.025f, wood);
        var fly = 0.5f * size;
        var hoist = 0.15f * size;
        var droop = 1.25f * (1 - Math.Clamp(1.6f * gust, 0, 1));
        var at = top + new Vector2(0, hoist);
        for (var i = 0; i < Strips; i++)
        {
            var along = (i + 1f) / Strips;
            var wave = MathF.Sin(turn - 1.3f * MathF.Tau * along);
            var angle = droop + (0.15f + 1.1f * gust) * along * wave;
            var next = at + fly / Strips * new Vector2(MathF.Cos(angle), MathF.Sin(angle));
            var shade = 0.75f + 0.3f * wave * Math.Min(1, 2 * gust);
            canvas.Line(at - new Vector2(0, hoist), at + new Vector2(0, hoist), 0.045f * size, cloth.Shade(shade));
            canvas.Line(at - new Vector2(0, 0.3f * hoist), at + new Vector2(0, 0.3f * hoist), 0.045f * size, cloth2.Shade(shade));
            at = next;
        }
    }
}
