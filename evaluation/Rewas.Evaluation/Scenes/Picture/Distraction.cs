using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>Silent motion behind the action: a cloud, a swaying box, a drifting light. Often there is none.</summary>
sealed class Distraction
{
    readonly Drifter[] drifters;

    public Distraction(SceneRandom random)
    {
        drifters = new Drifter[random.Chance(0.4) ? 1 + random.Below(2) : 0];
        for (var i = 0; i < drifters.Length; i++)
        {
            drifters[i] = new Drifter(
                random.Below(3),
                new Vector2(random.Between(-0.5f, 0.5f), random.Between(-0.5f, 0.2f)),
                new Vector2(random.Between(0.05f, 0.35f), random.Between(0f, 0.12f)),
                random.Between(0.05f, 0.35f),
                random.Between(0f, MathF.Tau),
                random.Between(0.04f, 0.14f),
                Colour.Hsv(random.Unit(), random.Between(0, 0.6), random.Between(0.2, 0.95)).WithAlpha(random.Between(0.3f, 0.8f)));
        }
    }

    public void Paint(Canvas canvas, double time)
    {
        foreach (var d in drifters)
        {
            var turn = MathF.Tau * d.Rate * (float)time + d.Phase;
            var at = d.Home + d.Reach * new Vector2(MathF.Sin(turn), MathF.Sin(1.7f * turn));
            if (d.Form == 0)
                canvas.Fill(new Disc(at, 1.8f * d.Size), new Haze(at, 1.8f * d.Size, d.Colour));
            else if (d.Form == 1)
                canvas.Fill(new Disc(at, 0.6f * d.Size), d.Colour);
            else
                canvas.Fill(new Box(at, new Vector2(d.Size, 0.5f * d.Size), 0.3f * MathF.Sin(turn)), d.Colour);
        }
    }

    readonly record struct Drifter(int Form, Vector2 Home, Vector2 Reach, float Rate, float Phase, float Size, Vector4 Colour);
}
