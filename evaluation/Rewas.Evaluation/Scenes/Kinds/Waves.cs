using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// The sea from the beach: swells roll in, rise, break into foam that washes up the sand, and run back. Each roars as it breaks, the
/// higher the louder, and hisses while its foam dies.
/// </summary>
sealed class Waves : Scene
{
    public const string Name = "waves";

    const double RollSeconds = 2.2, WashSeconds = 2.6;

    readonly float horizon, shore, slope, swell;
    readonly double depth;                  // pitch of the roar: large seas are low
    readonly Landscape landscape;
    readonly Vector4 water, foam;

    public Waves(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        depth = random.BetweenLog(0.75, 1.35);
        Events = [.. Breakers(random, seconds)];

        var picture = Random("picture");
        horizon = picture.Between(-0.28f, -0.08f);
        shore = picture.Between(0.1f, 0.24f);
        slope = picture.Between(-0.12f, 0.12f);
        swell = picture.Between(0.7f, 1.2f);
        var sand = picture.Chance(0.75)
            ? Colour.Hsv(picture.Between(0.07, 0.14), picture.Between(0.15, 0.5), picture.Between(0.5, 0.9))
            : Colour.Grey(picture.Between(0.25, 0.5));
        landscape = new Landscape(picture, horizon, sand, Landscape.AnyDaylight(picture));
        water = landscape.Lit(Colour.Hsv(picture.Between(0.42, 0.65), picture.Between(0.25, 0.8), picture.Between(0.3, 0.7)));
        foam = Colour.Hsv(0.55, picture.Between(0, 0.1), picture.Between(0.85, 1)).Shade(0.3f + 0.7f * landscape.Light);
        Captions =
        [
            "waves breaking on a beach", "sea waves rolling onto the shore", "ocean surf", "waves washing up on the sand",
            "the sea breaking on the shore", "surf rushing up a beach and back",
        ];
    }

    /// <summary>Loudness grows as a wave rises, is full when it breaks, and dies with the foam.</summary>
    public override double Loudness(double time) => Together(Events.Select(e => e.Strength * Envelope(time - e.TimeSeconds)));

    internal override void PaintBackdrop(Canvas canvas)
    {
        landscape.Paint(canvas);
        var random = Random("ripples");
        canvas.Fill(
            new Box(new Vector2(0, 0.5f * (horizon + shore)), new Vector2(3, 0.5f * (shore - horizon)), slope * 0.2f),
            new Gradient(new Vector2(0, horizon), water.Shade(0.7f), new Vector2(0, shore), water.Shade(1.3f)));
        for (var i = 0; i < 40; i++)
        {
            var near = (float)random.Unit();
            var at = new Vector2(random.Between(-0.9f, 0.9f), float.Lerp(horizon + 0.01f, shore, near * near));
            canvas.Line(at, at + new Vector2(0.03f + 0.1f * near, 0), 0.006f, water.Shade(random.Between(0.6f, 1.7f)));
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        for (var i = Events.Count - 1; i >= 0; i--)                        // the later ones are farther out
        {
            var (at, strength) = Events[i];
            var age = time - at;
            if (age < -RollSeconds || age > WashSeconds)
                continue;
            if (age < 0)
                PaintSwell(canvas, (float)(1 + age / RollSeconds), (float)strength);
            else
                PaintWash(canvas, (float)age, (float)strength, (ulong)i + 1);
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new NoiseBed(90 * depth, 800 * depth).Add(track, random, 0.17f, Loudness);
        new NoiseBed(800 * depth, 3600 * depth).Add(track, random, 0.09f, time => 0.2 * Loudness(time) + 0.8 * Loudness(time - 0.12));
    }

    static IEnumerable<SoundEvent> Breakers(SceneRandom random, double seconds)
    {
        for (var time = random.Between(0.2, 1.8); time < seconds - 0.05; time += random.Between(1.5, 2.7))
            yield return new SoundEvent(time, random.BetweenLog(0.35, 1));
    }

    static double Envelope(double age) => age < 0 ? Math.Exp(age / 0.16) : age < 0.2 ? 1 : Math.Exp(-(age - 0.2) / 0.45);

    float Tilt(float x) => slope * x * 0.3f;

    /// <summary>A dark face with a bright crest that comes nearer and grows.</summary>
    void PaintSwell(Canvas canvas, float near, float strength)
    {
        var y = float.Lerp(horizon + 0.01f, shore - 0.06f, near * near);
        var height = (0.01f + 0.13f * strength * swell * near * near) * Math.Min(1, 4 * near);
        var half = 0.5f * height;
        canvas.Fill(
            new Box(new Vector2(0, y - half), new Vector2(2, half), 0.3f * slope, 0),
            new Gradient(new Vector2(0, y - height), water.Shade(1.5f), new Vector2(0, y), water.Shade(0.35f)));
        var lip = Math.Clamp(4 * near - 3, 0, 1);                          // whitens just before it breaks
        canvas.Fill(
            new Box(new Vector2(0, y - height), new Vector2(2, 0.006f + 0.02f * lip * strength), 0.3f * slope),
            Vector4.Lerp(water.Shade(2), foam, lip).WithAlpha(0.4f + 0.6f * near));
    }

    /// <summary>The curl falls, and foam rushes up the sand and runs back.</summary>
    void PaintWash(Canvas canvas, float age, float strength, ulong seed)
    {
        var random = new SceneRandom(seed);
        var run = MathF.Sin(MathF.PI * MathF.Pow(age / (float)WashSeconds, 0.55f)) * 0.3f * strength * swell;
        var alpha = MathF.Exp(-age / 0.8f) * (0.35f + 0.65f * strength);
        var top = shore - 0.06f - 0.1f * strength * swell * MathF.Exp(-age / 0.15f);
        var front = shore - 0.04f + run;
        canvas.Fill(
            new Box(new Vector2(0, 0.5f * (shore - 0.06f + front)), new Vector2(2, 0.5f * (front - shore + 0.06f)), 0.3f * slope),
            water.Shade(1.2f).WithAlpha(0.6f * Math.Min(1, 2 - 2 * age / (float)WashSeconds)));
        for (var i = 0; i < 46; i++)
        {
            var x = -0.9f + 1.8f * (i + (float)random.Unit()) / 46;
            var spread = i % 2 == 0 ? 1 : (float)random.Unit();            // half of it leads at the front
            var boil = 0.012f * MathF.Sin(age * random.Between(14f, 30f) + i);
            var at = new Vector2(x, float.Lerp(top, front + random.Between(-0.02f, 0.02f), spread) + Tilt(x) + boil);
            var radius = random.Between(0.02f, 0.05f) * (0.5f + strength);
            canvas.Fill(new Ellipse(at, new Vector2(1.5f * radius, radius)), foam.WithAlpha(alpha));
        }
    }
}
