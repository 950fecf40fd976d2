using System.Numerics;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>
/// A software rasteriser in linear light with anti-aliased edges. World coordinates have their origin in the middle, x to the right and y
/// down. The picture is one unit high (before the camera's zoom), so a centre crop sees the square [-0.5, 0.5].
/// </summary>
sealed class Canvas
{
    readonly Vector2 right, down;           // pixels for one unit along world x and y
    readonly Vector2 centre;
    readonly float scale;                   // pixels per world unit
    readonly float softness;                // width of an edge, pixels

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="look">Framing and blur.</param>
    /// <param name="pictureHeight">Height of one unit in pixels. It is less than the canvas height if the canvas has a margin.</param>
    public Canvas(int width, int height, Look look, int pictureHeight)
    {
        (Width, Height) = (width, height);
        Pixels = new Vector4[width * height];
        scale = pictureHeight * look.Zoom;
        softness = 1 + look.Blur * pictureHeight;
        right = scale * new Vector2(MathF.Cos(look.Roll), MathF.Sin(look.Roll));
        down = new Vector2(-right.Y, right.X);
        if (look.Mirrored)
            right = -right;
        centre = new Vector2(width, height) / 2 - look.Pan.X * right - look.Pan.Y * down;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>[H * W] linear RGB in X, Y, Z.</summary>
    public Vector4[] Pixels { get; }

    public float PixelsPerUnit => scale;

    /// <summary>Displacement of the whole picture, pixels.</summary>
    public Vector2 Shift { get; set; }

    Vector2 ToPixel(Vector2 p) => centre + Shift + p.X * right + p.Y * down;

    Vector2 ToWorld(Vector2 pixel)
    {
        pixel -= centre + Shift;
        return new Vector2(Vector2.Dot(pixel, right), Vector2.Dot(pixel, down)) / (scale * scale);
    }

    /// <summary>Blends a shape over the picture.</summary>
    public void Fill<TShape, TPaint>(TShape shape, TPaint paint)
        where TShape : struct, IShape
        where TPaint : struct, IPaint
    {
        var (min, max) = shape.Bounds;
        Vector2 a = ToPixel(min), b = ToPixel(max), c = ToPixel(new(min.X, max.Y)), d = ToPixel(new(max.X, min.Y));
        var low = Vector2.Min(Vector2.Min(a, b), Vector2.Min(c, d)) - new Vector2(softness);
        var high = Vector2.Max(Vector2.Max(a, b), Vector2.Max(c, d)) + new Vector2(softness);
        int left = (int)Math.Clamp(low.X, 0, Width), end = (int)Math.Clamp(MathF.Ceiling(high.X), 0, Width);
        int top = (int)Math.Clamp(low.Y, 0, Height), bottom = (int)Math.Clamp(MathF.Ceiling(high.Y), 0, Height);

        var thickness = shape.Thickness * scale;                           // pixels
        var grow = Math.Max(0, 1 - thickness) / 2;
        var opacity = Math.Min(1, thickness);
        var step = ToWorld(new Vector2(1, 0)) - ToWorld(Vector2.Zero);
        var perPixel = 1 / softness;
        for (var y = top; y < bottom; y++)
        {
            var p = ToWorld(new Vector2(left + 0.5f, y + 0.5f));
            var row = Pixels.AsSpan(y * Width, Width);
            for (var x = left; x < end; x++, p += step)
            {
                var coverage = 0.5f - (shape.Distance(p) * scale - grow) * perPixel;
                if (coverage <= 0)
                    continue;
                var colour = paint.At(p);
                row[x] = Vector4.Lerp(row[x], colour, Math.Min(coverage, 1) * colour.W * opacity);
            }
        }
    }

    public void Fill<TShape>(TShape shape, Vector4 colour)
        where TShape : struct, IShape => Fill(shape, new Flat(colour));

    public void Line(Vector2 from, Vector2 to, float width, Vector4 colour) => Fill(new Capsule(from, to, width / 2), colour);

    /// <summary>Colours every pixel by a function of its world position.</summary>
    public void Cover(Func<Vector2, Vector4> colour)
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                Pixels[y * Width + x] = colour(ToWorld(new Vector2(x + 0.5f, y + 0.5f)));
        }
    }
}
