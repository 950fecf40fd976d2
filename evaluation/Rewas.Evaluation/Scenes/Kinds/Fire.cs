using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>A fire that flares up, dies down and spits. It rumbles with the size of its flames, and every crackle throws sparks.</summary>
sealed class Fire : Scene
{
    public const string Name = "fire";

    const double SparkSeconds = 0.45;

    enum Place
    {
        Camp,
        Hearth,
        Barrel,
    }

    readonly Place place;
    readonly IntensityCurve size;
    readonly SoundEvent[] crackles;
    readonly float foot, width, height, x;
    readonly Landscape? night;
    readonly Backdrop? room;
    readonly Vector4 wood, stone, core, edge;
    readonly Emitter flames, embers = new(14, 1.1);

    public Fire(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        place = random.Pick(Place.Camp, Place.Hearth, Place.Barrel);
        size = new IntensityCurve(random, seconds, 0.7, 1.9);
        crackles = [.. Crackles(random, seconds)];
        Events = SampleLoudness();

        var picture = Random("picture");
        foot = place == Place.Barrel ? picture.Between(0, 0.1f) : picture.Between(0.2f, 0.3f);
        x = picture.Between(-0.12f, 0.12f);
        width = picture.Between(0.13f, 0.22f);
        height = picture.Between(0.4f, 0.6f);
        if (place == Place.Hearth)
            room = new Backdrop(picture, foot + 0.05f, picture.Pick(Ground.Wood, Ground.Stone, Ground.Tiles), dark: picture.Chance(0.6));
        else
            night = new Landscape(
                picture,
                foot - 0.02f,
                Colour.Hsv(picture.Between(0.05, 0.3), picture.Between(0.1, 0.5), picture.Between(0.3, 0.6)),
                picture.Pick(Daylight.Night, Daylight.Dusk, Daylight.Overcast, Daylight.Night));
        wood = Colour.Hsv(picture.Between(0.03, 0.09), picture.Between(0.3, 0.6), picture.Between(0.15, 0.4));
        stone = Colour.Hsv(picture.Unit(), picture.Between(0, 0.4), picture.Between(0.2, 0.5));
        core = Colour.Hsv(picture.Between(0.1, 0.16), picture.Between(0.3, 0.7), 1).Shade(1.6f);
        edge = Colour.Hsv(picture.Between(0, 0.07), picture.Between(0.8, 1), picture.Between(0.8, 1));
        flames = new Emitter(26 + picture.Below(14), picture.Between(0.45, 0.7));
        Captions = place switch
        {
            Place.Camp => [
                "a campfire crackling",
                "a crackling fire",
                "burning logs crackling and popping",
                "a bonfire flaring up",
                "flames of a campfire",
            ],
            Place.Hearth => [
                "a fireplace crackling",
                "a crackling fire",
                "logs burning in a fireplace",
                "fire popping in the hearth",
                "flames flickering in a fireplace",
            ],
            _ => [
                "a fire in a barrel",
                "a crackling fire",
                "flames roaring in an oil drum",
                "fire burning and popping",
                "wood burning in a barrel",
            ],
        };
    }

    /// <summary>The rumble of the flames, and each crackle over it.</summary>
    public override double Loudness(double time) => Math.Min(1, 0.55 * Rumble(time) + 0.45 * LoudnessOf(crackles, time, 0.03));

    internal override void PaintBackdrop(Canvas canvas)
    {
        night?.Paint(canvas);
        room?.Paint(canvas);
        var random = Random("logs");
        if (place == Place.Hearth)
        {
            canvas.Fill(new Box(new Vector2(x, foot - 0.2f), new Vector2(width + 0.24f, 0.34f), 0, 0.02f), stone);
            for (var row = 0; row < 6; row++)
                canvas.Line(
                    new Vector2(x - width - 0.24f, foot - 0.48f + 0.11f * row),
                    new Vector2(x + width + 0.24f, foot - 0.48f + 0.11f * row),
                    0.008f,
                    stone.Shade(0.6f));
            canvas.Fill(
                new Box(new Vector2(x, foot - 0.15f), new Vector2(width + 0.14f, 0.25f), 0, 0.08f), new Vector4(0.01f, 0.008f, 0.006f, 1));
        }
        else if (place == Place.Barrel)
        {
            canvas.Fill(
                new Box(new Vector2(x, foot + 0.24f), new Vector2(width + 0.04f, 0.24f)),
                new Gradient(new Vector2(x - width, 0), stone.Shade(1.2f), new Vector2(x + width, 0), stone.Shade(0.35f)));
            for (var hoop = 0; hoop < 3; hoop++)
                canvas.Line(
                    new Vector2(x - width - 0.04f, foot + 0.02f + 0.16f * hoop),
                    new Vector2(x + width + 0.04f, foot + 0.02f + 0.16f * hoop),
                    0.018f,
                    stone.Shade(0.5f));
            return;
        }
        for (var i = 0; i < 6; i++)
        {
            var side = random.Between(-1f, 1f);
            var from = new Vector2(x + side * width * 1.4f, foot + random.Between(0f, 0.05f));
            canvas.Line(
                from,
                new Vector2(x - side * 0.5f * width, foot - random.Between(0f, 0.06f)),
                0.05f,
                wood.Shade(random.Between(0.5f, 1.4f)));
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var now = (float)size.At(time);
        var middle = new Vector2(x, foot - 0.1f);
        var flicker = 1 + 0.25f * MathF.Sin(37 * (float)time) * MathF.Sin(23 * (float)time + 1);
        var glow = 0.35f + 0.4f * now;
        canvas.Fill(new Disc(middle, glow), new Haze(middle, glow, edge.WithAlpha((0.04f + 0.4f * now) * flicker)));
        // Outer flames first, hot cores over them.
        foreach (var inner in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (var (age, born, random) in flames.At(time))
                PaintFlame(canvas, age, (float)size.At(born), random, inner);
        }
        foreach (var (age, born, random) in embers.At(time))
        {
            var force = (float)size.At(born);
            if (random.Chance(0.8 * force))
                canvas.Fill(
                    new Disc(
                        new Vector2(
                            x + random.Between(-1f, 1f) * width + 0.1f * MathF.Sin(7 * age + random.Between(0f, 6f)),
                            foot - 0.1f - 0.6f * age * force),
                        0.007f),
                    core.WithAlpha(1 - age));
        }
        foreach (var (at, strength) in crackles)
        {
            if (time >= at && time - at < SparkSeconds)
                PaintSparks(canvas, (float)(time - at), (float)strength, (ulong)(at * 10_000));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new NoiseBed(50, 280).Add(track, random, 0.12f, Rumble);
        new NoiseBed(3000, 7000).Add(track, random, 0.008f, Rumble);
        foreach (var (time, strength) in crackles)
        {
            new NoiseBurst(random.Between(2500, 4000), 7600, 0, random.Between(0.002, 0.006)).Add(track, random, time, 0.75 * strength);
            for (var after = random.Exponential(0.012); after < 0.06; after += random.Exponential(0.012))
                new NoiseBurst(3500, 7600, 0, 0.002).Add(track, random, time + after, 0.4 * strength * random.Unit());
        }
    }

    double Rumble(double time) => 0.05 + 0.95 * Math.Pow(size.At(time), 1.3);

    /// <summary>Crackles: the larger the fire, the more of them and the louder.</summary>
    IEnumerable<SoundEvent> Crackles(SceneRandom random, double seconds)
    {
        for (var time = random.Exponential(0.1); time < seconds - 0.02; time += 0.03 + random.Exponential(0.16))
        {
            var now = size.At(time);
            if (random.Chance(0.12 + 0.88 * now))
                yield return new SoundEvent(time, random.BetweenLog(0.15, 1) * (0.4 + 0.6 * now));
        }
    }

    void PaintFlame(Canvas canvas, float age, float force, SceneRandom random, bool inner)
    {
        var side = random.Between(-1f, 1f);
        var lick = 0.05f * MathF.Sin(9 * age + random.Between(0f, MathF.Tau));
        var at = new Vector2(
            x + side * width * (1 - 0.75f * age) * (0.5f + 0.5f * force) + lick * age,
            foot - 0.02f - height * age * (0.12f + 0.88f * force) * (1 - 0.4f * Math.Abs(side)));
        var radius = (0.015f + 0.085f * force) * MathF.Sqrt(1 - age) * (inner ? 0.5f : 1);
        if (inner && age > 0.7f)
            return;
        var colour = inner ? core : Vector4.Lerp(edge.Shade(1.3f) + new Vector4(0, 0.25f, 0, 0), edge.Shade(0.8f), age);
        canvas.Fill(new Ellipse(at, new Vector2(radius, 1.6f * radius)), colour.WithAlpha((inner ? 0.85f : 0.75f) * (1 - 0.7f * age)));
    }

    /// <summary>A flash at the bursting log, and the sparks that fly from it.</summary>
    void PaintSparks(Canvas canvas, float age, float strength, ulong seed)
    {
        var random = new SceneRandom(seed);
        var from = new Vector2(x + random.Between(-0.8f, 0.8f) * width, foot - random.Between(0.02f, 0.12f));
        var fade = 1 - age / (float)SparkSeconds;
        if (age < 0.08f)
            canvas.Fill(new Disc(from, 0.1f * strength + 0.03f), new Haze(from, 0.1f * strength + 0.03f, new Vector4(4, 3.2f, 2, 1)));
        for (var i = 0; i < 3 + (int)(9 * strength); i++)
        {
            var velocity = (0.4f + strength) * new Vector2(random.Between(-0.8f, 0.8f), random.Between(-1.3f, -0.3f));
            var at = from + velocity * age + new Vector2(0, 1.3f * age * age);
            canvas.Line(at, at - 0.03f * velocity, 0.011f, new Vector4(3.5f, 2.2f, 0.8f, fade));
        }
    }
}
