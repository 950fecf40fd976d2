using System.Numerics;
using Rewas.Sound;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>Value noise on an integer lattice, smoothly interpolated.</summary>
readonly struct ValueNoise(ulong seed)
{
    /// <summary>In [0, 1]; one lattice cell is one unit.</summary>
    public float At(Vector2 p)
    {
        var cell = new Vector2(MathF.Floor(p.X), MathF.Floor(p.Y));
        var f = p - cell;
        f = f * f * (new Vector2(3) - 2 * f);
        int x = (int)cell.X, y = (int)cell.Y;
        var top = float.Lerp(Lattice(x, y), Lattice(x + 1, y), f.X);
        var bottom = float.Lerp(Lattice(x, y + 1), Lattice(x + 1, y + 1), f.X);
        return float.Lerp(top, bottom, f.Y);
    }

    /// <summary>In [0, 1]. Octaves finer than two pixels are omitted, because they would only alias.</summary>
    public float Fractal(Vector2 p, int octaves, float pixelsPerUnit)
    {
        float sum = 0, weight = 1, total = 0, scale = 1;
        for (var i = 0; i < octaves; i++, weight *= 0.55f, scale *= 2)
        {
            total += weight;
            sum += weight * (pixelsPerUnit / scale < 2 ? 0.5f : At(p * scale + new Vector2(17.3f * i)));
        }
        return sum / total;
    }

    /// <summary>Independent uniform numbers in [0, 1] on the lattice.</summary>
    public float Lattice(int x, int y) =>
        (SplitMix64.Mix(seed ^ ((ulong)(uint)x << 32 | (uint)y)) >> 40) * (1f / (1 << 24));
}
