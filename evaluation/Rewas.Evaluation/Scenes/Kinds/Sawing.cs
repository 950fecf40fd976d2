using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A hand saw goes to and fro through a beam. The rasp is as loud as the blade is fast, lower where it is slow, and stronger on the
/// push; dust falls as wood is cut.
/// </summary>
sealed class Sawing : Scene
{
    public const string Name = "sawing";

    const double FastestStrokes = 1.7;      // there and back, per second
    const float TeethPerUnit = 26;

    readonly SampledCurve phase, speed;     // strokes done; blade's velocity, 1 at the fastest, negative on the pull
    readonly float reach;                   // half of the stroke, world units
    readonly double pull;                   // loudness of the pull
    readonly float size, tilt, bladeDepth;
    readonly Vector2 cut;
    readonly bool log;
    readonly Backdrop backdrop;
    readonly Vector4 wood, steel, handle, dust;
    readonly Arm arm;

    public Sawing(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        reach = random.Between(0.1f, 0.19f);
        pull = random.Between(0.35, 0.9);
        (phase, speed) = Strokes(random, seconds);
        Events = SampleLoudness();

        var picture = Random("picture");
        size = picture.Between(0.85f, 1.15f);
        tilt = picture.Between(0.1f, 0.5f);
        bladeDepth = picture.Between(0.07f, 0.13f);
        cut = new Vector2(picture.Between(-0.14f, -0.02f), picture.Between(-0.02f, 0.12f));
        log = picture.Chance(0.5);
        backdrop = new Backdrop(picture, picture.Between(0.3f, 0.42f), picture.Pick(Ground.Earth, Ground.Stone, Ground.Wood));
        wood = Colour.Hsv(picture.Between(0.05, 0.12), picture.Between(0.25, 0.7), picture.Between(0.4, 0.95));
        steel = Colour.Grey(Colour.Luminance(backdrop.Behind) > 0.25f ? picture.Between(0.25, 0.5) : picture.Between(0.65, 0.95));
        handle = Colour.Against(backdrop.Behind, picture);
        dust = wood.Shade(1.5f);
        arm = Arm.Of(picture, backdrop.Behind);
        Captions = log
            ? [
                "sawing a log",
                "someone sawing wood",
                "a hand saw cutting through a log",
                "a saw going back and forth in wood",
                "sawing firewood by hand",
            ]
            : [
                "sawing a wooden beam",
                "someone sawing wood",
                "a hand saw cutting a plank",
                "a carpenter sawing",
                "strokes of a saw in wood",
            ];
    }

    public override double Loudness(double time)
    {
        var now = speed.At(time);
        return Math.Pow(Math.Abs(now), 1.3) * (now > 0 ? 1 : pull);
    }

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        for (var side = -1; side <= 1; side += 2)
            canvas.Line(cut + new Vector2(0.02f * side, 0.2f), cut + new Vector2(0.17f * side, 0.6f), 0.045f, wood.Shade(0.45f));
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var along = new Vector2(MathF.Cos(tilt), -MathF.Sin(tilt));        // towards the hand
        var across = new Vector2(-along.Y, along.X);                       // towards the teeth
        var depth = 0.02f + 0.07f * (float)(phase.At(time) / 12 % 1);
        var middle = cut + new Vector2(0, -0.06f + depth) - reach * along * (float)Math.Cos(Math.Tau * phase.At(time));
        Vector2 Blade(float x, float y) => middle + size * x * along + size * y * across;

        var shine = new Gradient(Blade(0, -bladeDepth), steel.Shade(1.25f), Blade(0, 0), steel.Shade(0.8f));
        canvas.Fill(new Quad(Blade(-0.4f, -0.35f * bladeDepth), Blade(0.3f, -bladeDepth), Blade(0.3f, 0), Blade(-0.4f, 0)), shine);
        for (var x = -0.39f; x < 0.29f; x += 1 / TeethPerUnit)
        {
            var point = Blade(x + 0.5f / TeethPerUnit, 0.024f);
            canvas.Fill(new Quad(Blade(x, -0.004f), Blade(x + 0.7f / TeethPerUnit, -0.004f), point, point), steel.Shade(0.5f));
        }
        canvas.Fill(new Box(Blade(0.34f, -0.5f * bladeDepth), size * new Vector2(0.05f, 0.075f), -tilt, 0.03f), handle);
        arm.Paint(canvas, Blade(0.36f, -0.5f * bladeDepth), Blade(0.36f, -0.5f * bladeDepth) + new Vector2(0.55f, -0.35f));
        PaintWood(canvas, depth);
        PaintDust(canvas, time, depth);
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var pitch = random.Between(0.85, 1.2);
        new NoiseFlow(1500 * pitch, 2700 * pitch).Add(track, random, 0.6f, Loudness);
        new NoiseFlow(2700 * pitch, 4800 * pitch).Add(track, random, 0.6f, time => Loudness(time) * Math.Abs(speed.At(time)));
        var beam = Materials.Wood(random, random.Between(0.3, 0.5));
        var last = 0.0;
        for (var time = 0.0; time < Seconds; time += 0.002)
        {
            // Each tooth that passes is a little knock on the wood.
            var teeth = Math.Floor(TeethPerUnit * 3 * reach * Math.Cos(Math.Tau * phase.At(time)));
            if (teeth != last)
                beam.Strike(track, time, 0.2 * Loudness(time) * random.Between(0.5, 1), 2600);
            last = teeth;
        }
    }

    /// <summary>Bouts of strokes. The arm keeps, gains or loses pace, and rests at the end of a stroke.</summary>
    static (SampledCurve Phase, SampledCurve Speed) Strokes(SceneRandom random, double seconds)
    {
        var effort = new IntensityCurve(random, seconds, 0.7, 1.8);
        var (phase, speed) = (new double[SampledCurve.CountFor(seconds)], new double[SampledCurve.CountFor(seconds)]);
        var done = random.Unit();
        for (var i = 0; i < phase.Length; i++)
        {
            var rate = Math.Max(0, effort.At(i * SampledCurve.StepSeconds) - 0.1) / 0.9;
            phase[i] = done;
            speed[i] = Math.Clamp(rate * Math.Sin(Math.Tau * done), -1, 1);
            done += FastestStrokes * rate * SampledCurve.StepSeconds;
        }
        return (new SampledCurve(phase), new SampledCurve(speed));
    }

    void PaintWood(Canvas canvas, float depth)
    {
        if (log)
        {
            canvas.Fill(new Disc(cut + new Vector2(0, 0.1f), 0.155f), wood.Shade(0.4f));
            for (var ring = 0; ring < 4; ring++)
                canvas.Fill(
                    new Disc(cut + new Vector2(0.005f * ring, 0.1f), 0.14f - 0.035f * ring), wood.Shade(ring % 2 == 0 ? 1.1f : 0.8f));
        }
        else
        {
            canvas.Fill(new Box(cut + new Vector2(0, 0.1f), new Vector2(0.19f, 0.15f), 0, 0.01f), wood);
            for (var grain = 0; grain < 4; grain++)
                canvas.Line(
                    cut + new Vector2(-0.18f, 0.0f + 0.06f * grain),
                    cut + new Vector2(0.18f, 0.02f + 0.055f * grain),
                    0.01f,
                    wood.Shade(0.7f));
        }
        canvas.Line(
            cut + new Vector2(-0.1f, -0.05f + depth), cut + new Vector2(0.1f, -0.05f + depth - 0.2f * tilt), 0.012f, wood.Shade(0.2f));
    }

    /// <summary>Crumbs that left the cut as the blade moved and have been falling since.</summary>
    void PaintDust(Canvas canvas, double time, float depth)
    {
        const double Spacing = 0.02;
        var first = (long)Math.Floor(time / Spacing);
        for (var i = 0; i < 24; i++)
        {
            var left = (first - i) * Spacing;
            var amount = (float)Loudness(left);
            if (left < 0 || amount < 0.05f)
                continue;
            var random = new SceneRandom((ulong)(first - i));
            var age = (float)(time - left);
            var side = random.Chance(0.5) ? -1 : 1;
            var at =
                cut + new Vector2(side * (0.15f + random.Between(0.02f, 0.3f) * age), depth + 1.8f * age * age + random.Between(0f, 0.02f));
            canvas.Fill(new Disc(at, random.Between(0.008f, 0.016f) * (0.5f + amount)), dust);
        }
    }
}
