using System.Numerics;

namespace Rewas.Scenes.Picture;

/// <summary>A sleeve, a wrist and a fist: whoever holds, strikes or pushes, most of them out of the picture.</summary>
/// <param name="Skin">Colour of the hand.</param>
/// <param name="Sleeve">Colour of what the arm wears; may be that of the skin.</param>
/// <param name="Width">Of the sleeve, world units.</param>
readonly record struct Arm(Vector4 Skin, Vector4 Sleeve, float Width)
{
    public static Arm Of(SceneRandom random, Vector4 behind)
    {
        var skin = Colour.Skin(random);
        return new Arm(skin, random.Chance(0.3) ? skin : Colour.Against(behind, random), random.Between(0.06f, 0.09f));
    }

    public void Paint(Canvas canvas, Vector2 hand, Vector2 shoulder)
    {
        var toShoulder = Vector2.Normalize(shoulder - hand);
        canvas.Line(hand, hand + 1.6f * Width * toShoulder, 0.75f * Width, Skin.Shade(0.85f));
        canvas.Line(hand + 1.6f * Width * toShoulder, shoulder, Width, Sleeve);
        canvas.Fill(new Disc(hand, 0.62f * Width), Skin);
    }
}
