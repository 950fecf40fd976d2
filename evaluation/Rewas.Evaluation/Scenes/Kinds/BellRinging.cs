using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A bell that swings, with a clapper that hits the wall at the end of each swing; or one or two bells that hang still and are struck with
/// a mallet. Wide swings and high raises are loud. The bell shivers while it rings.
/// </summary>
sealed class BellRinging : Scene
{
    public const string Name = "bell";

    const double FlySeconds = 0.22;         // time of the clapper from wall to wall
    const float WidestSwing = 0.65f;        // radians

    static readonly Rhythm Strokes = new(0.6, 1.3, 0.45, 1.3, LongestGroup: 4, 0.3, 1.2);

    /// <summary>World units beside the bell.</summary>
    static readonly Swing Mallet = new(
        FallSeconds: 0.14, ReboundSeconds: 0.2, RaiseSeconds: 0.5, Rebound: 0.08, Lowest: 0.1, Reach: 0.22, Rest: 0.08);

    readonly record struct Bell(Vector2 Hook, float Size, Vector4 Metal);

    readonly bool swinging;
    readonly double swingSeconds, firstExtreme;
    readonly IntensityCurve pull;
    readonly Bell[] bells;
    readonly SoundEvent[][] strikes;        // of each bell
    readonly double ring;                   // time constant, seconds
    readonly float flare;
    readonly Backdrop backdrop;
    readonly Vector4 beam, clapper, mallet;
    readonly Arm arm;

    public BellRinging(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        swinging = random.Chance(0.5);
        swingSeconds = random.Between(0.55, 0.95);
        firstExtreme = random.Between(0.2, 0.7);
        ring = random.BetweenLog(0.25, 0.6);
        pull = new IntensityCurve(random, seconds, 0.8, 2);
        var count = !swinging && random.Chance(0.35) ? 2 : 1;
        Events = swinging ? [.. Extremes(seconds)] : [.. Strokes.Strikes(random, seconds)];
        strikes = [.. Enumerable.Range(0, count).Select(bell => Events.Where((_, i) => i % count == bell).ToArray())];

        var picture = Random("picture");
        backdrop = new Backdrop(
            picture, picture.Chance(0.5) ? 2 : picture.Between(0.3f, 0.42f), picture.Pick(Ground.Stone, Ground.Earth, Ground.Wood));
        var metal = Colour.Hsv(picture.Between(0.04, 0.16), picture.Between(0.1, 0.75), picture.Between(0.35, 0.95));
        bells = [.. Enumerable.Range(0, count).Select(i => new Bell(
            new Vector2(
                count == 2 ? 0.44f * (i - 0.5f) : swinging ? picture.Between(-0.1f, 0.1f) : picture.Between(-0.2f, 0),
                picture.Between(-0.34f, -0.24f)),
            picture.Between(0.75f, 1.15f) * (count == 2 ? 0.62f : 1), metal))];
        flare = picture.Between(1.15f, 1.6f);
        beam = Colour.Hsv(picture.Between(0.03, 0.12), picture.Between(0.1, 0.7), picture.Between(0.15, 0.6));
        clapper = metal.Shade(picture.Between(0.2f, 0.5f));
        mallet = Colour.Against(backdrop.Behind, picture);
        arm = Arm.Of(picture, backdrop.Behind);
        Captions = swinging
            ? ["a bell ringing", "a church bell swinging", "a swinging bell tolling", "a large bell being rung", "church bells ringing"]
            : [
                "a bell being struck",
                "a mallet hitting a bell",
                "a bell ringing",
                "someone striking a bell",
                "a brass bell struck with a mallet",
            ];
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, 0.75 * ring);

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        canvas.Line(new Vector2(-2, bells[0].Hook.Y - 0.05f), new Vector2(2, bells[0].Hook.Y - 0.05f), 0.07f, beam);
    }

    internal override void Paint(Canvas canvas, double time)
    {
        for (var i = 0; i < bells.Length; i++)
        {
            var since = SinceLast(strikes[i], time);
            var shiver = 0.012f * (float)(Math.Exp(-since / 0.25) * Math.Sin(80 * since));
            var angle = swinging ? SwingAt(time) : 2 * shiver;
            PaintBell(
                canvas,
                bells[i] with { Hook = bells[i].Hook + new Vector2(swinging ? 0 : shiver, 0) },
                angle,
                swinging ? ClapperAt(time) : 0);
            if (swinging)
                continue;
            var contact = bells[i].Hook + bells[i].Size * new Vector2(0.15f * flare + 0.04f, 0.4f);
            var height = (float)Mallet.HeightAt(strikes[i], time);
            var head = contact + new Vector2(height, -0.5f * height);
            var grip = contact + new Vector2(0.12f + 0.3f * height, 0.24f);
            canvas.Line(head, grip, 0.03f, mallet.Shade(0.7f));
            canvas.Fill(new Disc(head, 0.045f), mallet);
            arm.Paint(canvas, grip, grip + new Vector2(0.3f, 0.6f));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        for (var i = 0; i < bells.Length; i++)
        {
            var body = Materials.Bell(random, bells[i].Size, ring);
            foreach (var (time, strength) in strikes[i])
                body.Strike(track, time, 2.4 * strength, 2000 + 3500 * strength);
        }
    }

    /// <summary>The ends of swings wide enough for the clapper to hit.</summary>
    IEnumerable<SoundEvent> Extremes(double seconds)
    {
        for (var time = firstExtreme; time < seconds - 0.02; time += swingSeconds)
        {
            if (pull.At(time) >= 0.2)
                yield return new SoundEvent(time, pull.At(time));
        }
    }

    float SwingAt(double time) =>
        WidestSwing * (float)((0.06 + 0.94 * pull.At(time)) * Math.Cos(Math.PI * (time - firstExtreme) / swingSeconds));

    /// <summary>-1 or 1 where it touches the wall.</summary>
    float ClapperAt(double time)
    {
        var next = Array.FindIndex(strikes[0], e => e.TimeSeconds > time);
        var last = next < 0 ? strikes[0].Length - 1 : next - 1;
        var before = last < 0
            ? 0
            : SideOf(strikes[0][last]) * (float)Math.Exp(-0.8 * Math.Max(0, time - strikes[0][last].TimeSeconds - 0.2));
        if (next < 0 || time < strikes[0][next].TimeSeconds - FlySeconds)
            return before;
        var u = (float)(1 - (strikes[0][next].TimeSeconds - time) / FlySeconds);
        return float.Lerp(before, SideOf(strikes[0][next]), u * u);
    }

    int SideOf(SoundEvent strike) => (int)Math.Round((strike.TimeSeconds - firstExtreme) / swingSeconds) % 2 == 0 ? 1 : -1;

    /// <param name="bell">Where, and how large.</param>
    /// <param name="angle">Radians from hanging down; positive moves the mouth to +x.</param>
    /// <param name="clapperSide">-1 to 1, wall to wall.</param>
    void PaintBell(Canvas canvas, Bell bell, float angle, float clapperSide)
    {
        var down = new Vector2(MathF.Sin(angle), MathF.Cos(angle));
        var across = new Vector2(down.Y, -down.X);
        Vector2 At(float x, float y) => bell.Hook + bell.Size * (x * across + y * down);

        var (shoulder, mouth) = (0.13f, 0.15f * flare);
        canvas.Line(At(0, 0), At(0, 0.12f), 0.05f * bell.Size, beam.Shade(0.6f));
        canvas.Line(At(0, 0.2f), At(0.8f * mouth * clapperSide, 0.52f), 0.025f * bell.Size, clapper);
        canvas.Fill(new Disc(At(0.8f * mouth * clapperSide, 0.53f), 0.06f * bell.Size), clapper);
        var shine = new Gradient(At(-mouth, 0), bell.Metal.Shade(1.3f), At(mouth, 0), bell.Metal.Shade(0.45f));
        canvas.Fill(new Disc(At(0, 0.2f), shoulder * bell.Size), shine);
        canvas.Fill(new Quad(At(-shoulder, 0.19f), At(shoulder, 0.19f), At(mouth, 0.46f), At(-mouth, 0.46f)), shine);
        canvas.Line(At(-mouth, 0.46f), At(mouth, 0.46f), 0.045f * bell.Size, bell.Metal.Shade(0.8f));
        canvas.Line(At(-0.8f * shoulder, 0.27f), At(0.8f * shoulder, 0.27f), 0.015f * bell.Size, bell.Metal.Shade(0.4f));
    }
}
