using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Picture;

enum Daylight
{
    Day,
    Overcast,
    Dusk,
    Night,
}

/// <summary>An outdoor backdrop: a sky with clouds or stars, distant hills or a town, and a ground.</summary>
sealed class Landscape
{
    readonly ValueNoise noise;
    readonly Daylight daylight;
    readonly float horizon, clouds, cloudSize, ridge, ridgeWidth, grain, grainSize;
    readonly Vector4 top, low, cloud, far, ground;
    readonly bool town;

    /// <param name="random">Decides colours and shapes.</param>
    /// <param name="horizon">World y where the ground begins; far below the picture for no ground.</param>
    /// <param name="ground">Colour of the ground by day.</param>
    /// <param name="daylight">Hour and weather.</param>
    public Landscape(SceneRandom random, float horizon, Vector4 ground, Daylight daylight)
    {
        (this.horizon, this.daylight) = (horizon, daylight);
        noise = new ValueNoise(random.NextBits());
        (top, low, cloud, Light) = daylight switch
        {
            Daylight.Day => (
                Colour.Hsv(random.Between(0.52, 0.63), random.Between(0.25, 0.75), random.Between(0.6, 0.95)),
                Colour.Hsv(random.Between(0.5, 0.6), random.Between(0.05, 0.3), random.Between(0.8, 1)),
                Colour.Grey(random.Between(0.85, 1)), 1f),
            Daylight.Overcast => (
                Colour.Hsv(random.Unit(), random.Between(0, 0.15), random.Between(0.35, 0.7)),
                Colour.Hsv(random.Unit(), random.Between(0, 0.15), random.Between(0.5, 0.85)),
                Colour.Grey(random.Between(0.3, 0.7)), random.Between(0.5f, 0.8f)),
            Daylight.Dusk => (
                Colour.Hsv(random.Between(0.6, 0.8), random.Between(0.3, 0.7), random.Between(0.25, 0.5)),
                Colour.Hsv(random.Between(0.95, 1.1), random.Between(0.4, 0.8), random.Between(0.6, 0.95)),
                Colour.Hsv(random.Between(0.75, 1), 0.3, random.Between(0.3, 0.6)), random.Between(0.25f, 0.45f)),
            _ => (
                Colour.Hsv(random.Between(0.58, 0.75), random.Between(0.2, 0.8), random.Between(0.16, 0.28)),
                Colour.Hsv(random.Between(0.55, 0.75), random.Between(0.2, 0.7), random.Between(0.2, 0.38)),
                Colour.Hsv(0.62, 0.3, random.Between(0.15, 0.3)), random.Between(0.12f, 0.2f)),
        };
        this.ground = Lit(ground);
        clouds = random.Between(0f, 0.9f);
        cloudSize = random.Between(1.5f, 5f);
        ridge = random.Chance(0.75) ? random.Between(0.05f, 0.25f) : 0;
        ridgeWidth = random.Between(1.5f, 5f);
        town = random.Chance(0.3);
        far = Vector4.Lerp(low, Lit(Colour.Hsv(random.Between(0.2, 0.65), 0.3, 0.35)), random.Between(0.4f, 0.9f));
        grain = random.Between(0.1f, 0.7f);
        grainSize = random.Between(5f, 25f);
    }

    /// <summary>Brightness of things that do not emit light, 1 in daylight.</summary>
    public float Light { get; }

    public bool Dark => Light < 0.5f;

    /// <summary>Colour behind things that stand against the sky.</summary>
    public Vector4 Behind => Vector4.Lerp(top, low, 0.5f);

    public Vector4 GroundTone => ground;

    public static Daylight AnyDaylight(SceneRandom random) =>
        random.Pick(Daylight.Day, Daylight.Day, Daylight.Overcast, Daylight.Dusk, Daylight.Night);

    /// <summary>A thing's own colour in this light.</summary>
    public Vector4 Lit(Vector4 colour) => colour.Shade(Light);

    public void Paint(Canvas canvas) => canvas.Cover(p => p.Y < horizon ? Sky(p, canvas.PixelsPerUnit) : GroundAt(p, canvas.PixelsPerUnit));

    Vector4 Sky(Vector2 p, float pixelsPerUnit)
    {
        if (horizon - p.Y < RidgeAt(p.X))
            return far.Shade(0.85f + 0.3f * noise.At(12 * p));
        var colour = Vector4.Lerp(top, low, Math.Clamp((p.Y + 0.6f) / 1.1f, 0, 1));
        var veil = noise.Fractal(new Vector2(1, 2.2f) * p * cloudSize, 4, pixelsPerUnit / cloudSize);
        colour = Vector4.Lerp(colour, cloud, clouds * Math.Clamp(3 * veil - 1.2f, 0, 1));
        var cell = p * 60;
        return daylight == Daylight.Night && noise.Lattice((int)MathF.Floor(cell.X), (int)MathF.Floor(cell.Y)) > 0.99f
            ? colour + new Vector4(0.3f, 0.3f, 0.3f, 0)
            : colour;
    }

    /// <summary>Height of hills or roofs over the horizon.</summary>
    float RidgeAt(float x) => ridge * (town
        ? 0.3f + 0.7f * noise.Lattice((int)MathF.Floor(2.5f * ridgeWidth * x), 3)
        : noise.At(new Vector2(ridgeWidth * x, 0.5f)));

    Vector4 GroundAt(Vector2 p, float pixelsPerUnit)
    {
        var texture = noise.Fractal(new Vector2(1, 2) * p * grainSize, 3, pixelsPerUnit / grainSize);
        return ground.Shade((0.8f + 0.5f * (p.Y - horizon)) * (1 + grain * (2 * texture - 1)));
    }
}
