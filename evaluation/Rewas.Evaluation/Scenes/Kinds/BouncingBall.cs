using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// One or two balls seen from the side. A hand drops them and they bounce until they rest, or a hand dribbles them. The faster a ball meets
/// the floor, the louder the impact. The hand's motion is silent.
/// </summary>
sealed class BouncingBall : Scene
{
    public const string Name = "ball";

    readonly float floor;
    readonly bool shell;                    // a hard light ball that clicks; otherwise an air-filled one that thumps
    readonly Ground ground;
    readonly BallPath[] balls;
    readonly Vector4[] colours;
    readonly Vector4 hand;
    readonly bool striped;
    readonly Backdrop backdrop;

    public BouncingBall(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        floor = random.Between(0.24f, 0.38f);
        shell = random.Chance(0.3);
        ground = random.Pick(Ground.Wood, Ground.Stone, Ground.Tiles, Ground.Earth);
        balls = new BallPath[random.Chance(0.3) ? 2 : 1];
        var dribbled = !shell && random.Chance(0.35);
        var gravity = random.Between(3.5f, 8f);
        var restitution = random.Between(0.62f, 0.86f);
        for (var i = 0; i < balls.Length; i++)
        {
            var radius = shell ? random.Between(0.035f, 0.06f) : random.Between(0.06f, 0.13f);
            var x = balls.Length == 1 ? random.Between(-0.25f, 0.25f) : (i - 0.5f) * 0.5f + random.Between(-0.06f, 0.06f);
            balls[i] = new BallPath(Random($"ball {i}"), seconds, radius, x, floor - radius, gravity, restitution, dribbled);
        }
        Events = [.. balls.SelectMany(b => b.Impacts).OrderBy(e => e.TimeSeconds)];

        var picture = Random("picture");
        backdrop = new Backdrop(picture, floor, ground);
        colours = [.. balls.Select(_ => Colour.Against(backdrop.Behind, picture))];
        hand = Colour.Skin(picture);
        striped = picture.Chance(0.5);
        Captions = Describe(dribbled);
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, shell ? 0.03 : 0.06);

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        for (var i = 0; i < balls.Length; i++)
        {
            var ball = balls[i];
            var at = ball.PositionAt(time);
            var height = Math.Max(0, floor - ball.Radius - at.Y);
            var shadow = new Ellipse(new Vector2(at.X, floor + 0.01f), ball.Radius * new Vector2(1 + height, 0.22f));
            canvas.Fill(shadow, new Vector4(0, 0, 0, 0.5f / (1 + 4 * height)));
            canvas.Fill(new Disc(at, ball.Radius), new Sphere(at, ball.Radius, colours[i]));
            if (striped)
            {
                var turn = 3 * at.X / ball.Radius + i;
                var along = 0.85f * ball.Radius * new Vector2(MathF.Cos(turn), MathF.Sin(turn));
                canvas.Line(at - along, at + along, 0.2f * ball.Radius, colours[i].Shade(0.3f));
            }
            if (ball.HandAt(time) is not { } palm)
                continue;
            canvas.Line(palm + new Vector2(0, -0.04f), palm + new Vector2(0.12f, -1.2f), 0.07f, hand);
            canvas.Fill(new Ellipse(palm + new Vector2(0, -0.02f), new Vector2(0.9f * ball.Radius + 0.03f, 0.035f)), hand);
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var bodies = balls.Select(b => shell ? Materials.Shell(random, b.Radius / 0.045) : Materials.Rubber(random, b.Radius / 0.09))
            .ToArray();
        var floorBody = ground == Ground.Wood ? Materials.Wood(random, 1.6) : null;
        for (var i = 0; i < balls.Length; i++)
        {
            foreach (var (time, strength) in balls[i].Impacts)
            {
                bodies[i].Strike(track, time, 1.1 * strength, shell ? 9000 : 500 + 700 * strength);
                floorBody?.Strike(track, time, (shell ? 0.15 : 0.3) * strength, 1200);
                var slap = shell ? new NoiseBurst(2000, 7000, 0, 0.004) : new NoiseBurst(250, 5000, 0.001, 0.014);
                slap.Add(track, random, time, 0.16 * strength);
            }
        }
    }

    string[] Describe(bool dribbled)
    {
        var floorName = ground switch
        {
            Ground.Wood => "wooden floor",
            Ground.Stone => "concrete floor",
            Ground.Tiles => "tiled floor",
            _ => "the ground",
        };
        var on = floorName == "the ground" ? floorName : $"a {floorName}";
        if (shell)
            return [
                "a ping pong ball bouncing",
                $"a small hard ball bouncing on {on}",
                "a table tennis ball bouncing",
                "clicking of a bouncing ping pong ball",
            ];
        return dribbled
            ? [
                "a ball being dribbled",
                $"someone dribbling a basketball on {on}",
                "a basketball bouncing",
                "dribbling a ball",
                $"a ball bouncing on {on}",
            ]
            : [
                "a ball bouncing",
                $"a ball bouncing on {on}",
                $"a rubber ball dropped on {on}",
                "thumps of a bouncing ball",
                "a bouncing ball",
            ];
    }
}
