using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A helicopter, a fan or a wind wheel. Each blade that passes the mast, or the top of the wheel, is a beat of the sound: the faster
/// it turns, the closer and louder the beats and the higher the drive's whine.
/// </summary>
sealed class Rotor : Scene
{
    public const string Name = "rotor";

    const double FastestBeats = 8.5;        // blades per second; the most that 25 frames per second can show

    enum Make
    {
        Helicopter,
        Fan,
        Wheel,
    }

    readonly Make make;
    readonly EngineSpeed speed;
    readonly int blades;
    readonly double pitch;
    readonly float size;
    readonly Vector2 hub;
    readonly Landscape? open;
    readonly Backdrop? room;
    readonly Vector4 body, blade, marked, glass;
    readonly Emitter dust = new(24, 0.5);

    public Rotor(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        make = random.Pick(Make.Helicopter, Make.Fan, Make.Wheel);
        speed = new EngineSpeed(random, seconds);
        blades = make == Make.Helicopter ? 2 + random.Below(2) : 3 + random.Below(2);
        pitch = random.BetweenLog(0.8, 1.3) * make switch { Make.Helicopter => 1, Make.Fan => 1.5, _ => 0.8 };
        Events = SampleLoudness();

        var picture = Random("picture");
        size = picture.Between(0.85f, 1.15f);
        var floor = picture.Between(0.3f, 0.4f);
        hub = make == Make.Helicopter
            ? new Vector2(picture.Between(-0.06f, 0.06f), picture.Between(-0.16f, -0.04f))
            : new Vector2(picture.Between(-0.1f, 0.1f), picture.Between(-0.12f, -0.02f));
        if (make == Make.Fan)
            room = new Backdrop(picture, floor, picture.Pick(Ground.Wood, Ground.Stone, Ground.Tiles), dark: picture.Chance(0.2));
        else
            open = new Landscape(
                picture,
                floor,
                Colour.Hsv(picture.Between(0.08, 0.4), picture.Between(0.1, 0.6), picture.Between(0.35, 0.75)),
                Landscape.AnyDaylight(picture));
        var behind = room?.Behind ?? open!.Behind;
        body = Colour.Against(behind, picture);
        blade = Colour.Against(behind, picture);
        marked = Colour.Against(blade, picture);
        glass = Colour.Hsv(0.55, 0.3, picture.Between(0.3, 0.9));
        Captions = make switch
        {
            Make.Helicopter => [
                "a helicopter hovering",
                "a helicopter rotor chopping the air",
                "a helicopter starting its rotor",
                "the beating blades of a helicopter",
                "a helicopter",
            ],
            Make.Fan => [
                "a fan spinning",
                "an electric fan speeding up and slowing down",
                "a large fan running",
                "fan blades beating the air",
                "a ventilator turning",
            ],
            _ => [
                "a wind wheel turning",
                "blades of a wind turbine swishing",
                "a windmill spinning",
                "a wind turbine speeding up",
                "turning windmill blades",
            ],
        };
    }

    /// <summary>The speed, and within it the beat of the blades.</summary>
    public override double Loudness(double time)
    {
        var now = speed.At(time);
        var beat = speed.IntegralAt(time) * FastestBeats;
        return Math.Min(1, now / EngineSpeed.Idle)
            * (0.12 + 0.88 * Math.Pow(now, 1.2))
            * (0.3 + 0.7 * Math.Exp(-3.5 * (beat - Math.Floor(beat))));
    }

    internal override void PaintBackdrop(Canvas canvas)
    {
        open?.Paint(canvas);
        room?.Paint(canvas);
        if (make == Make.Helicopter)
            return;
        var foot = hub + new Vector2(0, 0.9f);
        canvas.Line(hub, foot, 0.05f * size, body.Shade(0.7f));
        if (make == Make.Fan)
        {
            canvas.Fill(new Disc(hub, 0.34f * size), room!.Behind.Shade(0.75f));
            canvas.Fill(new EllipseRing(hub, new Vector2(0.34f * size), 0.018f * size), body);
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var turn = MathF.Tau * (float)(speed.IntegralAt(time) * FastestBeats / blades);
        if (make == Make.Helicopter)
            PaintHelicopter(canvas, time, turn);
        else
            PaintWheel(canvas, turn);
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new SweptNoise(0.8).Add(track, random, time => pitch * (70 + 60 * speed.At(time)), time => 0.2 * Loudness(time));
        new NoiseBed(700 * pitch, 2600 * pitch).Add(track, random, 0.02f, Loudness);
        var whine = new EngineVoice(0, random.Between(900, 1300) * pitch, 1200 * pitch, 2400 * pitch, Rasp: 0.05, Sharpness: 3);
        whine.Add(track, random, speed.At, time => 0.16 * Loudness(time));
    }

    /// <summary>A wheel seen from the front. A blade points straight up when the beat sounds.</summary>
    void PaintWheel(Canvas canvas, float turn)
    {
        var reach = (make == Make.Fan ? 0.31f : 0.42f) * size;
        for (var i = 0; i < blades; i++)
        {
            var angle = turn + MathF.Tau * i / blades - MathF.PI / 2;
            var along = new Vector2(MathF.Cos(angle), MathF.Sin(angle));
            var across = new Vector2(-along.Y, along.X);
            var colour = i == 0 ? marked : blade;
            if (make == Make.Fan)
                canvas.Fill(new Box(hub + 0.55f * reach * along, new Vector2(0.45f * reach, 0.075f * size), angle, 0.06f * size), colour);
            else
            {
                canvas.Line(hub, hub + reach * along, 0.022f * size, colour.Shade(0.7f));
                canvas.Line(
                    hub + 0.25f * reach * along + 0.02f * across, hub + 0.9f * reach * along + 0.02f * across, 0.045f * size, colour);
            }
        }
        canvas.Fill(new Disc(hub, 0.05f * size), body);
    }

    /// <summary>
    /// A rotor seen from the side. Blades look shorter and longer as they turn; one points at the viewer when the beat sounds.
    /// </summary>
    void PaintHelicopter(Canvas canvas, double time, float turn)
    {
        var now = (float)speed.At(time);
        var sway = now * new Vector2(0.012f * MathF.Sin(5 * (float)time), 0.01f * MathF.Sin(7 * (float)time));
        var mast = hub + sway;
        var cabin = mast + size * new Vector2(0.04f, 0.16f);
        foreach (var (age, born, random) in dust.At(time))
        {
            var force = (float)speed.At(born);
            var at = new Vector2(hub.X + random.Between(-1f, 1f) * (0.15f + 0.6f * age), 0.4f - 0.12f * age);
            if (random.Chance(force))
                canvas.Fill(new Disc(at, 0.07f), new Haze(at, 0.07f, open!.GroundTone.Shade(1.6f).WithAlpha(0.7f * force * (1 - age))));
        }
        canvas.Line(cabin, cabin + size * new Vector2(-0.4f, -0.04f), 0.04f * size, body.Shade(0.8f));
        var tail = cabin + size * new Vector2(-0.41f, -0.06f);
        for (var i = 0; i < 2; i++)
        {
            var angle = 1.37f * turn + MathF.PI * i;
            canvas.Line(tail, tail + 0.09f * size * new Vector2(MathF.Cos(angle), MathF.Sin(angle)), 0.016f * size, blade);
        }
        canvas.Line(mast, cabin, 0.03f * size, body.Shade(0.5f));
        canvas.Fill(
            new Ellipse(cabin, size * new Vector2(0.18f, 0.095f)),
            new Gradient(cabin - new Vector2(0, 0.1f), body.Shade(1.2f), cabin + new Vector2(0, 0.1f), body.Shade(0.5f)));
        canvas.Fill(new Ellipse(cabin + size * new Vector2(0.1f, -0.015f), size * new Vector2(0.07f, 0.055f)), glass);
        canvas.Line(cabin + size * new Vector2(-0.15f, 0.13f), cabin + size * new Vector2(0.17f, 0.13f), 0.016f * size, body.Shade(0.4f));
        for (var i = 0; i < blades; i++)
        {
            var angle = turn + MathF.Tau * i / blades + MathF.PI / 2;
            var tip = mast + 0.46f * size * new Vector2(MathF.Cos(angle), 0.16f * MathF.Sin(angle));
            canvas.Line(mast, tip, 0.026f * size, i == 0 ? marked : blade);
        }
        canvas.Fill(new Disc(mast, 0.025f * size), body.Shade(0.5f));
    }
}
