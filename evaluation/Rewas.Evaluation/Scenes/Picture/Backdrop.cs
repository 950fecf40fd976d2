using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Picture;

enum Ground
{
    Wood,
    Stone,
    Tiles,
    Gravel,
    Snow,
    Earth,
}

/// <summary>A wall or a sky above, a ground below, with texture and silent clutter.</summary>
sealed class Backdrop
{
    readonly ValueNoise noise;
    readonly bool outdoors;
    readonly Vector4 wall, wallLow, ground;
    readonly float grain, grainSize, stripes;
    readonly float horizon;
    readonly Ground kind;
    readonly (Box Shape, Vector4 Colour)[] clutter;

    /// <param name="random">Decides colours and textures.</param>
    /// <param name="horizon">World y where the ground begins; far below the picture for no ground.</param>
    /// <param name="kind">Material of the ground.</param>
    /// <param name="dark">A dim place, such as a cellar or a cave.</param>
    public Backdrop(SceneRandom random, float horizon, Ground kind, bool dark = false)
    {
        (this.horizon, this.kind) = (horizon, kind);
        noise = new ValueNoise(random.NextBits());
        outdoors = !dark && random.Chance(kind is Ground.Gravel or Ground.Snow or Ground.Earth ? 0.8 : 0.25);
        var value = dark ? random.Between(0.1, 0.35) : random.Between(0.3, 0.95);
        wall = outdoors
            ? Colour.Hsv(random.Between(0.5, 0.65), random.Between(0.05, 0.5), Math.Max(value, 0.6))
            : Colour.Hsv(random.Unit(), random.Between(0, 0.5), value);
        wallLow = wall.Shade(random.Between(0.6f, 1.3f));
        ground = GroundColour(random, kind);
        if (dark)
            ground = ground.Shade(0.4f);
        grain = random.Between(0.05f, 0.5f);
        grainSize = random.Between(2f, 9f);
        stripes = !outdoors && random.Chance(0.3) ? random.Between(4f, 12f) : 0;
        clutter = new (Box, Vector4)[random.Below(4)];
        for (var i = 0; i < clutter.Length; i++)
        {
            var half = new Vector2(random.Between(0.03f, 0.14f), random.Between(0.03f, 0.16f));
            var standing = random.Chance(0.5) && horizon < 0.5f;
            var at = new Vector2(
                random.Between(-0.9f, 0.9f), standing ? horizon - half.Y : random.Between(-0.5f, horizon - half.Y - 0.05f));
            clutter[i] = (
                new Box(at, half, 0, 0.01f),
                Vector4.Lerp(wall, Colour.Hsv(random.Unit(), random.Between(0, 0.6), value), random.Between(0.2f, 0.7f)));
        }
    }

    /// <summary>Colour behind the action in the middle of the picture.</summary>
    public Vector4 Behind => wall;

    public Vector4 GroundTone => ground;

    public void Paint(Canvas canvas)
    {
        canvas.Cover(p => p.Y < horizon ? Wall(p, canvas.PixelsPerUnit) : GroundAt(p, canvas.PixelsPerUnit));
        foreach (var (shape, colour) in clutter)
            canvas.Fill(shape, colour);
    }

    Vector4 Wall(Vector2 p, float pixelsPerUnit)
    {
        var colour = Vector4.Lerp(wall, wallLow, Math.Clamp(p.Y + 0.5f, 0, 1));
        var texture = noise.Fractal((outdoors ? new Vector2(1, 2) : Vector2.One) * p * grainSize, 4, pixelsPerUnit / grainSize);
        if (outdoors && horizon - p.Y < 0.25f * noise.At(new Vector2(3 * p.X, 0.5f)))
            return ground.Shade(0.5f + 0.2f * texture);                    // hills
        var stripe = stripes > 0 && MathF.Floor(p.X * stripes) % 2 == 0 ? 0.85f : 1;
        return colour.Shade(stripe * (1 + grain * (2 * texture - 1)));
    }

    Vector4 GroundAt(Vector2 p, float pixelsPerUnit)
    {
        var depth = p.Y - horizon;
        var near = 0.35f + depth;                                          // perspective: rows and columns narrow towards the horizon
        var floor = new Vector2(p.X / near, 1 / near) * 3;
        var fine = noise.Fractal(p * 20, 3, pixelsPerUnit / 20);
        var shade = 0.8f + 0.5f * depth;
        return kind switch
        {
            Ground.Wood =>
                ground.Shade(shade * (0.8f + 0.3f * noise.Lattice((int)MathF.Floor(floor.Y * 2), 7) + 0.15f * fine) * Groove(floor.Y * 2)),
            Ground.Tiles => ground.Shade(shade * Groove(floor.X) * Groove(floor.Y * 1.5f)),
            Ground.Gravel => ground.Shade(shade * (0.45f + 1.1f * noise.Fractal(p * 40, 2, pixelsPerUnit / 40))),
            Ground.Snow => ground.Shade(0.9f + 0.15f * noise.At(p * 6)),
            Ground.Earth => ground.Shade(shade * (0.7f + 0.6f * noise.Fractal(p * 8, 4, pixelsPerUnit / 8))),
            _ => ground.Shade(shade * (0.85f + 0.3f * fine)),
        };
    }

    static float Groove(float v) => v - MathF.Floor(v) < 0.07f ? 0.6f : 1;

    static Vector4 GroundColour(SceneRandom random, Ground kind) => kind switch
    {
        Ground.Wood => Colour.Hsv(random.Between(0.05, 0.11), random.Between(0.3, 0.65), random.Between(0.35, 0.85)),
        Ground.Tiles => Colour.Hsv(random.Unit(), random.Between(0, 0.3), random.Between(0.4, 0.95)),
        Ground.Gravel => Colour.Hsv(random.Between(0.05, 0.15), random.Between(0, 0.25), random.Between(0.45, 0.75)),
        Ground.Snow => Colour.Hsv(random.Between(0.5, 0.65), random.Between(0, 0.1), random.Between(0.85, 1)),
        Ground.Earth => Colour.Hsv(random.Between(0.05, 0.33), random.Between(0.2, 0.6), random.Between(0.3, 0.6)),
        _ => Colour.Hsv(random.Between(0, 1), random.Between(0, 0.1), random.Between(0.3, 0.7)),
    };
}
