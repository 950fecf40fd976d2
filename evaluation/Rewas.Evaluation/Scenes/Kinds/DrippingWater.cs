using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>Drops swell at a tap or a ledge, fall, and plink into water, where rings spread. Large drops are loud and low.</summary>
sealed class DrippingWater : Scene
{
    public const string Name = "drip";

    const double SwellSeconds = 0.5, RingSeconds = 1.1;

    readonly float tip, surface, gravity, x;
    readonly double fallSeconds;
    readonly bool tap;
    readonly double pitch;
    readonly Backdrop backdrop;
    readonly Vector4 water, spout, shine;

    public DrippingWater(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        tip = random.Between(-0.36f, -0.18f);
        surface = random.Between(0.2f, 0.32f);
        gravity = random.Between(4f, 8f);
        fallSeconds = Math.Sqrt(2 * (surface - tip) / gravity);
        x = random.Between(-0.22f, 0.22f);
        tap = random.Chance(0.6);
        pitch = random.BetweenLog(0.75, 1.4);
        Events = [.. Drops(random, seconds)];

        var picture = Random("picture");
        backdrop = new Backdrop(picture, 2, Ground.Stone, dark: picture.Chance(0.5));
        water = Colour.Hsv(picture.Between(0.45, 0.65), picture.Between(0.2, 0.7), picture.Between(0.2, 0.6));
        shine = Colour.Hsv(0.55, 0.1, picture.Between(0.8, 1));
        spout = tap ? Colour.Grey(picture.Between(0.35, 0.8)) : Colour.Hsv(picture.Between(0, 0.12), 0.2, picture.Between(0.2, 0.5));
        Captions = tap
            ? [
                "water dripping from a tap",
                "a dripping faucet",
                "water drops falling into a sink",
                "a leaking tap dripping",
                "drops of water plinking",
            ]
            : [
                "water dripping in a cave",
                "water drops falling into a pool",
                "dripping water",
                "drops of water plinking into a puddle",
                "single drops falling into water",
            ];
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, 0.06);

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        canvas.Fill(
            new Box(new Vector2(0, surface + 0.95f), new Vector2(3, 1.03f)),
            new Gradient(new Vector2(0, surface - 0.1f), water.Shade(1.5f), new Vector2(0, 0.6f), water.Shade(0.6f)));
        canvas.Line(new Vector2(-3, surface - 0.08f), new Vector2(3, surface - 0.08f), 0.008f, shine.WithAlpha(0.4f));
        if (tap)
        {
            canvas.Fill(new Box(new Vector2(x, tip - 0.04f), new Vector2(0.03f, 0.04f)), spout.Shade(0.8f));
            canvas.Line(new Vector2(x, tip - 0.09f), new Vector2(x - 0.2f, tip - 0.09f), 0.06f, spout);
            canvas.Fill(new Box(new Vector2(x - 0.2f, tip - 0.07f), new Vector2(0.045f, 0.1f), 0, 0.02f), spout.Shade(1.2f));
            canvas.Line(new Vector2(x - 0.28f, tip - 0.19f), new Vector2(x - 0.12f, tip - 0.19f), 0.03f, spout.Shade(0.7f));
        }
        else
        {
            canvas.Fill(new Box(new Vector2(x - 0.1f, tip - 0.55f), new Vector2(0.45f, 0.5f), 0.08f, 0.04f), spout);
            canvas.Line(new Vector2(x, tip - 0.1f), new Vector2(x, tip - 0.012f), 0.025f, spout.Shade(0.8f));
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        foreach (var (impact, strength) in Events)
        {
            var age = (float)(time - impact);
            if (age < -fallSeconds - SwellSeconds || age > RingSeconds)
                continue;
            var radius = 0.016f + 0.022f * (float)strength;
            if (age < 0)
                PaintDrop(canvas, time - (impact - fallSeconds), radius);
            else
                PaintRings(canvas, age, (float)strength);
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        foreach (var (time, strength) in Events)
        {
            var hertz = pitch * 1900 * Math.Pow(0.4, strength) * random.Between(0.85, 1.2);
            new Bubble(hertz, 0.025 + 0.035 * strength, random.Between(0.08, 0.2)).Add(track, time, 0.85 * strength);
            new Bubble(hertz * random.Between(1.3, 1.9), 0.015, 0.2).Add(track, time + random.Between(0.012, 0.05), 0.3 * strength);
            new NoiseBurst(3000, 7500, 0, 0.004).Add(track, random, time, 0.03 * strength);
        }
    }

    /// <summary>Slow drops of many sizes, with quick runs and pauses now and then.</summary>
    static IEnumerable<SoundEvent> Drops(SceneRandom random, double seconds)
    {
        var time = random.Between(0.15, 0.9);
        var pace = random.Between(0.35, 0.9);
        while (time < seconds - 0.02)
        {
            if (random.Chance(0.2))
            {
                for (var left = 3 + random.Below(4); left > 0 && time < seconds - 0.02; left--)
                {
                    yield return new SoundEvent(time, random.Between(0.2, 0.8));
                    time += random.Between(0.12, 0.22);
                }
            }
            else
            {
                yield return new SoundEvent(time, random.Between(0.25, 1));
            }
            time += pace * random.Between(0.6, 1.5) + (random.Chance(0.2) ? random.Between(0.5, 1.2) : 0);
        }
    }

    void PaintDrop(Canvas canvas, double sinceRelease, float radius)
    {
        if (sinceRelease < 0)
        {
            var grown = radius * MathF.Sqrt((float)(1 + sinceRelease / SwellSeconds));
            var hanging = new Vector2(x, tip + 0.5f * grown);
            canvas.Fill(new Disc(hanging, grown), new Sphere(hanging, grown, shine));
            return;
        }
        var fall = 0.5f * gravity * (float)(sinceRelease * sinceRelease);
        var at = new Vector2(x, tip + fall);
        canvas.Line(
            at - new Vector2(0, Math.Min(fall, 0.25f * gravity * (float)sinceRelease * 0.05f)), at, 1.2f * radius, shine.WithAlpha(0.7f));
        canvas.Fill(new Disc(at, radius), new Sphere(at, radius, shine));
    }

    void PaintRings(Canvas canvas, float age, float strength)
    {
        var at = new Vector2(x, surface);
        for (var ring = 0; ring < 3; ring++)
        {
            var ringAge = age - 0.09f * ring;
            if (ringAge <= 0)
                continue;
            var radius = 0.02f + 0.42f * ringAge;
            var fade = (float)(1 - age / RingSeconds);
            canvas.Fill(
                new EllipseRing(at, new Vector2(radius, 0.26f * radius), 0.006f + 0.006f * strength),
                (ring == 1 ? water.Shade(0.3f) : shine).WithAlpha(0.9f * strength * fade * fade));
        }
        if (age > 0.24f)
            return;
        // The crown, and the jet that springs back.
        var height = 0.16f * strength * MathF.Sin(MathF.PI * age / 0.24f);
        canvas.Line(at, at - new Vector2(0, height), 0.022f, shine);
        for (var side = -1; side <= 1; side += 2)
        {
            var spray = at + new Vector2(side * 0.5f * age * strength, -0.9f * age * strength + 3 * age * age);
            canvas.Fill(new Disc(spray, 0.011f), shine);
        }
    }
}
