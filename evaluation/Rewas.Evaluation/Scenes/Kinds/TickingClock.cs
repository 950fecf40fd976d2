using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A pendulum that ticks as it passes the middle, or a hand that jumps on from mark to mark. The wider the swing and the larger the
/// jump, the louder; the clock stops now and then and is set going again.
/// </summary>
sealed class TickingClock : Scene
{
    public const string Name = "clock";

    const double JumpSeconds = 0.05;
    const double LeastGoing = 0.2;          // below this swing the works do not tick
    const float WidestSwing = 0.75f;        // radians

    readonly bool pendulum;
    readonly double beatSeconds, firstTick;
    readonly IntensityCurve going;
    readonly Vector2 dial;
    readonly float radius, rod, bob;
    readonly int marks;
    readonly bool squareCase, hasHourHands;
    readonly Backdrop backdrop;
    readonly Vector4 wood, face, ink, brass;

    public TickingClock(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        pendulum = random.Chance(0.5);
        beatSeconds = pendulum ? random.Between(0.3, 0.7) : random.BetweenLog(0.25, 1);
        firstTick = random.Between(0.1, 0.6);
        going = new IntensityCurve(random, seconds, 0.9, 2.2);
        Events = [.. Ticks(seconds)];

        var picture = Random("picture");
        backdrop = new Backdrop(picture, picture.Chance(0.7) ? 2 : picture.Between(0.35f, 0.45f), picture.Pick(Ground.Wood, Ground.Tiles));
        wood = Colour.Against(backdrop.Behind, picture);
        face = Colour.Hsv(
            picture.Unit(), picture.Between(0, 0.3), picture.Chance(0.7) ? picture.Between(0.75, 1) : picture.Between(0.05, 0.3));
        ink = Colour.Against(face, picture);
        brass = Colour.Against(pendulum ? wood.Shade(0.3f) : face, picture);
        radius = pendulum ? picture.Between(0.12f, 0.17f) : picture.Between(0.24f, 0.4f);
        dial = pendulum
            ? new Vector2(picture.Between(-0.12f, 0.12f), picture.Between(-0.3f, -0.22f))
            : new Vector2(picture.Between(-0.08f, 0.08f), picture.Between(-0.06f, 0.06f));
        rod = picture.Between(0.34f, 0.46f);
        bob = picture.Between(0.045f, 0.08f);
        marks = picture.Pick(4, 12);
        squareCase = picture.Chance(0.5);
        hasHourHands = picture.Chance(0.6);
        Captions = pendulum
            ? [
                "a pendulum clock ticking",
                "a grandfather clock",
                "a ticking clock with a pendulum",
                "the tick tock of an old clock",
                "a wall clock ticking",
            ]
            : ["a clock ticking", "the second hand of a clock ticking", "a ticking clock", "a stopwatch ticking", "a wall clock ticking"];
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, 0.02);

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        if (pendulum)
        {
            var half = new Vector2(0.85f * rod * MathF.Sin(WidestSwing) + 1.3f * bob, 0.5f * rod + bob + 0.03f);
            var box = new Vector2(dial.X, dial.Y + half.Y);
            canvas.Fill(new Box(box, half + new Vector2(0.05f, 0.05f), 0, 0.02f), wood);
            canvas.Fill(new Box(box, half, 0, 0.01f), wood.Shade(0.3f));
        }
        if (squareCase)
            canvas.Fill(new Box(dial, new Vector2(1.22f * radius), 0, 0.02f), wood.Shade(0.85f));
        else
            canvas.Fill(new Disc(dial, 1.15f * radius), wood.Shade(0.85f));
        canvas.Fill(new Disc(dial, radius), face);
        for (var i = 0; i < marks; i++)
        {
            var outward = Towards(MathF.Tau * i / marks);
            canvas.Line(dial + 0.8f * radius * outward, dial + 0.93f * radius * outward, 0.05f * radius, ink);
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        if (pendulum)
        {
            var angle = WidestSwing * (float)(going.At(time) * Math.Sin(Math.PI * (time - firstTick) / beatSeconds));
            var hang = dial + new Vector2(0, 0.6f * radius);
            var end = hang + rod * new Vector2(MathF.Sin(angle), MathF.Cos(angle));
            canvas.Line(hang + 0.4f * radius * Vector2.Normalize(end - hang), end, 0.018f, brass.Shade(0.8f));
            canvas.Fill(new Disc(end, bob), new Sphere(end, bob, brass));
        }
        if (hasHourHands || pendulum)
        {
            canvas.Line(dial, dial + 0.5f * radius * Towards(1.1f), 0.1f * radius, ink);
            canvas.Line(dial, dial + 0.72f * radius * Towards(2.9f), 0.07f * radius, ink);
        }
        if (!pendulum)
        {
            var hand = Towards(HandAt(time));
            canvas.Line(dial - 0.2f * radius * hand, dial + 0.88f * radius * hand, 0.075f * radius, brass);
        }
        canvas.Fill(new Disc(dial, 0.08f * radius), ink.Shade(0.7f));
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var works = Materials.Clockwork(random);
        var box = Materials.Wood(random, random.Between(0.5, 0.8));
        var tock = false;
        foreach (var (time, strength) in Events)
        {
            var bright = tock ? 6000 : 9000;
            tock = !tock;
            works.Strike(track, time, 2.4 * strength, bright);
            works.Strike(track, time + 0.009, 1.2 * strength, bright);        // the wheel lands after the pallet lets go
            box.Strike(track, time, 0.3 * strength, 1500);
            new NoiseBurst(2500, 7800, 0, 0.0025).Add(track, random, time, 0.5 * strength);
        }
    }

    IEnumerable<SoundEvent> Ticks(double seconds)
    {
        for (var time = firstTick; time < seconds - 0.02; time += beatSeconds)
        {
            var strength = going.At(time);
            if (strength >= LeastGoing)
                yield return new SoundEvent(time, strength);
        }
    }

    /// <summary>Radians from twelve. The hand jumps to arrive with each tick, and quivers.</summary>
    float HandAt(double time)
    {
        var angle = 0.3;
        foreach (var (tick, strength) in Events)
        {
            var since = time - tick;
            if (since < -JumpSeconds)
                break;
            var jump = 0.12 + 0.5 * strength;
            angle += since < 0
                ? jump * Math.Pow(1 + since / JumpSeconds, 2)
                : jump * (1 - 0.25 * Math.Exp(-since / 0.04) * Math.Sin(90 * since));
        }
        return (float)angle;
    }

    static Vector2 Towards(float angle) => new(MathF.Sin(angle), -MathF.Cos(angle));
}
