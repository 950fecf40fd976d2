namespace Rewas.Networks.Layers;

/// <summary>
/// Cuts a square picture of tokens into square windows for attention (Liu et al., 2021, arXiv 2103.14030, section 3.2). Shifted windows are
/// displaced by half a window and wrap round the edge, so that tokens separated by one cut meet in the next.
/// </summary>
public sealed class SwinWindows
{
    const float Masked = -100;                                               // as published: a score that softmax reduces to almost nothing
    readonly int side, perSide, shift;

    /// <param name="side">Tokens along each side of the picture.</param>
    /// <param name="window">Tokens along each side of a window; divides <paramref name="side"/>.</param>
    /// <param name="shifted">Whether the windows are shifted. A single window is never shifted.</param>
    public SwinWindows(int side, int window, bool shifted)
    {
        (this.side, Window, perSide) = (side, window, side / window);
        shift = shifted && Count > 1 ? window / 2 : 0;
    }

    /// <summary>Tokens along each side of a window.</summary>
    public int Window { get; }

    /// <summary>Tokens in a window: w * w.</summary>
    public int Tokens => Window * Window;

    /// <summary>Windows in the picture: n.</summary>
    public int Count => perSide * perSide;

    public bool Shifted => shift > 0;

    /// <summary>Cuts a picture into windows.</summary>
    public Tensor Cut(Tensor picture) =>                                     // [B, S, S, C] -> [B, w * w, n, C]
        Rolled(picture, shift)
            .Reshape(-1, perSide, Window, perSide, Window, picture.Shape[3])
            .Transpose(0, 2, 4, 1, 3, 5)
            .Reshape(-1, Tokens, Count, picture.Shape[3]);

    /// <summary>Undoes <see cref="Cut"/>.</summary>
    public Tensor Join(Tensor windows) =>                                    // [B, w * w, n, C] -> [B, S, S, C]
        Rolled(
            windows.Reshape(-1, Window, Window, perSide, perSide, windows.Shape[3])
                .Transpose(0, 3, 1, 4, 2, 5)
                .Reshape(-1, side, side, windows.Shape[3]),
            side - shift);

    /// <summary>
    /// Relative positions of the tokens of a window, as rows of a table of (2w - 1)^2 offsets: [w * w, w * w], from the second axis to the
    /// first, row-major.
    /// </summary>
    public long[] RelativePositions()
    {
        var positions = new long[Tokens * Tokens];
        for (var i = 0; i < Tokens; i++)
            for (var j = 0; j < Tokens; j++)
                positions[i * Tokens + j] =
                    (i / Window - j / Window + Window - 1) * (2 * Window - 1) + i % Window - j % Window + Window - 1;
        return positions;
    }

    /// <summary>
    /// Attention mask, added to scores: 0, or -100 between tokens that share a window only because it wraps round the edge. [n, w * w, w *
    /// w].
    /// </summary>
    public float[] Mask()
    {
        var mask = new float[Count * Tokens * Tokens];
        for (var window = 0; window < Count; window++)
            for (var i = 0; i < Tokens; i++)
                for (var j = 0; j < Tokens; j++)
                    mask[(window * Tokens + i) * Tokens + j] = Region(window, i) == Region(window, j) ? 0 : Masked;
        return mask;
    }

    /// <summary>Whether a token of the rolled picture has wrapped round the edge, by rows and by columns.</summary>
    (bool Row, bool Column) Region(int window, int token) =>
        (window / perSide * Window + token / Window >= side - shift, window % perSide * Window + token % Window >= side - shift);

    /// <summary>Moves the picture up and left, and wraps it round the edges.</summary>
    Tensor Rolled(Tensor picture, int by)
    {
        if (by % side == 0)
            return picture;
        foreach (var axis in (int[])[1, 2])
            picture = picture.Slice(axis, by).Concat(axis, picture.Slice(axis, 0, by));
        return picture;
    }
}
