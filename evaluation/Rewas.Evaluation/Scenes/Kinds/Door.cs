using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A door seen from the front. A fist knocks at it. It opens with a creak that follows its hinge, and is shut gently or slammed. The faster
/// it falls shut, the louder.
/// </summary>
sealed class Door : Scene
{
    public const string Name = "door";

    const double WidestAngle = 1.25;        // radians
    const double FastestTurn = 1.6;         // radians a second while it creaks

    /// <summary>World units away from the panel.</summary>
    static readonly Swing Fist = new(
        FallSeconds: 0.08, ReboundSeconds: 0.1, RaiseSeconds: 0.2, Rebound: 0.03, Lowest: 0.05, Reach: 0.14, Rest: 0.08);

    /// <summary>One part of the door's motion. A door that falls shut gains speed until it hits the frame.</summary>
    readonly record struct Turn(double Start, double End, double From, double To, bool Falls);

    readonly List<Turn> turns = [];
    readonly List<SoundEvent> knocks = [], shuts = [];
    readonly SoundEvent[] impacts;
    readonly double dryness;                // of the hinge: loudness of its creak
    readonly float hinge, width, top, bottom;
    readonly int panels;
    readonly Backdrop backdrop;
    readonly Vector4 leaf, frame, beyond, knob;
    readonly Arm arm;

    public Door(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        dryness = random.Between(0.35, 0.8);
        Happen(random, seconds);
        impacts = [.. knocks.Concat(shuts).OrderBy(e => e.TimeSeconds)];
        Events = EventsOf(impacts, CreakAt);

        var picture = Random("picture");
        width = picture.Between(0.34f, 0.48f);
        hinge = -0.5f * width + picture.Between(-0.1f, 0.04f);
        (top, bottom) = (picture.Between(-0.46f, -0.36f), picture.Between(0.34f, 0.42f));
        backdrop = new Backdrop(picture, bottom, picture.Pick(Ground.Wood, Ground.Stone, Ground.Tiles));
        leaf = Colour.Against(backdrop.Behind, picture);
        frame = Colour.Against(leaf, picture);
        beyond = picture.Chance(0.5)
            ? Colour.Grey(picture.Between(0, 0.15))
            : Colour.Hsv(picture.Unit(), picture.Between(0, 0.4), picture.Between(0.85, 1));
        knob = Colour.Against(leaf, picture);
        panels = picture.Below(4);
        arm = Arm.Of(picture, leaf);
        Captions = (knocks.Count > 0, shuts.Count > 0) switch
        {
            (true, false) => [
                "knocking on a door",
                "someone knocks at the door",
                "a fist knocking on a wooden door",
                "knocks on a door",
                "a person knocking at a door",
            ],
            (false, _) => [
                "a door creaking and slamming",
                "a creaky door opening and closing",
                "a door being opened and shut",
                "a squeaking door",
                "a door slams shut",
            ],
            _ => [
                "a door being knocked on and opened",
                "knocks on a door that opens and shuts",
                "a creaky door",
                "knocking and a door closing",
                "a wooden door opening and closing",
            ],
        };
    }

    public override double Loudness(double time) => Math.Max(CreakAt(time), LoudnessOf(impacts, time, 0.05));

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        var middle = new Vector2(hinge + 0.5f * width, 0.5f * (top + bottom));
        var half = new Vector2(0.5f * width, 0.5f * (bottom - top));
        canvas.Fill(new Box(middle - new Vector2(0, 0.02f), half + new Vector2(0.04f, 0.02f)), frame);
        canvas.Fill(new Box(middle, half), new Gradient(middle - half, beyond, middle + half, beyond.Shade(0.6f)));
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var since = SinceLast(impacts, time);
        var angle = AngleAt(time) + 0.02 * Math.Exp(-since / 0.05) * Math.Sin(90 * since);
        var (cos, sin) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        // The door opens towards the camera, so nearer parts look larger.
        Vector2 At(float x, float y)
        {
            var near = 1 + 0.45f * x * sin;
            return new Vector2(hinge + width * x * cos * near, 0.5f * (top + bottom) + 0.5f * (bottom - top) * y * near);
        }

        var shade = 1 - 0.45f * sin;
        canvas.Fill(new Quad(At(0, -1), At(1, -1), At(1, 1), At(0, 1)), leaf.Shade(shade));
        for (var panel = 0; panel < panels; panel++)
        {
            var (from, to) = (-0.9f + 1.8f * panel / panels + 0.08f, -0.9f + 1.8f * (panel + 1) / panels - 0.08f);
            canvas.Fill(new Quad(At(0.15f, from), At(0.85f, from), At(0.85f, to), At(0.15f, to)), leaf.Shade(0.75f * shade));
        }
        canvas.Line(At(1, -1), At(1, 1), 0.022f, leaf.Shade(1.4f));
        canvas.Fill(new Disc(At(0.88f, 0.08f), 0.025f), knob);
        PaintFist(canvas, time);
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var size = random.Between(0.8, 1.2);
        var creak = new Creak(random.Between(30, 60), random.Between(160, 320), random.BetweenLog(330, 520) / size);
        creak.Add(track, random, time => SpeedAt(time) / FastestTurn, CreakAt);
        var (panel, wall) = (Materials.Wood(random, size), Materials.Membrane(random, 1.5 * size));
        foreach (var (time, strength) in knocks)
        {
            panel.Strike(track, time, 1.5 * strength, 1300);
            new NoiseBurst(300, 1800, 0, 0.006).Add(track, random, time, 0.2 * strength);
        }
        foreach (var (time, strength) in shuts)
        {
            wall.Strike(track, time, 1.5 * strength, 700);
            panel.Strike(track, time, 0.8 * strength, 2000);
            new NoiseBurst(120, 2200, 0.001, 0.025).Add(track, random, time, 0.3 * strength);
            new NoiseBurst(1500, 5000, 0, 0.004).Add(track, random, time + 0.03, 0.25 * strength);         // the latch
        }
    }

    /// <summary>Knocks, or opening and shutting, one after another with pauses.</summary>
    void Happen(SceneRandom random, double seconds)
    {
        var time = random.Between(0.2, 0.7);
        while (time < seconds)
        {
            if (random.Chance(0.4))
                Knock(random, ref time, seconds);
            else
                OpenAndShut(random, ref time, seconds);
            time += random.Between(0.3, 0.8);
        }
    }

    void Knock(SceneRandom random, ref double time, double seconds)
    {
        var (interval, force) = (random.Between(0.17, 0.34), random.Between(0.4, 0.9));
        time += 0.25;
        for (var left = 2 + random.Below(4); left > 0; left--)
        {
            if (time < seconds - 0.02)
                knocks.Add(new SoundEvent(time, Math.Clamp(force * random.Between(0.85, 1.1), 0.1, 1)));
            time += interval * random.Between(0.95, 1.05);
        }
        time += 0.2;
    }

    void OpenAndShut(SceneRandom random, ref double time, double seconds)
    {
        var (open, opening) = (random.Between(0.5, 1) * WidestAngle, random.Between(0.8, 1.5));
        turns.Add(new Turn(time, time + opening, 0, open, Falls: false));
        time += opening + random.Between(0.1, 0.5);
        var slammed = random.Chance(0.7);
        var shutting = slammed ? random.Between(0.22, 0.5) : random.Between(0.8, 1.2);
        turns.Add(new Turn(time, time + shutting, open, 0, slammed));
        time += shutting;
        if (time < seconds - 0.02)
            shuts.Add(new SoundEvent(time, slammed ? Math.Clamp(0.22 * open / shutting + 0.1, 0.35, 1) : 0.15));
    }

    double AngleAt(double time)
    {
        var i = turns.FindLastIndex(t => t.Start <= time);
        if (i < 0)
            return 0;
        var (start, end, from, to, falls) = turns[i];
        var u = Math.Clamp((time - start) / (end - start), 0, 1);
        return from + (to - from) * (falls ? u * u : u * u * (3 - 2 * u));
    }

    /// <summary>Radians a second.</summary>
    double SpeedAt(double time) => Math.Abs(AngleAt(time + 0.005) - AngleAt(time - 0.005)) / 0.01;

    /// <summary>Loudness of the hinge. A slam is too quick for it.</summary>
    double CreakAt(double time)
    {
        var i = turns.FindLastIndex(t => t.Start <= time);
        return i < 0 || turns[i].Falls || time > turns[i].End ? 0 : dryness * Math.Min(1, SpeedAt(time) / FastestTurn);
    }

    void PaintFist(Canvas canvas, double time)
    {
        var near = knocks.Count == 0 ? double.PositiveInfinity : knocks.Min(k => Math.Abs(k.TimeSeconds - time));
        var away = (float)Math.Max(0, near - 0.35) * 3;                    // comes for the knocks and leaves after them
        if (away > 1.2f)
            return;
        var height = (float)Fist.HeightAt(knocks, time);
        var at = new Vector2(hinge + 0.5f * width, 0.02f) + (height + away) * new Vector2(0.85f, 0.5f);
        canvas.Fill(new Disc(at + height * new Vector2(-0.5f, 0.4f), 0.06f), new Vector4(0, 0, 0, 0.25f));
        arm.Paint(canvas, at, at + new Vector2(0.55f, 0.4f));
        canvas.Fill(new Disc(at, 0.06f), arm.Skin);
    }
}
