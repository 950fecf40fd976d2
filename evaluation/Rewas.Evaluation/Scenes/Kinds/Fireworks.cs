using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Rockets rise, some whistling, and burst with a bang. The larger the burst, the louder. Some burst again into a crackling glitter.
/// </summary>
sealed class Fireworks : Scene
{
    public const string Name = "fireworks";

    const double BurstSeconds = 1.5, GlitterAfter = 0.35, GlitterSeconds = 0.6;

    /// <param name="Launch">Seconds.</param>
    /// <param name="Burst">Seconds.</param>
    /// <param name="Size">0 to 1, for the picture and the sound of the burst.</param>
    /// <param name="Drift">Sideways motion while it rises, world units.</param>
    /// <param name="Whistles">Whistles as it rises, and leaves a bright trail.</param>
    /// <param name="Glitters">Crackles after the bang.</param>
    readonly record struct Rocket(
        double Launch, double Burst, double Size, Vector2 At, float Drift, Vector4 Colour, bool Whistles, bool Glitters, ulong Seed)
    {
        public double RiseSeconds => Burst - Launch;
    }

    readonly Rocket[] rockets;
    readonly Landscape landscape;
    readonly float ground, spread, gravity;
    readonly bool ringed;

    public Fireworks(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        rockets = [.. Launches(Random("simulation"), seconds)];
        Events = [.. rockets.Where(r => r.Burst < seconds - 0.02).Select(r => new SoundEvent(r.Burst, r.Size))];

        var picture = Random("picture");
        ground = picture.Between(0.36f, 0.46f);
        spread = picture.Between(0.28f, 0.45f);
        gravity = picture.Between(0.03f, 0.12f);
        ringed = picture.Chance(0.35);
        landscape = new Landscape(
            picture,
            ground,
            Colour.Hsv(picture.Unit(), picture.Between(0, 0.4), picture.Between(0.2, 0.5)),
            picture.Pick(Daylight.Night, Daylight.Night, Daylight.Dusk));
        Captions =
        [
            "fireworks at night",
            "fireworks bursting in the sky",
            "rockets whistling and exploding",
            "a firework display with bangs and crackles",
            "bangs of fireworks at night", "fireworks exploding",
        ];
    }

    public override double Loudness(double time)
    {
        var loudest = 0.0;
        foreach (var rocket in rockets)
        {
            var age = time - rocket.Burst;
            if (rocket.Whistles && age < 0 && time > rocket.Launch)
                loudest = Math.Max(loudest, Whistle(rocket, time));
            if (age >= 0)
                loudest = Math.Max(loudest, rocket.Size * Math.Exp(-age / 0.13));
            if (rocket.Glitters)
                loudest = Math.Max(loudest, 0.15 * rocket.Size * Glitter(age));
        }
        return loudest;
    }

    internal override void PaintBackdrop(Canvas canvas) => landscape.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        foreach (var rocket in rockets)
        {
            var age = (float)(time - rocket.Burst);
            if (age < 0 && time > rocket.Launch)
                PaintTrail(canvas, rocket, time);
            else if (age is >= 0 and < (float)BurstSeconds)
                PaintBurst(canvas, rocket, age);
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        foreach (var rocket in rockets)
        {
            if (rocket.Whistles)
                AddWhistle(track, random, rocket);
            new NoiseBurst(35, 260, 0.002, 0.13).Add(track, random, rocket.Burst, 0.5 * rocket.Size);
            new NoiseBurst(700, 7600, 0, 0.11).Add(track, random, rocket.Burst, 0.4 * rocket.Size);
            new NoiseBurst(150, 1200, 0.05, 0.3).Add(track, random, rocket.Burst + 0.12, 0.05 * rocket.Size);      // from the hills
            if (!rocket.Glitters)
                continue;
            for (var after = 0.0; after < GlitterAfter + GlitterSeconds; after += random.Exponential(0.008))
                new NoiseBurst(2500, 7600, 0, 0.002).Add(
                    track, random, rocket.Burst + after, 0.45 * rocket.Size * Glitter(after) * random.Unit());
        }
    }

    static IEnumerable<Rocket> Launches(SceneRandom random, double seconds)
    {
        for (var burst = random.Between(0.3, 1.2); burst < seconds + 1; burst += random.Between(0.55, 1.6))
        {
            var size = random.BetweenLog(0.3, 1);
            var at = new Vector2(random.Between(-0.36f, 0.36f), random.Between(-0.32f, 0));
            var colour = Colour.Hsv(random.Unit(), random.Between(0.2, 0.95), 1).Shade(1.8f);
            yield return new Rocket(
                burst - random.Between(0.6, 1),
                burst,
                size,
                at,
                random.Between(-0.2f, 0.2f),
                colour,
                random.Chance(0.5),
                random.Chance(0.5),
                random.NextBits());
        }
    }

    static double Whistle(Rocket rocket, double time) => 0.16 * (0.4 + 0.6 * rocket.Size) * Math.Min(1, (time - rocket.Launch) / 0.1);

    /// <summary>Density of the crackle and of the twinkling, by the time since the burst.</summary>
    static double Glitter(double age) =>
        age < GlitterAfter || age > GlitterAfter + GlitterSeconds ? 0 : Math.Sin(Math.PI * (age - GlitterAfter) / GlitterSeconds);

    static void AddWhistle(Track track, SceneRandom random, Rocket rocket)
    {
        var hertz = random.Between(2200, 3400);
        var fall = random.Between(0.2, 0.45);
        var phase = 0.0;
        for (var i = Math.Max(0, Track.At(rocket.Launch)); i < Math.Min(track.Samples.Length, Track.At(rocket.Burst)); i++)
        {
            var time = (double)i / Track.Rate;
            var risen = (time - rocket.Launch) / rocket.RiseSeconds;
            phase += Math.Tau * hertz * (1 - fall * risen + 0.02 * Math.Sin(70 * time)) / Track.Rate;
            track.Samples[i] += (float)(0.85 * Whistle(rocket, time) * (Math.Sin(phase) + 0.3 * random.Noise()));
        }
    }

    /// <summary>Paints a climbing rocket that slows down, with sparks behind it.</summary>
    void PaintTrail(Canvas canvas, Rocket rocket, double time)
    {
        Vector2 At(double moment)
        {
            var risen = (float)Math.Clamp((moment - rocket.Launch) / rocket.RiseSeconds, 0, 1);
            var eased = risen * (1.6f - 0.6f * risen);
            return new Vector2(rocket.At.X - rocket.Drift * (1 - eased), float.Lerp(ground, rocket.At.Y, eased));
        }
        var length = rocket.Whistles ? 8 : 4;
        for (var i = 0; i < length; i++)
            canvas.Line(
                At(time - 0.025 * i),
                At(time - 0.025 * (i + 1)),
                rocket.Whistles ? 0.02f : 0.012f,
                new Vector4(2.5f, 1.7f, 0.7f, 1 - (float)i / length));
        canvas.Fill(new Disc(At(time), rocket.Whistles ? 0.02f : 0.014f), new Vector4(4, 3.5f, 2.5f, 1));
    }

    void PaintBurst(Canvas canvas, Rocket rocket, float age)
    {
        var random = new SceneRandom(rocket.Seed);
        var size = (float)rocket.Size;
        var flash = MathF.Exp(-age / 0.09f);
        if (flash > 0.02f)
        {
            canvas.Fill(new Box(Vector2.Zero, new Vector2(2, 2)), rocket.Colour.WithAlpha(0.22f * size * flash));
            canvas.Fill(new Disc(rocket.At, 0.45f * size), new Haze(rocket.At, 0.45f * size, new Vector4(4, 4, 3.6f, flash)));
        }
        var grown = spread * (0.35f + 0.65f * size) * (1 - MathF.Exp(-age / 0.22f));
        var fade = MathF.Pow(1 - age / (float)BurstSeconds, 1.5f);
        var stars = 26 + (int)(34 * size);
        var twinkle = rocket.Glitters ? (float)Glitter(age) : 0;
        for (var i = 0; i < stars; i++)
        {
            var angle = random.Between(0f, MathF.Tau);
            var share = ringed ? random.Between(0.9f, 1f) : MathF.Sqrt((float)random.Unit());
            var direction = new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * share;
            var at = rocket.At + grown * direction + new Vector2(0, gravity * age * age * 2);
            canvas.Line(at - 0.25f * MathF.Exp(-age / 0.25f) * grown * direction, at, 0.014f, rocket.Colour.WithAlpha(fade));
            if (new SceneRandom(rocket.Seed + (ulong)i + 997 * (ulong)(age * 25)).Chance(0.35 * twinkle))
                canvas.Fill(new Disc(at, 0.02f), new Vector4(4, 4, 3.5f, 1));
        }
    }
}
