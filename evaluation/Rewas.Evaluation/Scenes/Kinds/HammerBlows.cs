using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A hammer swings about the hand that holds it. It strikes an anvil, a nail in a beam, or a stone. The higher it was raised, the harder it
/// hits. It rests between groups of blows.
/// </summary>
sealed class HammerBlows : Scene
{
    public const string Name = "hammer";

    static readonly Rhythm Blows = new(0.45, 1.1, 0.38, 1.2, LongestGroup: 6, 0.3, 1.3);

    /// <summary>Radians about the hand.</summary>
    static readonly Swing Swing = new(FallSeconds: 0.16, ReboundSeconds: 0.14, RaiseSeconds: 0.7, Rebound: 0.12, Lowest: 0.35, Reach: 0.95);

    enum Struck
    {
        Metal,
        Wood,
        Stone,
    }

    readonly Struck struck;
    readonly float size, handleLength, targetTop, targetHalf;
    readonly Vector2 grip;
    readonly Backdrop backdrop;
    readonly Vector4 handle, head, target, arm;

    public HammerBlows(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        struck = random.Pick(Struck.Metal, Struck.Wood, Struck.Stone);
        size = random.Between(0.75f, 1.3f);
        Events = [.. Blows.Strikes(random, seconds)];

        var picture = Random("picture");
        handleLength = picture.Between(0.32f, 0.45f);
        targetTop = picture.Between(0.05f, 0.2f);
        targetHalf = picture.Between(0.1f, 0.22f);
        grip = new Vector2(picture.Between(-0.36f, -0.26f), targetTop - 0.085f * size);
        backdrop = new Backdrop(picture, picture.Between(0.3f, 0.42f), picture.Pick(Ground.Wood, Ground.Stone, Ground.Earth, Ground.Tiles));
        handle = Colour.Hsv(picture.Between(0.02, 0.13), picture.Between(0.2, 0.8), picture.Between(0.3, 0.9));
        head = Colour.Grey(picture.Between(0.15, 0.75));
        arm = Colour.Hsv(picture.Unit(), picture.Between(0.2, 0.7), picture.Between(0.3, 0.9));
        target = struck switch
        {
            Struck.Metal => Colour.Hsv(picture.Between(0.5, 0.7), picture.Between(0, 0.25), picture.Between(0.2, 0.55)),
            Struck.Wood => Colour.Hsv(picture.Between(0.06, 0.11), picture.Between(0.35, 0.7), picture.Between(0.45, 0.85)),
            _ => Colour.Hsv(picture.Between(0, 0.15), picture.Between(0, 0.15), picture.Between(0.45, 0.8)),
        };
        Captions = Describe();
    }

    public override double Loudness(double time) =>
        LoudnessOfEvents(time, struck switch { Struck.Metal => 0.12, Struck.Wood => 0.04, _ => 0.03 });

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        var middle = new Vector2(grip.X + handleLength, targetTop);
        if (struck == Struck.Metal)
        {
            // An anvil: face, horn, waist and foot.
            canvas.Fill(new Box(middle + new Vector2(0, 0.045f), new Vector2(targetHalf, 0.045f), 0, 0.01f), target);
            canvas.Fill(new Ellipse(middle + new Vector2(targetHalf, 0.03f), new Vector2(0.1f, 0.028f)), target.Shade(1.1f));
            canvas.Fill(new Box(middle + new Vector2(0, 0.15f), new Vector2(0.5f * targetHalf, 0.08f)), target.Shade(0.8f));
            canvas.Fill(new Box(middle + new Vector2(0, 0.25f), new Vector2(0.85f * targetHalf, 0.04f), 0, 0.01f), target.Shade(0.7f));
        }
        else if (struck == Struck.Wood)
        {
            canvas.Fill(new Box(middle + new Vector2(0.05f, 0.07f), new Vector2(1.6f * targetHalf, 0.07f)), target);
            for (var i = -2; i < 3; i++)
                canvas.Line(
                    middle + new Vector2(0.05f - 1.5f * targetHalf, 0.07f + 0.024f * i),
                    middle + new Vector2(0.05f + 1.5f * targetHalf, 0.07f + 0.02f * i),
                    0.005f,
                    target.Shade(0.6f));
            canvas.Fill(new Box(middle + new Vector2(-0.8f * targetHalf, 0.3f), new Vector2(0.03f, 0.2f)), target.Shade(0.6f));
            canvas.Fill(new Box(middle + new Vector2(1.2f * targetHalf, 0.3f), new Vector2(0.03f, 0.2f)), target.Shade(0.6f));
        }
        else
        {
            canvas.Fill(new Box(middle + new Vector2(0, 0.14f), new Vector2(targetHalf, 0.14f), 0.04f, 0.05f), target.Shade(0.8f));
            canvas.Fill(new Box(middle + new Vector2(-0.01f, 0.11f), new Vector2(0.9f * targetHalf, 0.105f), -0.03f, 0.05f), target);
        }
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var angle = (float)-Swing.HeightAt(Events, time);
        var along = new Vector2(MathF.Cos(angle), MathF.Sin(angle));
        var headAt = grip + handleLength * along;
        canvas.Line(grip, grip + new Vector2(-1.4f, 0.7f), 0.09f, arm);
        canvas.Line(grip - 0.05f * along, headAt, 0.035f, handle);
        canvas.Fill(
            new Box(headAt, new Vector2(0.042f, 0.085f) * size, angle, 0.01f),
            new Gradient(headAt - 0.05f * along, head.Shade(1.5f), headAt + 0.05f * along, head.Shade(0.6f)));
        canvas.Fill(new Disc(grip, 0.055f), Colour.Hsv(0.06, 0.4, 0.75));
        foreach (var (at, strength) in Events)
        {
            if (time >= at && time - at < 0.3)
                Debris(canvas, (float)(time - at), (float)strength, (ulong)(at * 1000));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var body = struck switch
        {
            Struck.Metal => Materials.Metal(random, size),
            Struck.Wood => Materials.Wood(random, size),
            _ => Materials.Stone(random, size),
        };
        var contact = struck switch
        {
            Struck.Metal => new NoiseBurst(1500, 7500, 0, 0.004),
            Struck.Wood => new NoiseBurst(150, 1800, 0, 0.01),
            _ => new NoiseBurst(1200, 7000, 0, 0.018),
        };
        foreach (var (time, strength) in Events)
        {
            body.Strike(track, time, 1.2 * strength, struck == Struck.Wood ? 900 + 1200 * strength : 3500 + 4500 * strength);
            contact.Add(track, random, time, (struck == Struck.Stone ? 0.25 : 0.12) * strength);
        }
    }

    /// <summary>Sparks from metal, dust from stone, nothing from wood.</summary>
    void Debris(Canvas canvas, float age, float strength, ulong seed)
    {
        var at = new Vector2(grip.X + handleLength, targetTop);
        if (struck == Struck.Stone)
        {
            var radius = (0.05f + 0.5f * age) * strength;
            canvas.Fill(new Disc(at, radius), new Haze(at, radius, target.WithAlpha(0.7f * (1 - age / 0.3f))));
        }
        else if (struck == Struck.Metal && age < 0.22f)
        {
            var random = new SceneRandom(seed);
            for (var i = 0; i < 7; i++)
            {
                var velocity = strength * new Vector2(random.Between(-1.4f, 1.4f), random.Between(-1.3f, -0.2f));
                var spark = at + velocity * age + new Vector2(0, 2.5f * age * age);
                canvas.Line(spark, spark - 0.03f * velocity, 0.01f, new Vector4(3, 1.8f, 0.5f, 1 - age / 0.22f));
            }
        }
    }

    string[] Describe() => struck switch
    {
        Struck.Metal => [
            "a hammer striking metal",
            "hammer blows on an anvil",
            "a blacksmith hammering iron",
            "metal being hammered",
            "a hammer hitting an anvil",
            "ringing hammer blows on steel",
        ],
        Struck.Wood => [
            "a hammer striking wood",
            "hammering a wooden beam",
            "a carpenter hammering on wood",
            "dull hammer blows on a plank",
            "a hammer knocking on wood",
        ],
        _ => [
            "a hammer striking stone",
            "hammering on a rock",
            "a mason breaking stone with a hammer",
            "a hammer chipping stone",
            "hammer blows on rock",
        ],
    };
}
