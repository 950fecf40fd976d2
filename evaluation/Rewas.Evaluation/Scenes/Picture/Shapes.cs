using System.Numerics;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>A region by its signed distance: negative inside, in world units.</summary>
interface IShape
{
    float Distance(Vector2 p);

    (Vector2 Min, Vector2 Max) Bounds { get; }

    /// <summary>Smallest thickness, world units; a shape thinner than a pixel is drawn one pixel thick and fainter.</summary>
    float Thickness { get; }
}

readonly record struct Disc(Vector2 Centre, float Radius) : IShape
{
    public float Distance(Vector2 p) => Vector2.Distance(p, Centre) - Radius;

    public (Vector2 Min, Vector2 Max) Bounds => (Centre - new Vector2(Radius), Centre + new Vector2(Radius));

    public float Thickness => 2 * Radius;
}

/// <summary>A line with round ends.</summary>
readonly record struct Capsule(Vector2 From, Vector2 To, float Radius) : IShape
{
    public float Distance(Vector2 p)
    {
        Vector2 along = To - From, offset = p - From;
        var h = Math.Clamp(Vector2.Dot(offset, along) / Math.Max(along.LengthSquared(), 1e-12f), 0, 1);
        return (offset - h * along).Length() - Radius;
    }

    public (Vector2 Min, Vector2 Max) Bounds =>
        (Vector2.Min(From, To) - new Vector2(Radius), Vector2.Max(From, To) + new Vector2(Radius));

    public float Thickness => 2 * Radius;
}

/// <param name="Centre">World units.</param>
/// <param name="Half">Half width and half height.</param>
/// <param name="Angle">Radians, turning the box's x axis towards y.</param>
/// <param name="Round">Radius of the corners.</param>
readonly record struct Box(Vector2 Centre, Vector2 Half, float Angle = 0, float Round = 0) : IShape
{
    readonly Vector2 axis = new(MathF.Cos(Angle), MathF.Sin(Angle));

    public float Distance(Vector2 p)
    {
        p -= Centre;
        var local = new Vector2(Vector2.Dot(p, axis), p.Y * axis.X - p.X * axis.Y);
        var q = Vector2.Abs(local) - Half + new Vector2(Round);
        return Vector2.Max(q, Vector2.Zero).Length() + Math.Min(Math.Max(q.X, q.Y), 0) - Round;
    }

    public (Vector2 Min, Vector2 Max) Bounds
    {
        get
        {
            var a = Vector2.Abs(axis);
            var extent = new Vector2(a.X * Half.X + a.Y * Half.Y, a.Y * Half.X + a.X * Half.Y);
            return (Centre - extent, Centre + extent);
        }
    }

    public float Thickness => 2 * Math.Min(Half.X, Half.Y);
}

/// <summary>An axis-aligned ellipse. The distance is a first-order approximation, exact at the outline.</summary>
readonly record struct Ellipse(Vector2 Centre, Vector2 Radii) : IShape
{
    public float Distance(Vector2 p)
    {
        var q = (p - Centre) / Radii;
        var length = q.Length();
        return length < 1e-4f ? -Math.Min(Radii.X, Radii.Y) : length * (length - 1) / (q / Radii).Length();
    }

    public (Vector2 Min, Vector2 Max) Bounds => (Centre - Radii, Centre + Radii);

    public float Thickness => 2 * Math.Min(Radii.X, Radii.Y);
}

/// <summary>The outline of an ellipse.</summary>
readonly record struct EllipseRing(Vector2 Centre, Vector2 Radii, float HalfWidth) : IShape
{
    public float Distance(Vector2 p) => Math.Abs(new Ellipse(Centre, Radii).Distance(p)) - HalfWidth;

    public (Vector2 Min, Vector2 Max) Bounds => (Centre - Radii - new Vector2(HalfWidth), Centre + Radii + new Vector2(HalfWidth));

    public float Thickness => 2 * HalfWidth;
}

/// <summary>A convex shape of four corners in order around it, in either direction. Two corners may coincide for a triangle.</summary>
readonly record struct Quad(Vector2 A, Vector2 B, Vector2 C, Vector2 D) : IShape
{
    public float Distance(Vector2 p)
    {
        var turn = Cross(C - A, D - B) > 0 ? 1 : -1;
        return Math.Max(Math.Max(Outside(p, A, B, turn), Outside(p, B, C, turn)), Math.Max(Outside(p, C, D, turn), Outside(p, D, A, turn)));
    }

    public (Vector2 Min, Vector2 Max) Bounds =>
        (Vector2.Min(Vector2.Min(A, B), Vector2.Min(C, D)), Vector2.Max(Vector2.Max(A, B), Vector2.Max(C, D)));

    public float Thickness => Math.Abs(Cross(C - A, D - B)) / (2 * Math.Max(Vector2.Distance(A, C), Vector2.Distance(B, D)));

    /// <summary>Distance from the line through an edge, positive on its outer side.</summary>
    static float Outside(Vector2 p, Vector2 from, Vector2 to, int turn)
    {
        var edge = to - from;
        var length = edge.Length();
        return length < 1e-6f ? float.NegativeInfinity : -turn * Cross(edge, p - from) / length;
    }

    static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;
}
