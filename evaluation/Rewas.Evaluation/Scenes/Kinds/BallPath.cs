using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>The positions of a ball and of the hand that drops, catches or drives it, over time.</summary>
sealed class BallPath
{
    const double ApproachSeconds = 0.35;    // the hand comes down to a resting ball, and leaves after letting go

    readonly record struct Leg(double Start, double End, Vector2 From, Vector2 Velocity, float Gravity, Vector2 To, bool Carried);

    readonly List<Leg> legs = [];
    readonly List<SoundEvent> impacts = [];
    readonly double seconds;
    readonly float floor, gravity, restitution, fastest;
    readonly bool dribbled;
    readonly float palmRest;                // dribbling: the lowest position of the palm

    /// <param name="random">Decides heights, drifts and pauses.</param>
    /// <param name="seconds">Length of the simulation.</param>
    /// <param name="radius">World units.</param>
    /// <param name="x">Where the ball is dropped.</param>
    /// <param name="floor">World y of the ball's centre when it lies on the floor.</param>
    /// <param name="gravity">World units per second squared.</param>
    /// <param name="restitution">Speed after an impact divided by the speed before.</param>
    /// <param name="dribbled">A hand drives the ball instead of dropping it.</param>
    public BallPath(SceneRandom random, double seconds, float radius, float x, float floor, float gravity, float restitution, bool dribbled)
    {
        (this.seconds, this.floor, this.gravity) = (seconds, floor, gravity);
        (this.restitution, this.dribbled, Radius) = (restitution, dribbled, radius);
        fastest = MathF.Sqrt(2 * gravity * 0.7f);
        var top = new Vector2(x, dribbled ? floor - random.Between(0.3f, 0.45f) : 0);
        palmRest = top.Y + 0.08f;
        var time = 0.0;
        if (!dribbled)
            top.Y = floor - random.Between(0.25f, 0.68f);
        Hold(ref time, random.Chance(0.3) ? random.Between(0.4, 1.4) : random.Between(0.05, 0.4), top);
        while (time < seconds)
        {
            if (dribbled)
                Dribble(random, ref time, top);
            else
                DropAndPickUp(random, ref time, ref top);
        }
    }

    public float Radius { get; }

    /// <summary>Contacts with the floor.</summary>
    public IReadOnlyList<SoundEvent> Impacts => impacts;

    public Vector2 PositionAt(double time)
    {
        var leg = LegAt(time);
        var dt = (float)(Math.Min(time, leg.End) - leg.Start);
        if (!leg.Carried)
            return leg.From + leg.Velocity * dt + new Vector2(0, 0.5f * leg.Gravity * dt * dt);
        var u = (float)(dt / (leg.End - leg.Start));
        return Vector2.Lerp(leg.From, leg.To, u * u * (3 - 2 * u));
    }

    /// <summary>Middle of the palm. The palm is on top of the ball while it holds it; null while it is out of sight.</summary>
    public Vector2? HandAt(double time)
    {
        var position = PositionAt(time);
        if (dribbled)
            return new Vector2(position.X, Math.Min(position.Y, palmRest) - Radius);
        var now = LegAt(time);
        if (now.Carried)
            return position - new Vector2(0, Radius);
        var released = legs.FindLastIndex(l => l.Carried && l.End <= time);
        if (released >= 0 && time - legs[released].End < ApproachSeconds)
            return legs[released].To - new Vector2(0, Radius + Away((time - legs[released].End) / ApproachSeconds));
        var grasped = legs.FindIndex(l => l.Carried && l.Start > time);
        return grasped >= 0 && legs[grasped].Start - time < ApproachSeconds
            ? legs[grasped].From - new Vector2(0, Radius + Away((legs[grasped].Start - time) / ApproachSeconds))
            : null;
    }

    static float Away(double share) => (float)(share * share) * 1.1f;

    Leg LegAt(double time)
    {
        var i = legs.Count - 1;
        while (i > 0 && legs[i].Start > time)
            i--;
        return legs[i];
    }

    void Hold(ref double time, double duration, Vector2 at) => Carry(ref time, duration, at, at);

    void Carry(ref double time, double duration, Vector2 from, Vector2 to)
    {
        legs.Add(new Leg(time, time + duration, from, Vector2.Zero, 0, to, true));
        time += duration;
    }

    void DropAndPickUp(SceneRandom random, ref double time, ref Vector2 top)
    {
        var drift = random.Between(-0.12f, 0.12f);
        var at = Fall(ref time, top, new Vector2(drift, 0), gravity);
        for (var speed = restitution * MathF.Sqrt(2 * gravity * (floor - top.Y)); speed > 0.07f * fastest; speed *= restitution)
        {
            drift *= 0.8f;
            at = Fall(ref time, at, new Vector2(drift, -speed), gravity);
        }
        var rest = ApproachSeconds + random.Between(0.0, 0.6);
        legs.Add(new Leg(time, time + rest, at, Vector2.Zero, 0, at, false));
        time += rest;
        top = new Vector2(Math.Clamp(at.X - Math.Sign(at.X) * random.Between(0f, 0.1f), -0.3f, 0.3f), floor - random.Between(0.25f, 0.68f));
        Carry(ref time, random.Between(0.35, 0.6), at, top);
        Hold(ref time, random.Between(0.05, 0.5), top);
    }

    void Dribble(SceneRandom random, ref double time, Vector2 top)
    {
        var push = random.Between(0.15f, 0.75f) * fastest;
        var bounces = 2 + random.Below(5);
        for (var i = 0; i < bounces && time < seconds; i++)
        {
            var at = Fall(ref time, top, new Vector2(0, push * random.Between(0.9f, 1.1f)), gravity);
            // Just fast enough to reach the palm, as the hand lets the ball come to it.
            var rise = MathF.Sqrt(2 * gravity * (floor - top.Y));
            var up = rise / gravity;
            legs.Add(new Leg(time, time + up, at, new Vector2(0, -rise), gravity, at, false));
            time += up;
            Hold(ref time, random.Between(0.02, 0.12), top);
        }
        Hold(ref time, random.Between(0.3, 1.4), top);
    }

    /// <summary>Free flight to the floor. Records the impact and returns its position.</summary>
    Vector2 Fall(ref double time, Vector2 from, Vector2 velocity, float acceleration)
    {
        var height = floor - from.Y;
        var impactSpeed = MathF.Sqrt(velocity.Y * velocity.Y + 2 * acceleration * height);
        var duration = (impactSpeed - velocity.Y) / acceleration;
        legs.Add(new Leg(time, time + duration, from, velocity, acceleration, from, false));
        time += duration;
        if (time < seconds)
            impacts.Add(new SoundEvent(time, Math.Min(1, Math.Pow(impactSpeed / fastest, 1.3))));
        return new Vector2(from.X + velocity.X * duration, floor);
    }
}
