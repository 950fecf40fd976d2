using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// One to three drums played with two sticks, two hands or one mallet in repeated patterns. The higher a stick is raised, the harder it
/// hits. Large drums sound low and long.
/// </summary>
sealed class DrumBeats : Scene
{
    public const string Name = "drum";

    static readonly Swing Swing = new(
        FallSeconds: 0.1, ReboundSeconds: 0.14, RaiseSeconds: 0.3, Rebound: 0.07, Lowest: 0.07, Reach: 0.3, Rest: 0.09);

    enum Striker
    {
        Sticks,
        Hands,
        Mallet,
    }

    readonly record struct Hit(SoundEvent Event, int Drum);

    readonly record struct Drum(Vector2 Head, float Radius, float Depth, Vector4 Shell);

    readonly Striker striker;
    readonly Hit[][] hits;                  // of each limb, in order of time
    readonly SoundEvent[][] strikes;        // the same without their drums
    readonly SoundEvent[][] sounded;        // of each drum
    readonly Drum[] drums;
    readonly float flatness;
    readonly int laces;
    readonly Backdrop backdrop;
    readonly Vector4 skin, rim, stick;
    readonly Arm arm;

    public DrumBeats(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        striker = random.Pick(Striker.Sticks, Striker.Hands, Striker.Mallet);
        var count = 1 + random.Below(3);
        var played = Pattern(random, seconds, count, striker == Striker.Mallet ? 1.7 : 1).ToArray();
        Events = [.. played.Select(h => h.Event)];
        var limbs = striker == Striker.Mallet ? 1 : 2;
        hits = [.. Enumerable.Range(0, limbs).Select(limb => played.Where((_, i) => i % limbs == limb).ToArray())];
        strikes = [.. hits.Select(h => h.Select(hit => hit.Event).ToArray())];
        sounded = [.. Enumerable.Range(0, count).Select(drum => played.Where(h => h.Drum == drum).Select(h => h.Event).ToArray())];

        var picture = Random("picture");
        var floor = picture.Between(0.32f, 0.44f);
        backdrop = new Backdrop(picture, floor - 0.05f, picture.Pick(Ground.Wood, Ground.Stone, Ground.Tiles, Ground.Earth));
        flatness = picture.Between(0.22f, 0.4f);
        laces = picture.Below(6);
        var sameShell = picture.Chance(0.5) ? Colour.Against(backdrop.Behind, picture) : (Vector4?)null;
        drums = [.. Enumerable.Range(0, count).Select(i =>
        {
            var radius = picture.Between(0.7f, 1.1f) * (count == 1 ? 0.24f : count == 2 ? 0.18f : 0.13f);
            var depth = radius * picture.Between(0.9f, 2f);
            var across = count == 1
                ? picture.Between(-0.12f, 0.12f)
                : 0.7f * (i - (count - 1) / 2f) / (count - 1) * (count == 2 ? 0.62f : 0.8f);
            return new Drum(
                new Vector2(across, Math.Min(0.2f, floor - depth) + picture.Between(-0.05f, 0.02f)),
                radius,
                depth,
                sameShell ?? Colour.Against(backdrop.Behind, picture));
        })];
        skin = Colour.Hsv(picture.Between(0.06, 0.14), picture.Between(0, 0.35), picture.Between(0.7, 1));
        rim = Colour.Hsv(picture.Unit(), picture.Between(0, 0.5), picture.Between(0.2, 0.9));
        stick = Colour.Against(backdrop.Behind, picture);
        arm = Arm.Of(picture, backdrop.Behind);
        Captions = Describe(count);
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, 0.1);

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        for (var i = 0; i < drums.Length; i++)
            PaintDrum(canvas, drums[i], SinceLast(sounded[i], time));
        for (var limb = 0; limb < hits.Length; limb++)
        {
            var side = hits.Length == 1 ? 1 : limb == 0 ? -1 : 1;
            var height = (float)Swing.HeightAt(strikes[limb], time);
            var tip = TargetAt(limb, time) + new Vector2(0.03f * side, -height);
            if (striker == Striker.Hands)
            {
                arm.Paint(canvas, tip + new Vector2(0.1f * side, -0.06f - 0.2f * height), tip + new Vector2(0.55f * side, -0.7f));
                canvas.Line(tip, tip + new Vector2(0.1f * side, -0.05f - 0.2f * height), 0.055f, arm.Skin);
                continue;
            }
            var grip = tip + new Vector2(0.24f * side, -0.1f + 0.35f * height);
            canvas.Line(grip + new Vector2(0.03f * side, -0.01f), tip, 0.026f, stick);
            canvas.Fill(
                new Disc(tip, striker == Striker.Mallet ? 0.045f : 0.02f),
                striker == Striker.Mallet ? skin.Shade(1.2f) : stick.Shade(1.3f));
            arm.Paint(canvas, grip, grip + new Vector2(0.5f * side, -0.45f));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var bodies = drums.Select(d => Materials.Membrane(random, d.Radius / 0.16)).ToArray();
        var (contact, bright) = striker switch
        {
            Striker.Sticks => (new NoiseBurst(900, 5000, 0, 0.007), 1500.0),
            Striker.Hands => (new NoiseBurst(300, 2500, 0.001, 0.012), 1000.0),
            _ => (new NoiseBurst(80, 700, 0.002, 0.02), 500.0),
        };
        foreach (var ((time, strength), drum) in hits.SelectMany(h => h).OrderBy(h => h.Event.TimeSeconds))
        {
            bodies[drum].Strike(track, time, 1.8 * strength, bright * (0.5 + 0.7 * strength));
            contact.Add(track, random, time, 0.25 * strength);
        }
    }

    /// <summary>Eight steps, some of them silent, on some of the drums, played a few times; then a rest and perhaps another.</summary>
    static IEnumerable<Hit> Pattern(SceneRandom random, double seconds, int drums, double slower)
    {
        var time = random.Between(0.15, 0.8);
        while (time < seconds - 0.02)
        {
            var step = slower * random.Between(0.14, 0.27);
            var force = random.Between(0.45, 1);
            var pattern = Enumerable.Range(0, 8)
                .Select(i =>
                    (Struck: i == 0 || random.Chance(0.55), Strength: i % 4 == 0 ? 1 : random.Between(0.3, 0.9), Drum: random.Below(drums)))
                .ToArray();
            for (var left = 1 + random.Below(2); left > 0; left--)
            {
                foreach (var (struck, strength, drum) in pattern)
                {
                    if (struck && time < seconds - 0.02)
                        yield return new Hit(new SoundEvent(time, Math.Clamp(force * strength * random.Between(0.9, 1.05), 0.1, 1)), drum);
                    time += step * random.Between(0.98, 1.02);
                }
            }
            time += random.Between(0.3, 1.3);
        }
    }

    /// <summary>Point of contact of a limb: over the drum it struck, then on the way to the next drum.</summary>
    Vector2 TargetAt(int limb, double time)
    {
        var of = hits[limb];
        var next = Array.FindIndex(of, h => h.Event.TimeSeconds > time);
        if (of.Length == 0)
            return drums[0].Head;
        var from = drums[of[next < 0 ? ^1 : Math.Max(0, next - 1)].Drum].Head;
        if (next <= 0)
            return from;
        var (start, end) = (of[next - 1].Event.TimeSeconds, of[next].Event.TimeSeconds);
        var u = (float)Math.Clamp(1.7 * (time - start) / (end - start), 0, 1);
        return Vector2.Lerp(from, drums[of[next].Drum].Head, u * u * (3 - 2 * u));
    }

    void PaintDrum(Canvas canvas, Drum drum, double sinceHit)
    {
        var ringing = (float)Math.Exp(-sinceHit / 0.08);
        var head = drum.Head + new Vector2(0, 0.012f * ringing);
        var oval = drum.Radius * new Vector2(1, flatness);
        var foot = new Vector2(0, drum.Depth);
        canvas.Fill(new Ellipse(head + foot, oval), drum.Shell.Shade(0.45f));
        var edge = new Vector2(drum.Radius, 0);
        var shine = new Gradient(head - edge, drum.Shell.Shade(1.2f), head + edge, drum.Shell.Shade(0.5f));
        canvas.Fill(new Box(head + foot / 2, new Vector2(drum.Radius, drum.Depth / 2)), shine);
        for (var i = 0; i < laces; i++)
        {
            var x = drum.Radius * (2 * (i + 0.5f) / laces - 1);
            canvas.Line(head + new Vector2(x, 0.02f), head + foot + new Vector2(-0.6f * x, oval.Y), 0.01f, rim.Shade(0.7f));
        }
        canvas.Fill(new Ellipse(head, oval), skin.Shade(1 + 0.3f * ringing));
        canvas.Fill(new EllipseRing(head, oval, 0.012f), rim);
        if (sinceHit < 0.25)
            canvas.Fill(new EllipseRing(head, oval * (0.2f + 3 * (float)sinceHit), 0.01f), skin.Shade(0.35f).WithAlpha(0.7f * ringing));
    }

    string[] Describe(int count) => striker switch
    {
        Striker.Sticks when count > 1 => [
            "drums being played with sticks",
            "a drummer playing several drums",
            "drumming with sticks",
            "drum sticks hitting drums",
            "a drum rhythm",
        ],
        Striker.Sticks =>
            [
                "a drum being hit with sticks",
                "drumming with sticks",
                "a drummer playing a drum",
                "drum sticks hitting a drum",
                "a drum rhythm",
            ],
        Striker.Hands => [
            "hand drumming",
            "someone drumming with their hands",
            "hands slapping a drum",
            "a hand drum being played",
            "a rhythm played on a bongo",
        ],
        _ => [
            "a drum being struck with a mallet",
            "slow beats on a big drum",
            "a bass drum booming",
            "a mallet hitting a drum",
            "deep drum beats",
        ],
    };
}
