using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Picture;

namespace Rewas.Evaluation.Scenes.Filming;

/// <summary>Renders the frames of one scene at one size. The still backdrop is painted once, so a frame costs only what moves.</summary>
public sealed class Film
{
    const int ShutterSamples = 3;

    readonly Scene scene;
    readonly Look look;
    readonly Distraction distraction;
    readonly Canvas backdrop, canvas;
    readonly Vector4[]? exposed;            // sum over the shutter's samples, [H * W]
    readonly Sensor sensor;
    readonly int margin;

    internal Film(Scene scene, SceneRandom random, int width, int height)
    {
        (this.scene, look, Width, Height) = (scene, scene.Look, width, height);
        distraction = new Distraction(random.Fork("distraction"));
        sensor = new Sensor(look, random.Fork("sensor"), width, height);
        margin = (int)MathF.Ceiling(2 * look.Shake * height) + 1;
        backdrop = new Canvas(width + 2 * margin, height + 2 * margin, look, height);
        scene.PaintBackdrop(backdrop);
        canvas = new Canvas(width, height, look, height);
        exposed = look.Shutter > 0 ? new Vector4[width * height] : null;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Bytes of one frame, [H, W, 3] RGB u8.</summary>
    public int FrameBytes => Width * Height * 3;

    /// <summary>Renders the frame at a time in seconds into [H, W, 3] RGB u8.</summary>
    public void Render(double time, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, FrameBytes);
        if (exposed is null)
        {
            Expose(time);
            sensor.Develop(canvas.Pixels, time, rgb);
            return;
        }
        Array.Clear(exposed);
        for (var i = 0; i < ShutterSamples; i++)
        {
            Expose(time + look.Shutter * ((i + 0.5) / ShutterSamples - 0.5));
            for (var k = 0; k < exposed.Length; k++)
                exposed[k] += canvas.Pixels[k] * (1f / ShutterSamples);
        }
        sensor.Develop(exposed, time, rgb);
    }

    void Expose(double time)
    {
        var shift = look.ShakeAt(time) * Height;
        canvas.Shift = shift;
        CopyBackdrop(shift);
        distraction.Paint(canvas, time);
        scene.Paint(canvas, Math.Max(0, time));
    }

    /// <summary>Copies with bilinear interpolation, because the tremor is a fraction of a pixel.</summary>
    void CopyBackdrop(Vector2 shift)
    {
        var x0 = margin - shift.X;
        var y0 = margin - shift.Y;
        int left = (int)MathF.Floor(x0), top = (int)MathF.Floor(y0);
        float fx = x0 - left, fy = y0 - top;
        var stride = backdrop.Width;
        for (var y = 0; y < Height; y++)
        {
            var from = backdrop.Pixels.AsSpan((top + y) * stride + left, Width);
            var to = canvas.Pixels.AsSpan(y * Width, Width);
            if (look.Shake == 0)
            {
                from.CopyTo(to);
                continue;
            }
            var below = backdrop.Pixels.AsSpan((top + y + 1) * stride + left, Width + 1);
            from = backdrop.Pixels.AsSpan((top + y) * stride + left, Width + 1);
            for (var x = 0; x < to.Length; x++)
                to[x] = Vector4.Lerp(Vector4.Lerp(from[x], from[x + 1], fx), Vector4.Lerp(below[x], below[x + 1], fx), fy);
        }
    }
}
