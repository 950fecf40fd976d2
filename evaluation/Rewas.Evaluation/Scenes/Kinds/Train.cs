using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A train passes. Under its rumble every axle that runs over the gap in the rail clacks, two for each bogie; the faster it goes, the
/// closer and louder. Between trains the line is quiet.
/// </summary>
sealed class Train : Scene
{
    public const string Name = "train";

    const float AxleHalfSpacing = 0.075f, WheelRadius = 0.045f;

    enum Form
    {
        Engine,
        Coach,
        Box,
        Tank,
        Open,
    }

    /// <param name="Front">Front of the wagon, world units behind the head of the train.</param>
    /// <param name="Length">World units.</param>
    /// <param name="Form">What the wagon carries, or whether it pulls.</param>
    readonly record struct Wagon(double Front, float Length, Form Form, Vector4 Colour)
    {
        public double Middle => Front + Length / 2;

        /// <summary>Distances of the axles behind the head of the train.</summary>
        public IEnumerable<double> Axles =>
            [
                Middle - 0.32 * Length - AxleHalfSpacing,
                Middle - 0.32 * Length + AxleHalfSpacing,
                Middle + 0.32 * Length - AxleHalfSpacing,
                Middle + 0.32 * Length + AxleHalfSpacing,
            ];
    }

    readonly RateTable travel;
    readonly double start;                  // world x of the head at time 0
    readonly Wagon[] wagons;
    readonly float joint, rail;
    readonly double fastest;
    readonly Landscape landscape;
    readonly Vector4 steel, bed, window;
    readonly bool wires;

    public Train(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        joint = random.Between(-0.15f, 0.15f);
        fastest = random.Between(0.75, 1.6);
        var changes = new IntensityCurve(random, seconds, 1.2, 2.5);
        travel = new RateTable(seconds, t => fastest * (0.35 + 0.65 * changes.At(t)));
        start = random.Between(-2.2, 0.2);
        wagons = [.. Couple(random, seconds * fastest + 4)];
        Events = [.. Clacks(random)];

        var picture = Random("picture");
        rail = picture.Between(0.24f, 0.34f);
        landscape = new Landscape(
            picture,
            rail - 0.06f,
            Colour.Hsv(picture.Between(0.08, 0.38), picture.Between(0.1, 0.6), picture.Between(0.3, 0.7)),
            Landscape.AnyDaylight(picture));
        steel = landscape.Lit(Colour.Grey(picture.Between(0.45, 0.8)));
        bed = landscape.Lit(Colour.Hsv(picture.Between(0.03, 0.12), picture.Between(0.05, 0.35), picture.Between(0.3, 0.6)));
        window = landscape.Dark
            ? Colour.Hsv(0.12, picture.Between(0.2, 0.6), 1).Shade(1.3f)
            : Colour.Hsv(0.57, 0.3, picture.Between(0.15, 0.5));
        wires = picture.Chance(0.5);
        Captions =
        [
            "a train passing by",
            "train wheels clacking over rail joints",
            "a railway train rolling past",
            "wagons rattling along the track",
            "the rumble and clatter of a train", wagons[^1].Form == Form.Coach ? "a passenger train going by" : "a freight train going by",
        ];
    }

    public override double Loudness(double time) => Math.Min(1, 0.5 * Rumble(time) + 0.6 * LoudnessOfEvents(time, 0.045));

    internal override void PaintBackdrop(Canvas canvas)
    {
        landscape.Paint(canvas);
        canvas.Fill(new Box(new Vector2(0, rail + 0.07f), new Vector2(3, 0.06f)), bed);
        for (var i = -16; i < 17; i++)
            canvas.Line(new Vector2(0.1f * i, rail + 0.035f), new Vector2(0.1f * i + 0.05f, rail + 0.035f), 0.022f, bed.Shade(0.4f));
        canvas.Line(new Vector2(-3, rail + 0.01f), new Vector2(3, rail + 0.01f), 0.02f, steel);
        canvas.Fill(new Box(new Vector2(joint, rail + 0.01f), new Vector2(0.012f, 0.02f)), new Vector4(0, 0, 0, 1));
        canvas.Fill(new Box(new Vector2(joint, rail + 0.05f), new Vector2(0.05f, 0.02f)), steel.Shade(1.5f));
        if (wires)
        {
            canvas.Line(new Vector2(-3, -0.3f), new Vector2(3, -0.3f), 0.008f, bed.Shade(0.3f));
            canvas.Line(new Vector2(joint + 0.4f, -0.36f), new Vector2(joint + 0.4f, rail), 0.02f, bed.Shade(0.4f));
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var head = HeadAt(time);
        foreach (var wagon in wagons)
        {
            var x = (float)(head - wagon.Middle);
            if (Math.Abs(x) < 1.1f + wagon.Length / 2)
                PaintWagon(canvas, wagon, x, head);
        }
        foreach (var (at, strength) in Events)
        {
            var age = (float)(time - at);
            if (age is < 0 or > 0.15f)
                continue;
            var dust = new Vector2(joint, rail + 0.04f);                   // beaten out of the bed
            var radius = 0.06f + 0.3f * age;
            canvas.Fill(new Disc(dust, radius), new Haze(dust, radius, bed.Shade(2).WithAlpha((float)strength * (1 - age / 0.15f))));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new NoiseBed(90, 300).Add(track, random, 0.055f, Rumble);
        new NoiseBed(1500, 4200).Add(track, random, 0.032f, Rumble);
        var railBody = ModalBody.Of(random, random.BetweenLog(700, 1000), [1, 1.45, 2.1, 2.9, 4.2, 5.6], 0.05, 0.3, 0.15);
        foreach (var (time, strength) in Events)
        {
            railBody.Strike(track, time, 0.9 * strength, 2000 + 3500 * strength);
            new NoiseBurst(150, 600, 0, 0.02).Add(track, random, time, 0.08 * strength);
            new NoiseBurst(1200, 5000, 0, 0.008).Add(track, random, time, 0.16 * strength);
        }
    }

    /// <summary>Loudness of the rumble, from the share of the picture that the train fills and from its speed.</summary>
    double Rumble(double time)
    {
        var head = HeadAt(time);
        var near = 0.0;
        foreach (var wagon in wagons)
        {
            var x = Math.Abs(head - wagon.Middle) - wagon.Length / 2;
            near = Math.Max(near, 1 / (1 + Math.Exp((x - 0.25) * 14)));
        }
        return near * (0.1 + 0.9 * Math.Pow(SpeedShare(time), 1.3));
    }

    double HeadAt(double time) => start + travel.IntegralAt(time);

    double SpeedShare(double time) => travel.At(time) / 1.6;

    /// <summary>Short trains with gaps between them, or one long train.</summary>
    static IEnumerable<Wagon> Couple(SceneRandom random, double length)
    {
        var passenger = random.Chance(0.5);
        var livery = Colour.Hsv(random.Unit(), random.Between(0.1, 0.9), random.Between(0.3, 0.95));
        var wagonLength = random.Between(0.6f, 0.95f);
        var back = 0.0;
        while (back < length)
        {
            for (int i = 0, count = 2 + random.Below(3); i < count; i++)
            {
                var form = i == 0 ? Form.Engine : passenger ? Form.Coach : random.Pick(Form.Box, Form.Tank, Form.Open);
                var colour = passenger ? livery : Colour.Hsv(random.Unit(), random.Between(0, 0.8), random.Between(0.25, 0.85));
                yield return new Wagon(back, wagonLength, form, colour);
                back += wagonLength + 0.05;
            }
            back += random.Between(0.7, 1.8);
        }
    }

    IEnumerable<SoundEvent> Clacks(SceneRandom random)
    {
        foreach (var axle in wagons.SelectMany(w => w.Axles).Order())
        {
            var time = travel.TimeOfIntegral(joint + axle - start);
            if (time >= 0 && time < Seconds - 0.02)
                yield return new SoundEvent(time, Math.Min(1, (0.25 + 0.75 * SpeedShare(time)) * random.Between(0.8, 1.1)));
        }
    }

    void PaintWagon(Canvas canvas, Wagon wagon, float x, double head)
    {
        var half = wagon.Length / 2;
        var colour = landscape.Lit(wagon.Colour);
        var dip = wagon.Axles.Any(axle => Math.Abs(head - axle - joint) < 0.02) ? 0.008f : 0;     // the jolt at the gap
        Vector2 At(float along, float up) => new(x + along, rail - up + dip);

        canvas.Fill(new Box(At(0, 0.085f), new Vector2(half, 0.02f)), new Vector4(0.02f, 0.02f, 0.022f, 1));
        canvas.Line(At(-half - 0.05f, 0.09f), At(-half, 0.09f), 0.02f, new Vector4(0.03f, 0.03f, 0.03f, 1));
        var body = new Gradient(At(0, 0.4f), colour.Shade(1.25f), At(0, 0.1f), colour.Shade(0.6f));
        switch (wagon.Form)
        {
            case Form.Engine:
                canvas.Fill(
                    new Box(At(0, 0.25f), new Vector2(half, 0.15f), 0, 0.05f),
                    new Gradient(At(0, 0.4f), colour.Shade(0.9f), At(0, 0.1f), colour.Shade(0.35f)));
                canvas.Fill(new Box(At(half - 0.09f, 0.32f), new Vector2(0.05f, 0.04f)), window);
                canvas.Fill(new Disc(At(half - 0.01f, 0.17f), 0.025f), new Vector4(3, 3, 2.4f, 1));
                break;
            case Form.Coach:
                canvas.Fill(new Box(At(0, 0.25f), new Vector2(half, 0.15f), 0, 0.03f), body);
                for (var i = 0; i < 5; i++)
                    canvas.Fill(new Box(At(half * (-0.76f + 0.38f * i), 0.29f), new Vector2(0.12f * half, 0.045f)), window);
                break;
            case Form.Box:
                canvas.Fill(new Box(At(0, 0.26f), new Vector2(0.95f * half, 0.16f)), body);
                canvas.Fill(new Box(At(0, 0.24f), new Vector2(0.2f * half, 0.13f)), colour.Shade(0.5f));
                break;
            case Form.Tank:
                canvas.Fill(new Box(At(0, 0.22f), new Vector2(0.92f * half, 0.11f), 0, 0.1f), body);
                canvas.Fill(new Box(At(0, 0.34f), new Vector2(0.04f, 0.025f)), colour.Shade(0.5f));
                break;
            default:
                canvas.Fill(new Ellipse(At(0, 0.22f), new Vector2(0.8f * half, 0.07f)), bed.Shade(0.3f));
                canvas.Fill(new Box(At(0, 0.15f), new Vector2(0.95f * half, 0.06f)), body);
                break;
        }
        foreach (var axle in wagon.Axles)
        {
            var hub = new Vector2((float)(head - axle), rail - WheelRadius + (Math.Abs(head - axle - joint) < 0.02 ? 0.008f : 0));
            var turn = (float)(head / WheelRadius);
            var spoke = 0.03f * new Vector2(MathF.Cos(turn), MathF.Sin(turn));
            canvas.Fill(new Disc(hub, WheelRadius), new Vector4(0.015f, 0.015f, 0.017f, 1));
            canvas.Line(hub - spoke, hub + spoke, 0.014f, steel);
        }
    }
}
