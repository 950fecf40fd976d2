using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A ball, a barrel or a wheel rolls on a plank that is tilted one way and the other, until it bumps against the stop at the plank's
/// end. The rumble follows its speed, the bump the speed it arrives with.
/// </summary>
sealed class RollingBall : Scene
{
    public const string Name = "rolling";

    const float Gravity = 4.5f, SteepestTilt = 0.3f, FastestSpeed = 1.15f;

    enum Form
    {
        Ball,
        Barrel,
        Wheel,
    }

    readonly Form form;
    readonly bool hollow;
    readonly float radius, track;           // half of the way between the stops, world units
    readonly SampledCurve place, speed, tilt;
    readonly List<SoundEvent> bumps = [];
    readonly Vector2 pivot;
    readonly Backdrop backdrop;
    readonly Vector4 body, mark, plank, stand;
    readonly int marks;

    public RollingBall(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        form = random.Pick(Form.Ball, Form.Barrel, Form.Wheel);
        hollow = random.Chance(0.5);
        radius = random.Between(0.06f, 0.12f);
        track = random.Between(0.26f, 0.34f);
        (place, speed, tilt) = Roll(random, seconds);
        Events = EventsOf(bumps, RumbleAt);

        var picture = Random("picture");
        pivot = new Vector2(picture.Between(-0.04f, 0.04f), picture.Between(0.08f, 0.2f));
        backdrop = new Backdrop(
            picture, picture.Between(0.36f, 0.44f), picture.Pick(Ground.Wood, Ground.Stone, Ground.Tiles, Ground.Earth));
        body = Colour.Against(backdrop.Behind, picture);
        mark = Colour.Against(body, picture);
        plank = Colour.Against(backdrop.Behind, picture);
        stand = Colour.Hsv(picture.Unit(), picture.Between(0, 0.5), picture.Between(0.15, 0.6));
        marks = 1 + picture.Below(3);
        Captions = form switch
        {
            Form.Ball => [
                "a ball rolling on a slope",
                "a heavy ball rolling down a plank",
                "a bowling ball rolling and bumping",
                "a rolling ball",
                "a ball rolling to and fro",
            ],
            Form.Barrel => [
                "a barrel rolling on a slope",
                "a barrel rolling down a ramp",
                "a rumbling barrel",
                "a rolling barrel hitting a stop",
                "a barrel rolling to and fro",
            ],
            _ => [
                "a wheel rolling on a slope",
                "a wheel rolling down a ramp",
                "a rolling wheel",
                "a wheel rolling and bumping",
                "a wheel rolling to and fro",
            ],
        };
    }

    public override double Loudness(double time) => Math.Max(RumbleAt(time), LoudnessOf(bumps, time, 0.06));

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        var angle = (float)tilt.At(time);
        var along = new Vector2(MathF.Cos(angle), MathF.Sin(angle));
        var up = new Vector2(along.Y, -along.X);
        var reach = track + radius;
        canvas.Fill(new Quad(pivot, pivot, pivot + new Vector2(0.12f, 0.45f), pivot + new Vector2(-0.12f, 0.45f)), stand);
        canvas.Line(pivot - (reach + 0.03f) * along, pivot + (reach + 0.03f) * along, 0.04f, plank);
        for (var end = -1; end <= 1; end += 2)
            canvas.Line(
                pivot + end * (reach + 0.02f) * along,
                pivot + end * (reach + 0.02f) * along + 1.3f * radius * up,
                0.04f,
                plank.Shade(0.7f));

        var rolled = (float)place.At(time);
        var middle = pivot + rolled * along + (radius + 0.02f) * up;
        canvas.Fill(new Disc(middle, radius), form == Form.Wheel ? body.Shade(0.3f) : body);
        if (form == Form.Ball)
            canvas.Fill(new Disc(middle, radius), new Sphere(middle, radius, body));
        else
            canvas.Fill(
                new EllipseRing(middle, new Vector2(0.88f * radius), 0.13f * radius), form == Form.Wheel ? body : body.Shade(0.55f));
        for (var i = 0; i <= marks; i++)
        {
            var turn = rolled / radius + angle + MathF.PI * i / (marks + 1);
            var spoke = 0.85f * radius * new Vector2(MathF.Cos(turn), MathF.Sin(turn));
            canvas.Line(middle - spoke, middle + spoke, (form == Form.Wheel ? 0.2f : 0.14f) * radius, i == 0 ? mark : mark.Shade(0.8f));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var pitch = Math.Pow(0.09 / radius, 0.7) * random.Between(0.85, 1.15);
        var (low, high) = (240 * pitch, (hollow ? 700 : 1000) * pitch);
        new NoiseFlow(70 * pitch, low).Add(
            track, random, 0.4f * NoiseFlow.GainOf(70 * pitch, low), time => RumbleAt(time) * Unevenness(time));
        new NoiseFlow(low, high).Add(track, random, 0.25f * NoiseFlow.GainOf(low, high), time => RumbleAt(time) * RumbleAt(time));
        var bumped = hollow ? Materials.Membrane(random, 0.8 / pitch) : Materials.Wood(random, 1.5 / pitch);
        foreach (var (time, strength) in bumps)
        {
            bumped.Strike(track, time, 1.6 * strength, 500 + 700 * strength);
            new NoiseBurst(100, 900, 0, 0.015).Add(track, random, time, 0.25 * strength);
        }
    }

    double RumbleAt(double time) => 0.7 * Math.Pow(Math.Min(1, Math.Abs(speed.At(time)) / FastestSpeed), 1.2);

    /// <summary>Round things are never quite round, so the rumble beats with the turns.</summary>
    double Unevenness(double time) => 1 + 0.25 * Math.Sin(2 * place.At(time) / radius);

    /// <summary>
    /// Someone tilts the plank to one side, waits, and tilts it to the other. Rolling friction and the stops do the rest.
    /// </summary>
    (SampledCurve Place, SampledCurve Speed, SampledCurve Tilt) Roll(SceneRandom random, double seconds)
    {
        var count = SampledCurve.CountFor(seconds);
        var (places, speeds, tilts) = (new double[count], new double[count], new double[count]);
        var side = random.Chance(0.5) ? 1 : -1;
        double at = -side * track, velocity = 0, angle = -side * 0.1, wanted = angle, until = random.Between(0.2, 0.7);
        for (var i = 0; i < count; i++)
        {
            if (i * SampledCurve.StepSeconds >= until)
            {
                wanted = side * SteepestTilt * random.Between(0.35, 1);
                side = -side;
                until += random.Between(0.9, 1.9);
            }
            (places[i], speeds[i], tilts[i]) = (at, velocity, angle);
            angle += (wanted - angle) * SampledCurve.StepSeconds / 0.18;
            velocity += (Gravity * Math.Sin(angle) - 0.12 * velocity) * SampledCurve.StepSeconds;
            at += velocity * SampledCurve.StepSeconds;
            if (Math.Abs(at) <= track)
                continue;
            at = Math.CopySign(track, at);
            var strength = Math.Min(1, Math.Abs(velocity) / FastestSpeed);
            if (strength > 0.12 && i * SampledCurve.StepSeconds < seconds)
                bumps.Add(new SoundEvent(i * SampledCurve.StepSeconds, strength));
            velocity *= strength > 0.12 ? -0.3 : 0;
        }
        return (new SampledCurve(places), new SampledCurve(speeds), new SampledCurve(tilts));
    }
}
