using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>Linear-light RGB with alpha in W, not premultiplied.</summary>
static class Colour
{
    /// <summary>Hue in turns, saturation and value in [0, 1] as a person picks them (gamma encoded).</summary>
    public static Vector4 Hsv(double hue, double saturation, double value)
    {
        float Channel(double n)
        {
            var k = (n + hue * 6) % 6;
            return Linear(value - value * saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
        }
        return new Vector4(Channel(5), Channel(3), Channel(1), 1);
    }

    public static Vector4 Grey(double value) => new(new Vector3(Linear(value)), 1);

    public static Vector4 WithAlpha(this Vector4 colour, float alpha) => colour with { W = alpha };

    /// <summary>Makes a colour lighter (above 1) or darker.</summary>
    public static Vector4 Shade(this Vector4 colour, float factor) =>
        new(colour.X * factor, colour.Y * factor, colour.Z * factor, colour.W);

    public static float Luminance(Vector4 colour) => 0.2126f * colour.X + 0.7152f * colour.Y + 0.0722f * colour.Z;

    public static Vector4 Skin(SceneRandom random) => Hsv(random.Between(0.03, 0.1), random.Between(0.2, 0.6), random.Between(0.3, 0.95));

    /// <summary>A random colour that contrasts with the one behind it.</summary>
    public static Vector4 Against(Vector4 behind, SceneRandom random)
    {
        for (var attempt = 0; ; attempt++)
        {
            var colour = Hsv(random.Unit(), random.Between(0.1, 0.95), random.Between(0.15, 1));
            var ratio = (Luminance(colour) + 0.05f) / (Luminance(behind) + 0.05f);
            if (ratio is > 1.8f or < 0.55f || attempt == 20)
                return colour;
        }
    }

    static float Linear(double encoded) => (float)Math.Pow(encoded, 2.2);
}
