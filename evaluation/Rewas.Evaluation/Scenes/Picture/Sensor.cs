using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Sound;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>From linear light to the bytes of a frame: exposure, tint, vignetting, tone curve, noise.</summary>
sealed class Sensor
{
    const int CurveSteps = 4095;
    const int NoiseMask = (1 << 16) - 1;

    readonly Look look;
    readonly float[] vignette;                                             // [H * W]
    readonly byte[] curve = new byte[CurveSteps + 1];                      // linear light to encoded level
    readonly sbyte[]? grain;
    readonly ulong seed;

    public Sensor(Look look, SceneRandom random, int width, int height)
    {
        this.look = look;
        seed = random.NextBits();
        vignette = new float[width * height];
        for (var i = 0; i < vignette.Length; i++)
        {
            float x = (i % width + 0.5f) / width * 2 - 1, y = (i / width + 0.5f) / height * 2 - 1;
            vignette[i] = 1 - look.Vignette * (x * x + y * y) / 2;
        }
        for (var i = 0; i < curve.Length; i++)
            curve[i] = (byte)Math.Round(255 * Math.Pow((double)i / CurveSteps, look.Contrast / 2.2));
        if (look.Noise == 0)
            return;
        grain = new sbyte[NoiseMask + 1];
        for (var i = 0; i < grain.Length; i++)
            grain[i] = (sbyte)Math.Round(look.Noise * (random.Noise() + random.Noise() + random.Noise()));
    }

    /// <summary>[H * W] linear to [H, W, 3] u8.</summary>
    public void Develop(ReadOnlySpan<Vector4> light, double time, Span<byte> rgb)
    {
        var gain = look.Brightness(time) * CurveSteps * look.Tint;
        var offset = (int)SplitMix64.Mix(seed ^ (ulong)Math.Round(time * 1e6));
        for (int i = 0, o = 0; i < light.Length; i++, o += 3)
        {
            var v = Vector4.Clamp(light[i] * gain * vignette[i], Vector4.Zero, new Vector4(CurveSteps));
            int r = curve[(int)v.X], g = curve[(int)v.Y], b = curve[(int)v.Z];
            if (grain is not null)
            {
                r = Math.Clamp(r + grain[(o + offset) & NoiseMask], 0, 255);
                g = Math.Clamp(g + grain[(o + 1 + offset) & NoiseMask], 0, 255);
                b = Math.Clamp(b + grain[(o + 2 + offset) & NoiseMask], 0, 255);
            }
            (rgb[o], rgb[o + 1], rgb[o + 2]) = ((byte)r, (byte)g, (byte)b);
        }
    }
}
