using System.Numerics.Tensors;

namespace Rewas.Evaluation.Motion;

/// <summary>A grey picture, or one number per pixel.</summary>
/// <param name="Values">[Height, Width], row-major; grey from 0 to 255.</param>
sealed record GreyPicture(float[] Values, int Width, int Height)
{
    /// <summary>Luma of RGB bytes [height, width, 3] (ITU-R BT.601).</summary>
    public static GreyPicture OfRgb(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var grey = new float[width * height];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = 0.299f * rgb[3 * i] + 0.587f * rgb[3 * i + 1] + 0.114f * rgb[3 * i + 2];
        return new(grey, width, height);
    }

    /// <summary>The value at a position; outside the picture, that of the nearest edge.</summary>
    public float At(int x, int y) => Values[Math.Clamp(y, 0, Height - 1) * Width + Math.Clamp(x, 0, Width - 1)];

    /// <summary>Halves width and height by averaging four pixels.</summary>
    public GreyPicture Halved()
    {
        var half = new GreyPicture(new float[Width / 2 * (Height / 2)], Width / 2, Height / 2);
        for (var y = 0; y < half.Height; y++)
            for (var x = 0; x < half.Width; x++)
                half.Values[y * half.Width + x] =
                    (At(2 * x, 2 * y) + At(2 * x + 1, 2 * y) + At(2 * x, 2 * y + 1) + At(2 * x + 1, 2 * y + 1)) / 4;
        return half;
    }

    /// <summary>Separable filter: the value at x, y is the sum of horizontal[i] vertical[j] At(x + i - r, y + j - r).</summary>
    public GreyPicture Filtered(ReadOnlySpan<float> horizontal, ReadOnlySpan<float> vertical)
    {
        var (radius, rows, both) = (horizontal.Length / 2, Empty(), Empty());
        Span<float> padded = new float[Width + 2 * radius];
        for (var y = 0; y < Height; y++)
        {
            Row(y).CopyTo(padded[radius..]);
            padded[..radius].Fill(At(0, y));
            padded[^radius..].Fill(At(Width - 1, y));
            for (var i = 0; i < horizontal.Length; i++)
                TensorPrimitives.MultiplyAdd(padded.Slice(i, Width), horizontal[i], rows.Row(y), rows.Row(y));
        }
        for (var y = 0; y < Height; y++)
            for (var j = 0; j < vertical.Length; j++)
                TensorPrimitives.MultiplyAdd(rows.Row(Math.Clamp(y + j - radius, 0, Height - 1)), vertical[j], both.Row(y), both.Row(y));
        return both;
    }

    Span<float> Row(int y) => Values.AsSpan(y * Width, Width);

    GreyPicture Empty() => this with { Values = new float[Values.Length] };
}
