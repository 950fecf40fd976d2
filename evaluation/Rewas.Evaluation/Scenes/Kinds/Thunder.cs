using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Lightning over land, without rain. Thunder follows each flash after the time the storm's distance takes, the same for the whole
/// scene; near strokes are brighter and louder. Later flickers of a stroke are later peals of its rumble.
/// </summary>
sealed class Thunder : Scene
{
    public const string Name = "thunder";

    const double FlickerSeconds = 0.09;

    /// <param name="Flash">Time of the flash, seconds.</param>
    /// <param name="Strength">0 to 1, for light and thunder.</param>
    /// <param name="Forked">A bolt to the ground; otherwise only the cloud lights up.</param>
    /// <param name="Seed">Seed of the bolt's path.</param>
    /// <param name="Cloud">Point where the bolt leaves the cloud.</param>
    readonly record struct Stroke(double Flash, double Strength, bool Forked, ulong Seed, Vector2 Cloud);

    readonly double delay;
    readonly Stroke[] strokes;
    readonly Landscape landscape;
    readonly float ground, skyTop;
    readonly Vector4 light, silhouette;

    public Thunder(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        delay = random.Between(0.08, 0.32);
        strokes = [.. Strokes(random, seconds)];
        Events = [.. strokes.Where(s => s.Flash + delay < seconds - 0.02).Select(s => new SoundEvent(s.Flash + delay, s.Strength))];

        var picture = Random("picture");
        ground = picture.Between(0.24f, 0.4f);
        skyTop = picture.Between(-0.5f, -0.36f);
        landscape = new Landscape(
            picture,
            ground,
            Colour.Hsv(picture.Between(0.1, 0.6), picture.Between(0.1, 0.5), picture.Between(0.3, 0.6)),
            picture.Pick(Daylight.Night, Daylight.Night, Daylight.Dusk, Daylight.Overcast));
        light = Colour.Hsv(picture.Between(0.55, 0.85), picture.Between(0, 0.35), 1);
        silhouette = landscape.GroundTone.Shade(picture.Between(0.2f, 0.6f));
        Captions =
        [
            "rumbling thunder",
            "thunder rumbling after lightning",
            "a thunderstorm",
            "lightning and claps of thunder",
            "rolling thunder in the distance",
            "a crack of thunder",
        ];
    }

    public override double Loudness(double time) => Together(strokes.Select(s => s.Strength * Peal(time - s.Flash - delay)));

    internal override void PaintBackdrop(Canvas canvas)
    {
        landscape.Paint(canvas);
        var random = Random("silhouettes");
        for (var i = 2 + random.Below(4); i > 0; i--)
        {
            var root = new Vector2(random.Between(-0.6f, 0.6f), ground + 0.02f);
            var size = random.Between(0.08f, 0.22f);
            if (random.Chance(0.5))
            {
                canvas.Line(root, root - new Vector2(0, size), 0.02f, silhouette);
                canvas.Fill(new Ellipse(root - new Vector2(0, size), new Vector2(0.4f, 0.55f) * size), silhouette);
            }
            else
                canvas.Fill(new Box(root - new Vector2(0, 0.4f * size), new Vector2(0.5f, 0.45f) * size), silhouette);
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        foreach (var stroke in strokes)
        {
            var age = time - stroke.Flash;
            if (age is < 0 or > 1.5)
                continue;
            var shine = (float)(stroke.Strength * Math.Exp(-age / FlickerSeconds));
            var glow = (float)(0.5 * stroke.Strength * Math.Exp(-age / 0.3));                  // afterglow in the clouds
            var reach = 0.3f + 0.4f * (float)stroke.Strength;
            canvas.Fill(new Box(new Vector2(0, ground - 1), new Vector2(2, 1)), light.WithAlpha(0.6f * shine));
            canvas.Fill(
                new Disc(stroke.Cloud, reach), new Haze(stroke.Cloud, reach, light.Shade(1.5f).WithAlpha(Math.Min(1, shine + glow))));
            if (stroke.Forked && age < 0.45)
                PaintBolt(canvas, stroke, (float)Math.Exp(-age / 0.16));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        new NoiseBed(28, 120).Add(track, random, 0.26f, Loudness);
        new NoiseBed(120, 420).Add(track, random, 0.07f, Loudness);
        foreach (var stroke in strokes)
        {
            if (stroke.Forked)
                new NoiseBurst(300, 4500, 0, 0.05 + 0.08 * stroke.Strength)
                    .Add(track, random, stroke.Flash + delay, 0.16 * stroke.Strength * stroke.Strength);
        }
    }

    /// <summary>A main stroke with its bolt, flickers in the cloud after it, and a pause.</summary>
    static IEnumerable<Stroke> Strokes(SceneRandom random, double seconds)
    {
        for (var time = random.Between(0.1, 1.2); time < seconds; time += random.Between(1.1, 2.2))
        {
            var strength = random.BetweenLog(0.3, 1);
            var cloud = new Vector2(random.Between(-0.35f, 0.35f), random.Between(-0.4f, -0.2f));
            yield return new Stroke(time, strength, true, random.NextBits(), cloud);
            for (var left = random.Below(4); left > 0 && time < seconds; left--)
            {
                time += random.Between(0.12, 0.35);
                yield return new Stroke(
                    time, strength * random.Between(0.35, 0.85), false, 0, cloud + new Vector2(random.Between(-0.1f, 0.1f), 0));
            }
        }
    }

    static double Peal(double age) => age < 0 ? 0 : Math.Min(1, age / 0.02) * Math.Exp(-age / 0.32);

    void PaintBolt(Canvas canvas, Stroke stroke, float alpha)
    {
        var random = new SceneRandom(stroke.Seed);
        var at = new Vector2(stroke.Cloud.X, skyTop);
        var end = random.Chance(0.7) ? ground : float.Lerp(skyTop, ground, 0.7f);
        var width = 0.008f + 0.016f * (float)stroke.Strength;
        var colour = light.Shade(4).WithAlpha(alpha);
        while (at.Y < end)
        {
            var next = at + new Vector2(random.Between(-0.09f, 0.09f), random.Between(0.04f, 0.09f));
            canvas.Line(at, next, width, colour);
            if (random.Chance(0.3))
            {
                var fork = next + new Vector2(random.Between(-0.16f, 0.16f), random.Between(0.05f, 0.14f));
                canvas.Line(next, fork, 0.6f * width, colour);
                canvas.Line(fork, fork + new Vector2(random.Between(-0.06f, 0.06f), 0.06f), 0.4f * width, colour);
            }
            at = next;
        }
    }
}
