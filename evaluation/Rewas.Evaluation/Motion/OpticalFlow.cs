namespace Rewas.Evaluation.Motion;

/// <summary>
/// Movement of each pixel from one picture to the next (Farneback, SCIA 2003), with TempoTokens' parameters for OpenCV: 3 levels of half
/// the size, windows of 15 pixels, 3 iterations.
/// </summary>
static class OpticalFlow
{
    const int Levels = 3, WindowPixels = 15, Iterations = 3;
    const float Flat = 1e-3f;                                                // of grey 0 to 255: flatter areas count as still

    static readonly float[] Window = [.. Enumerable.Repeat(1f / WindowPixels, WindowPixels)];

    /// <summary>Mean length of the movement over all pixels, in pixels.</summary>
    public static double MeanLength(GreyPicture before, GreyPicture after)
    {
        var (x, y) = Between(before, after, Levels);
        return x.Values.Zip(y.Values, (dx, dy) => Math.Sqrt(dx * dx + dy * dy)).Average();
    }

    /// <summary>Movement of each pixel of <paramref name="before"/>: [Height, Width] each.</summary>
    /// <param name="after">The next picture, of the same size.</param>
    /// <param name="levels">Number of resolutions; 1 uses only the given size.</param>
    public static (GreyPicture X, GreyPicture Y) Between(GreyPicture before, GreyPicture after, int levels)
    {
        var (x, y) = levels > 1 && Math.Min(before.Width, before.Height) >= 2 * WindowPixels
            ? Doubled(Between(before.Halved(), after.Halved(), levels - 1), before)
            : (Zero(before), Zero(before));
        var (first, second) = (PolynomialExpansion.Of(before), PolynomialExpansion.Of(after));
        for (var iteration = 0; iteration < Iterations; iteration++)
            (x, y) = Step(first, second, x, y);
        return (x, y);
    }

    /// <summary>One iteration: least squares over the window of A d = A d0 - (b2 - b1) / 2, where d0 is the estimate so far.</summary>
    static (GreyPicture X, GreyPicture Y) Step(PolynomialExpansion first, PolynomialExpansion second, GreyPicture x, GreyPicture y)
    {
        GreyPicture xx = Zero(x), xy = Zero(x), yy = Zero(x), towardsX = Zero(x), towardsY = Zero(x);
        for (var row = 0; row < x.Height; row++)
            for (var column = 0; column < x.Width; column++)
            {
                var i = row * x.Width + column;
                var (movedX, movedY) = (column + (int)MathF.Round(x.Values[i]), row + (int)MathF.Round(y.Values[i]));
                var (knownX, knownY) = (movedX - column, movedY - row);
                var a = (first.Xx.Values[i] + second.Xx.At(movedX, movedY)) / 2;
                var b = (first.Xy.Values[i] + second.Xy.At(movedX, movedY)) / 2;
                var c = (first.Yy.Values[i] + second.Yy.At(movedX, movedY)) / 2;
                var deltaX = (first.X.Values[i] - second.X.At(movedX, movedY)) / 2 + a * knownX + b * knownY;
                var deltaY = (first.Y.Values[i] - second.Y.At(movedX, movedY)) / 2 + b * knownX + c * knownY;
                (xx.Values[i], xy.Values[i], yy.Values[i]) = (a * a + b * b, b * (a + c), b * b + c * c);
                (towardsX.Values[i], towardsY.Values[i]) = (a * deltaX + b * deltaY, b * deltaX + c * deltaY);
            }
        (xx, xy, yy, towardsX, towardsY) = (Averaged(xx), Averaged(xy), Averaged(yy), Averaged(towardsX), Averaged(towardsY));
        var (newX, newY) = (Zero(x), Zero(x));
        for (var i = 0; i < newX.Values.Length; i++)
        {
            var scale = 1 / (xx.Values[i] * yy.Values[i] - xy.Values[i] * xy.Values[i] + Flat);
            newX.Values[i] = (yy.Values[i] * towardsX.Values[i] - xy.Values[i] * towardsY.Values[i]) * scale;
            newY.Values[i] = (xx.Values[i] * towardsY.Values[i] - xy.Values[i] * towardsX.Values[i]) * scale;
        }
        return (newX, newY);
    }

    static GreyPicture Averaged(GreyPicture picture) => picture.Filtered(Window, Window);

    static (GreyPicture X, GreyPicture Y) Doubled((GreyPicture X, GreyPicture Y) half, GreyPicture size)
    {
        var (x, y) = (Zero(size), Zero(size));
        for (var row = 0; row < size.Height; row++)
            for (var column = 0; column < size.Width; column++)
            {
                var i = row * size.Width + column;
                (x.Values[i], y.Values[i]) = (2 * half.X.At(column / 2, row / 2), 2 * half.Y.At(column / 2, row / 2));
            }
        return (x, y);
    }

    static GreyPicture Zero(GreyPicture like) => new(new float[like.Values.Length], like.Width, like.Height);
}
