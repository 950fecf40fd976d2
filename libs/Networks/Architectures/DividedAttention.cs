using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>The tokens to which a token attends, besides the class token.</summary>
enum Neighbours
{
    /// <summary>All tokens of the same time.</summary>
    Space,

    /// <summary>All tokens of the same place.</summary>
    Time,
}

/// <summary>
/// Divided space-time attention (TimeSformer, Bertasius et al., 2021, arXiv 2102.05095). The class token attends to all tokens. Any other
/// token attends to the class token and to its neighbours in space, or in time.
/// </summary>
sealed class DividedAttention(Scope at, MotionformerConfiguration c, Neighbours neighbours)
{
    readonly Linear projections = new(at / "qkv", c.Channels, 3 * c.Channels), output = new(at / "proj", c.Channels, c.Channels);

    public Tensor Forward(Tensor x)                                          // [S, 1 + t * n, C] -> the same
    {
        var parts = projections.Forward(x).Split(3, -1);                     // three of [S, 1 + t * n, C]
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        var classToken = query.Slice(1, 0, 1).MultiHeadAttention(key, value, c.Heads);   // [S, 1, C]
        var others = Rows(query, withClass: false).MultiHeadAttention(Rows(key, true), Rows(value, true), c.Heads);
        return output.Forward(classToken.Concat(1, Tokens(others)));
    }

    /// <summary>
    /// Groups the tokens that attend to each other into rows: [S, 1 + t * n, C] -> [S * t, n, C] or [S * n, t, C]. The class token adds one
    /// to each row.
    /// </summary>
    Tensor Rows(Tensor x, bool withClass)
    {
        var grid = x.Slice(1, 1).Reshape(-1, c.Times, c.Places, c.Channels); // [S, t, n, C]
        if (neighbours == Neighbours.Time)
            grid = grid.Transpose(0, 2, 1, 3);                               // [S, n, t, C]
        long rows = grid.Shape[1], length = grid.Shape[2];
        if (!withClass)
            return grid.Reshape(-1, length, c.Channels);
        var classToken = x.Slice(1, 0, 1).Reshape(-1, 1, 1, c.Channels).Expand(-1, rows, -1, -1);
        return classToken.Concat(2, grid).Reshape(-1, 1 + length, c.Channels);
    }

    Tensor Tokens(Tensor rows)                                               // back: -> [S, t * n, C]
    {
        if (neighbours == Neighbours.Time)
            rows = rows.Reshape(-1, c.Places, c.Times, c.Channels).Transpose(0, 2, 1, 3);   // [S, t, n, C]
        return rows.Reshape(-1, c.Times * c.Places, c.Channels);
    }
}
