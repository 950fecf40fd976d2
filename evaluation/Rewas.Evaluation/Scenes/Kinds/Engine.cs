using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A stationary engine. Flywheel, piston, shaking block and exhaust puffs move as fast as the engine runs. It is started, idles, is revved
/// and stopped. Loudness and pitch follow its speed.
/// </summary>
sealed class Engine : Scene
{
    public const string Name = "engine";

    const double FastestTurns = 3.4;        // of the flywheel per second; the most that 25 frames per second can show

    enum Make
    {
        Diesel,
        Motorcycle,
        TwoStroke,
    }

    readonly Make make;
    readonly EngineSpeed speed;
    readonly float size;
    readonly Vector2 block;
    readonly Backdrop backdrop;
    readonly Vector4 paint, wheel, smoke;
    readonly int spokes;
    readonly bool piston;

    public Engine(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        make = random.Pick(Make.Diesel, Make.Motorcycle, Make.TwoStroke);
        speed = new EngineSpeed(random, seconds);
        Events = SampleLoudness();

        var picture = Random("picture");
        size = picture.Between(0.8f, 1.2f);
        var floor = picture.Between(0.26f, 0.36f);
        block = new Vector2(picture.Between(-0.12f, 0.02f), floor - 0.13f * size);
        backdrop = new Backdrop(picture, floor, picture.Pick(Ground.Stone, Ground.Earth, Ground.Tiles, Ground.Gravel));
        paint = Colour.Against(backdrop.Behind, picture);
        wheel = Colour.Grey(picture.Between(0.1, 0.7));
        smoke = Colour.Grey(Colour.Luminance(backdrop.Behind) > 0.3f ? picture.Between(0.1, 0.35) : picture.Between(0.75, 0.95));
        spokes = 2 + picture.Below(2);
        piston = picture.Chance(0.7);
        Captions = make switch
        {
            Make.Diesel => [
                "a diesel engine running",
                "a tractor engine idling and revving",
                "a chugging diesel motor",
                "an old engine being started",
                "an engine running",
            ],
            Make.Motorcycle => [
                "a motorcycle engine revving",
                "a motor revving up",
                "an engine idling and revving",
                "a motorbike engine",
                "an engine being revved",
            ],
            _ => [
                "a small two stroke engine buzzing",
                "a lawn mower engine",
                "a buzzing little motor",
                "a chainsaw motor revving",
                "a scooter engine revving",
            ],
        };
    }

    /// <summary>Silent when stopped, a quarter at idle, full at full speed.</summary>
    public override double Loudness(double time)
    {
        var now = speed.At(time);
        return Math.Min(1, now / EngineSpeed.Idle) * (0.1 + 0.9 * Math.Pow(now, 1.3));
    }

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        var now = (float)speed.At(time);
        var turn = (float)(Math.Tau * FastestTurns * speed.IntegralAt(time));
        var shake = (0.004f + 0.012f * now) * Math.Min(1, now * 6) * new Vector2(
            MathF.Sin(2.7f * turn + 40 * (float)time), MathF.Sin(3.3f * turn + 57 * (float)time));
        var at = block + shake;

        Exhaust(canvas, time);
        canvas.Line(at + size * new Vector2(-0.16f, -0.06f), at + size * new Vector2(-0.27f, -0.06f), 0.04f * size, wheel.Shade(0.6f));
        canvas.Line(at + size * new Vector2(-0.27f, -0.06f), at + size * new Vector2(-0.27f, -0.24f), 0.04f * size, wheel.Shade(0.6f));
        canvas.Fill(
            new Box(at, size * new Vector2(0.18f, 0.13f), 0, 0.02f),
            new Gradient(at, paint, at + new Vector2(0, 0.13f), paint.Shade(0.6f)));
        if (piston)
            Piston(canvas, at, turn);
        else
        {
            for (var fin = 0; fin < 4; fin++)
                canvas.Fill(
                    new Box(at + size * new Vector2(-0.05f, -0.15f - 0.035f * fin), size * new Vector2(0.1f, 0.01f)), paint.Shade(0.5f));
        }
        Flywheel(canvas, at + size * new Vector2(0.22f, -0.02f), turn);
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var voice = make switch
        {
            Make.Diesel => new EngineVoice(22, 70, 110, 520, Rasp: 0.5, Sharpness: 9),
            Make.Motorcycle => new EngineVoice(32, 130, 190, 800, Rasp: 0.25, Sharpness: 6),
            _ => new EngineVoice(60, 260, 420, 1900, Rasp: 0.35, Sharpness: 5),
        };
        voice.Add(track, random, speed.At, Loudness);
    }

    void Flywheel(Canvas canvas, Vector2 hub, float turn)
    {
        var radius = 0.17f * size;
        canvas.Fill(new Disc(hub, radius), wheel.Shade(0.35f));
        canvas.Fill(new EllipseRing(hub, new Vector2(radius), 0.022f * size), wheel);
        for (var i = 0; i < spokes; i++)
        {
            var angle = turn + MathF.Tau * i / spokes;
            var along = radius * new Vector2(MathF.Cos(angle), MathF.Sin(angle));
            canvas.Line(hub, hub + along, 0.035f * size, i == 0 ? paint.Shade(1.5f) : wheel.Shade(1.3f));
        }
        canvas.Fill(new Disc(hub, 0.03f * size), paint);
    }

    void Piston(Canvas canvas, Vector2 at, float turn)
    {
        var crank = at + size * new Vector2(-0.06f, -0.05f) + 0.06f * size * new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var head = new Vector2(at.X - 0.06f * size, at.Y + size * (-0.25f + 0.06f * MathF.Sin(turn)));
        canvas.Fill(new Box(at + size * new Vector2(-0.06f, -0.24f), size * new Vector2(0.07f, 0.11f)), paint.Shade(0.35f));
        canvas.Line(crank, head, 0.03f * size, wheel.Shade(1.4f));
        canvas.Fill(new Box(head, size * new Vector2(0.055f, 0.045f)), wheel.Shade(1.8f));
    }

    /// <summary>One puff for each half turn. The harder the engine works, the denser and faster the puffs.</summary>
    void Exhaust(Canvas canvas, double time)
    {
        var mouth = block + size * new Vector2(-0.27f, -0.27f);
        for (var sinceMouth = 0; sinceMouth < 40; sinceMouth++)
        {
            var left = speed.TimeOfIntegral(Math.Floor(speed.IntegralAt(time) * 6) / 6 - sinceMouth / 6.0);
            var age = (float)(time - left);
            if (age > 0.9f)
                return;
            var work = (float)speed.At(left);
            var radius = size * (0.05f + 0.16f * age) * (0.7f + 0.8f * work);
            var puff = mouth + size * new Vector2(-0.12f * age + 0.02f * MathF.Sin(31 * (float)left), -(0.25f + 0.45f * work) * age);
            canvas.Fill(new Disc(puff, radius), new Haze(puff, radius, smoke.WithAlpha((0.6f + 0.4f * work) * (1 - age / 0.9f))));
        }
    }
}
