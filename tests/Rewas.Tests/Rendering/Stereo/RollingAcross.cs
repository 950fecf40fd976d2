using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Tests.Rendering.Stereo;

/// <summary>A ball that rolls from the left edge of a wide picture to the right one. Backdrop and camera are as in other scenes.</summary>
sealed class RollingAcross(ulong seed, double seconds) : Scene("across", seed, seconds)
{
    const float Radius = 0.09f, Edge = 0.75f;

    /// <summary>True if the camera shows left as right.</summary>
    public bool IsMirrored => Look.Mirrored;

    public override double Loudness(double time) => 1;

    internal override void PaintBackdrop(Canvas canvas) => new Backdrop(Random("picture"), 0.25f, Ground.Wood).Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        var middle = new Vector2((float)(Edge * (2 * time / Seconds - 1)), 0.16f);
        canvas.Fill(new Disc(middle, Radius), new Sphere(middle, Radius, Colour.Hsv(0.02, 0.9, 0.9)));
    }

    internal override void Sound(Track track)
    {
    }
}
