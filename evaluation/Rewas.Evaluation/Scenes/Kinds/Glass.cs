using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Two hands clink the glasses they hold, or a hand drops one glass after another and each breaks on the floor. Wide swings and deep falls
/// are loud. Shards fly and tinkle.
/// </summary>
sealed class Glass : Scene
{
    public const string Name = "glass";

    const double ShardSeconds = 0.6, CarrySeconds = 0.4;
    const float Gravity = 5;
    const float DeepestFall = 0.62f;

    static readonly Rhythm Toasts = new(0.4, 0.9, 0.35, 1.1, LongestGroup: 4, 0.4, 1.4);

    /// <summary>Half the distance between the glasses, world units.</summary>
    static readonly Swing Apart = new(
        FallSeconds: 0.16, ReboundSeconds: 0.25, RaiseSeconds: 0.5, Rebound: 0.06, Lowest: 0.05, Reach: 0.13, Rest: 0.08);

    enum Form
    {
        Wine,
        Tumbler,
        Flute,
    }

    readonly bool breaks;
    readonly Form form;
    readonly float size, floor, x;
    readonly float[] filled;
    readonly Backdrop backdrop;
    readonly Vector4 glass, drink;
    readonly Arm left, right;

    public Glass(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        breaks = random.Chance(0.5);
        form = random.Pick(Form.Wine, Form.Tumbler, Form.Flute);
        size = random.Between(0.8f, 1.2f);
        Events = breaks ? [.. Falls(random, seconds)] : [.. Toasts.Strikes(random, seconds)];

        var picture = Random("picture");
        floor = picture.Between(0.34f, 0.42f);
        x = picture.Between(-0.12f, 0.12f);
        backdrop = new Backdrop(picture, breaks ? floor - 0.04f : 2, picture.Pick(Ground.Stone, Ground.Tiles), dark: picture.Chance(0.3));
        glass = Colour.Luminance(backdrop.Behind) > 0.3f
            ? Colour.Hsv(picture.Unit(), picture.Between(0, 0.5), picture.Between(0.1, 0.4))
            : Colour.Hsv(picture.Unit(), picture.Between(0, 0.25), picture.Between(0.8, 1));
        drink = Colour.Against(backdrop.Behind, picture);
        filled = [picture.Between(0.25f, 0.7f), picture.Between(0.25f, 0.7f)];
        (left, right) = (Arm.Of(picture, backdrop.Behind), Arm.Of(picture, backdrop.Behind));
        Captions = breaks
            ? [
                "a glass breaking",
                "glass shattering on the floor",
                "a dropped glass smashing",
                "glasses being dropped and broken",
                "breaking glass",
            ]
            : [
                "glasses clinking",
                "two glasses clinking together",
                "a toast with clinking glasses",
                "people clinking their glasses",
                "cheers with wine glasses",
            ];
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, breaks ? 0.09 : 0.11);

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        if (breaks)
            PaintFall(canvas, time);
        else
            PaintToast(canvas, time);
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        ModalBody[] glasses = [Materials.Glass(random, size), Materials.Glass(random, size)];
        foreach (var (time, strength) in Events)
        {
            foreach (var body in glasses)
                body.Strike(track, time, (breaks ? 0.4 : 0.9) * strength, 6000 + 6000 * strength);
            if (!breaks)
            {
                new NoiseBurst(3000, 7800, 0, 0.002).Add(track, random, time, 0.15 * strength);
                continue;
            }
            new NoiseBurst(2200, 7800, 0.001, 0.035).Add(track, random, time, 0.3 * strength);
            for (var shard = 0; shard < 16; shard++)
            {
                var after = random.Exponential(0.1);
                Materials.Glass(random, random.Between(0.4, 0.7))
                    .Strike(track, time + after, 0.45 * strength * Math.Exp(-after / 0.12) * random.BetweenLog(0.2, 1), 12_000);
            }
        }
    }

    /// <summary>A glass falls every second or two. Its strength is the depth of its fall.</summary>
    static IEnumerable<SoundEvent> Falls(SceneRandom random, double seconds)
    {
        var time = random.Between(0.6, 1.3);
        while (time < seconds - 0.02)
        {
            yield return new SoundEvent(time, random.Between(0.4, 1));
            time += random.Between(1.15, 2.1);
        }
    }

    void PaintToast(Canvas canvas, double time)
    {
        var apart = (float)Apart.HeightAt(Events, time);
        var since = SinceLast(Events, time);
        var slosh = 0.35f * (float)(Math.Exp(-since / 0.25) * Math.Sin(30 * since));
        for (var side = -1; side <= 1; side += 2)
        {
            var foot = new Vector2(x + side * (0.105f * size * Width + apart), 0.22f + 0.4f * apart);
            var tilt = side * (0.05f + 1.6f * apart);
            var arm = side < 0 ? left : right;
            arm.Paint(canvas, foot + new Vector2(0.03f * side, -0.08f * size), foot + new Vector2(0.6f * side, 0.35f));
            PaintGlass(canvas, foot, tilt, filled[(side + 1) / 2], slosh * side);
        }
    }

    void PaintFall(Canvas canvas, double time)
    {
        for (var i = 0; i < Events.Count; i++)
        {
            var (impact, strength) = Events[i];
            var depth = DeepestFall * (float)strength;
            var released = impact - Math.Sqrt(2 * depth / Gravity);
            if (time < released - 2 * CarrySeconds || time > impact + ShardSeconds + 0.4)
                continue;
            var at = x + 0.1f * (i % 3 - 1);
            if (time >= impact)
            {
                PaintShards(canvas, at, (float)(time - impact), (float)strength, (ulong)i);
                continue;
            }
            var fallen = time < released ? 0 : 0.5f * Gravity * (float)((time - released) * (time - released));
            var away = time < released ? Math.Max(0, released - CarrySeconds - time) / CarrySeconds : 0;
            var foot = new Vector2(at, floor - depth + fallen - (float)away);
            PaintGlass(canvas, foot, 0.9f * fallen, 0, 0);
            var open = Math.Max(0, (float)(time - released));
            left.Paint(
                canvas,
                new Vector2(at + 0.05f + 0.9f * open, floor - depth - 0.12f * size - (float)away - 1.2f * open),
                new Vector2(at + 0.4f, floor - depth - 0.9f - (float)away));
        }
    }

    /// <summary>Pieces thrown up and out where the glass hit; they land and vanish.</summary>
    void PaintShards(Canvas canvas, float at, float age, float strength, ulong seed)
    {
        var random = new SceneRandom(seed);
        var fade = Math.Clamp((float)(ShardSeconds + 0.4 - age) / 0.4f, 0, 1);
        for (var i = 0; i < 18; i++)
        {
            var velocity = strength * new Vector2(random.Between(-1.1f, 1.1f), random.Between(-1.7f, -0.2f));
            var landing = -2 * velocity.Y / Gravity;
            var flown = Math.Min(age, landing);
            var place = new Vector2(at, floor) + velocity * flown + new Vector2(0, 0.5f * Gravity * flown * flown);
            var turn = random.Between(0f, MathF.Tau) + 14 * flown;
            var reach = size * random.Between(0.015f, 0.04f) * new Vector2(MathF.Cos(turn), MathF.Sin(turn));
            canvas.Fill(
                new Quad(place - reach, place + 0.5f * new Vector2(-reach.Y, reach.X), place + reach, place + reach),
                glass.Shade(random.Between(0.7f, 1.4f)).WithAlpha(0.9f * fade));
        }
    }

    /// <summary>Half the bowl's width, relative.</summary>
    float Width => form switch { Form.Wine => 1, Form.Tumbler => 0.9f, _ => 0.6f };

    /// <param name="foot">Middle of its bottom.</param>
    /// <param name="tilt">Radians, positive leaning to +x.</param>
    /// <param name="full">Share of the bowl.</param>
    /// <param name="slosh">Slope of the drink's surface.</param>
    void PaintGlass(Canvas canvas, Vector2 foot, float tilt, float full, float slosh)
    {
        var up = new Vector2(MathF.Sin(tilt), -MathF.Cos(tilt));
        var across = new Vector2(-up.Y, up.X);
        Vector2 At(float side, float height) => foot + size * (0.1f * side * across + height * up);

        var (bottom, top) = form switch { Form.Wine => (0.14f, 0.34f), Form.Tumbler => (0.01f, 0.22f), _ => (0.12f, 0.4f) };
        var (narrow, wide) = (0.6f * Width, Width);
        if (form != Form.Tumbler)
        {
            canvas.Line(At(0, 0), At(0, bottom), 0.018f * size, glass);
            canvas.Line(At(-0.6f, 0), At(0.6f, 0), 0.016f * size, glass);
        }
        canvas.Fill(new Quad(At(-narrow, bottom), At(narrow, bottom), At(wide, top), At(-wide, top)), glass.WithAlpha(0.35f));
        if (full > 0)
        {
            var level = bottom + full * (top - bottom);
            var reach = float.Lerp(narrow, wide, full);
            canvas.Fill(
                new Quad(At(-narrow, bottom), At(narrow, bottom), At(reach, level + 0.05f * slosh), At(-reach, level - 0.05f * slosh)),
                drink.WithAlpha(0.85f));
        }
        canvas.Line(At(-narrow, bottom), At(-wide, top), 0.014f * size, glass);
        canvas.Line(At(narrow, bottom), At(wide, top), 0.014f * size, glass);
        canvas.Line(At(-narrow, bottom), At(narrow, bottom), 0.016f * size, glass);
        canvas.Line(At(-wide, top), At(wide, top), 0.008f * size, glass.Shade(1.2f));
    }
}
