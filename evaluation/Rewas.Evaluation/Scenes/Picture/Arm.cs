using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>
/// A sleeve, a wrist and a fist of the person who holds, strikes or pushes. The rest of that person is outside the picture.
/// </summary>
/// <param name="Skin">Colour of the hand.</param>
/// <param name="Sleeve">Colour of the sleeve; may be the same as the skin.</param>
/// <param name="Width">Width of the sleeve, world units.</param>
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
