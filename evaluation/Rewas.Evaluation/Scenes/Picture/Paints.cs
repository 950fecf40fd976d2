using System.Numerics;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>Colour of a shape at a point; alpha in W.</summary>
interface IPaint
{
    Vector4 At(Vector2 p);
}

readonly record struct Flat(Vector4 Colour) : IPaint
{
    public Vector4 At(Vector2 p) => Colour;
}

/// <summary>A gradient between two points, each with its colour.</summary>
readonly record struct Gradient(Vector2 From, Vector4 FromColour, Vector2 To, Vector4 ToColour) : IPaint
{
    public Vector4 At(Vector2 p)
    {
        var along = To - From;
        return Vector4.Lerp(FromColour, ToColour, Math.Clamp(Vector2.Dot(p - From, along) / along.LengthSquared(), 0, 1));
    }
}

/// <summary>A sphere lit from the upper left.</summary>
readonly record struct Sphere(Vector2 Centre, float Radius, Vector4 Colour) : IPaint
{
    public Vector4 At(Vector2 p)
    {
        var q = (p - Centre) / Radius;
        var z = MathF.Sqrt(Math.Max(0, 1 - q.LengthSquared()));
        var lit = Math.Max(0, -0.45f * q.X - 0.6f * q.Y + 0.66f * z);
        return Colour.Shade(0.35f + 0.75f * lit);
    }
}

/// <summary>Dense in the middle and transparent at the edge: smoke, dust, clouds, glow.</summary>
readonly record struct Haze(Vector2 Centre, float Radius, Vector4 Colour) : IPaint
{
    public Vector4 At(Vector2 p)
    {
        var fall = Math.Max(0, 1 - Vector2.DistanceSquared(p, Centre) / (Radius * Radius));
        return Colour with { W = Colour.W * fall * fall };
    }
}
