using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>A person walks, hurries and stops, seen from the side. Each contact of a foot with the ground makes a sound.</summary>
sealed class Footsteps : Scene
{
    public const string Name = "footsteps";

    readonly Gait gait;
    readonly Ground ground;
    readonly float size, floor, stride;
    readonly bool followed;                 // the camera goes along; otherwise the walker crosses the picture and turns at its edges
    readonly Backdrop backdrop;
    readonly Vector4 trousers, shirt, skin, shoe, mark;

    public Footsteps(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        ground = random.Pick(Ground.Gravel, Ground.Wood, Ground.Snow);
        gait = new Gait(random, seconds);
        Events = gait.Contacts;

        var picture = Random("picture");
        followed = picture.Chance(0.65);
        size = followed ? picture.Between(0.6f, 1.2f) : picture.Between(0.38f, 0.55f);
        stride = size * picture.Between(0.11f, 0.15f);
        floor = picture.Between(0.26f, 0.37f);
        backdrop = new Backdrop(picture, floor - 0.06f, ground);
        trousers = Colour.Against(backdrop.Behind, picture);
        shirt = Colour.Against(backdrop.Behind, picture);
        skin = Colour.Hsv(picture.Between(0.03, 0.09), picture.Between(0.25, 0.6), picture.Between(0.3, 0.95));
        shoe = Colour.Against(backdrop.GroundTone, picture);
        mark = backdrop.GroundTone.Shade(picture.Chance(0.5) ? 0.45f : 1.6f);
        Captions = ground switch
        {
            Ground.Gravel => [
                "footsteps on gravel",
                "someone walking on gravel",
                "crunching steps on a gravel path",
                "a person walking along a gravel road",
                "footsteps crunching over pebbles",
            ],
            Ground.Wood => [
                "footsteps on a wooden floor",
                "someone walking on floorboards",
                "steps knocking on wood",
                "a person walking across a wooden floor",
                "footsteps on planks",
            ],
            _ => [
                "footsteps in snow",
                "someone walking through snow",
                "steps crunching in deep snow",
                "a person walking in fresh snow",
                "squeaky footsteps in the snow",
            ],
        };
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, ground == Ground.Wood ? 0.05 : 0.1);

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        var walked = (float)gait.WalkedAt(time) * stride;
        var (x, facing) = followed ? (0f, 1f) : Fold(walked);
        if (followed)
            PassingGround(canvas, walked);
        var phase = gait.StrideAt(time);
        var amplitude = (float)gait.AmplitudeAt(time);
        var leg = 0.5f * size;
        var bob = 0.03f * leg * amplitude * MathF.Cos((float)(4 * Math.PI * phase));
        var hip = new Vector2(x, floor - 0.035f * size - 0.985f * leg + bob);
        var shoulder = hip - new Vector2(-0.02f * facing * amplitude, 0.33f * size);

        Leg(canvas, hip, Foot(x, facing, phase + 0.5, amplitude), facing, trousers.Shade(0.6f), 0.5f * leg);
        Arm(canvas, shoulder, facing, (float)Math.Sin(Math.Tau * phase) * amplitude, 0.6f);
        canvas.Line(hip, shoulder, 0.13f * size, shirt);
        canvas.Fill(new Disc(shoulder - new Vector2(-0.01f * facing, 0.13f * size), 0.07f * size), skin);
        Leg(canvas, hip, Foot(x, facing, phase, amplitude), facing, trousers, 0.5f * leg);
        Arm(canvas, shoulder, facing, -(float)Math.Sin(Math.Tau * phase) * amplitude, 1);
        Puffs(canvas, time, x, facing);
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var board = Materials.Wood(random, random.Between(1.4, 2));
        foreach (var (time, strength) in Events)
        {
            switch (ground)
            {
                case Ground.Wood:
                    board.Strike(track, time, 1.1 * strength, 700);
                    new NoiseBurst(300, 2500, 0.001, 0.006).Add(track, random, time, 0.12 * strength);
                    board.Strike(track, time + random.Between(0.05, 0.09), 0.3 * strength, 1100);      // the sole after the heel
                    break;
                case Ground.Gravel:
                    for (var grain = 0; grain < 28; grain++)
                    {
                        var after = 0.13 * Math.Pow(random.Unit(), 1.6);
                        new NoiseBurst(random.Between(900, 2000), random.Between(4000, 7500), 0, random.Between(0.002, 0.008))
                            .Add(track, random, time + after, 0.3 * strength * random.BetweenLog(0.1, 1));
                    }
                    break;
                default:
                    // Snow packs with a soft, dull crunch of many small slips, and a squeak.
                    for (var slip = 0; slip < 14; slip++)
                    {
                        new NoiseBurst(250, random.Between(900, 1600), 0.004, random.Between(0.008, 0.02))
                            .Add(
                                track,
                                random,
                                time + 0.014 * slip * random.Between(0.8, 1.2),
                                0.22 * strength * Math.Sin(Math.PI * (slip + 1.5) / 16));
                    }
                    break;
            }
        }
    }

    /// <summary>
    /// Ankle at a phase of the stride. Phase 0 is the contact in front. The foot is half a stride on the ground and half in the air.
    /// </summary>
    Vector2 Foot(float x, float facing, double phase, float amplitude)
    {
        var p = (float)(phase - Math.Floor(phase));
        var forward = p < 0.5f ? 1 - 4 * p : -MathF.Cos(MathF.Tau * (p - 0.5f));
        var lift = p < 0.5f ? 0 : MathF.Sin(MathF.Tau * (p - 0.5f));
        return new Vector2(x + facing * stride * forward * amplitude, floor - size * (0.035f + 0.1f * lift * Math.Min(1, 2 * amplitude)));
    }

    void Leg(Canvas canvas, Vector2 hip, Vector2 ankle, float facing, Vector4 colour, float bone)
    {
        var half = (ankle - hip) / 2;
        var bend = MathF.Sqrt(Math.Max(0, bone * bone - half.LengthSquared()));
        var knee = hip + half + bend * facing * Vector2.Normalize(new Vector2(half.Y, -half.X));
        canvas.Line(hip, knee, 0.085f * size, colour);
        canvas.Line(knee, ankle, 0.07f * size, colour);
        canvas.Line(
            ankle + new Vector2(-0.01f * facing * size, 0.012f * size),
            ankle + new Vector2(0.075f * facing * size, 0.015f * size),
            0.045f * size,
            shoe);
    }

    void Arm(Canvas canvas, Vector2 shoulder, float facing, float swing, float shade)
    {
        var elbow = shoulder + size * new Vector2(0.1f * swing * facing, 0.15f);
        canvas.Line(shoulder, elbow, 0.055f * size, shirt.Shade(0.8f * shade));
        canvas.Line(elbow, elbow + size * new Vector2((0.1f * swing + 0.04f) * facing, 0.12f), 0.045f * size, skin.Shade(shade));
    }

    /// <summary>Stones and joints of the ground that pass by as the camera follows.</summary>
    void PassingGround(Canvas canvas, float walked)
    {
        for (var i = 0; i < 14; i++)
        {
            var along = 0.23f * i - walked;
            var x = along - 3.22f * MathF.Floor(along / 3.22f) - 1.61f;
            var depth = 0.03f + 0.13f * ((i * 5) % 7) / 7;
            if (ground == Ground.Wood)
                canvas.Line(new Vector2(x, floor - 0.05f), new Vector2(x * 1.35f, floor + 0.4f), 0.01f, mark);
            else
                canvas.Fill(new Ellipse(new Vector2(x, floor + depth), new Vector2(0.03f + 0.01f * (i % 3), 0.012f)), mark);
        }
    }

    /// <summary>Snow or dust thrown up where a foot comes down.</summary>
    void Puffs(Canvas canvas, double time, float x, float facing)
    {
        if (ground == Ground.Wood)
            return;
        foreach (var (at, strength) in Events)
        {
            var age = (float)(time - at);
            if (age is < 0 or > 0.25f)
                continue;
            var radius = size * (0.05f + 0.25f * age) * (float)strength;
            var place = new Vector2(x + facing * stride * (1 - 3 * age), floor);
            var colour = ground == Ground.Snow ? new Vector4(1, 1, 1, 1) : backdrop.GroundTone.Shade(1.3f);
            canvas.Fill(new Disc(place, radius), new Haze(place, radius, colour.WithAlpha(0.9f * (1 - age / 0.25f))));
        }
    }

    /// <summary>Walks to and fro between the edges of the picture.</summary>
    static (float X, float Facing) Fold(float walked)
    {
        const float Reach = 0.36f;
        var along = (walked + Reach * 0.5f) / (2 * Reach);
        var lap = MathF.Floor(along);
        var part = along - lap;
        return (int)lap % 2 == 0 ? ((2 * part - 1) * Reach, 1) : ((1 - 2 * part) * Reach, -1);
    }
}
