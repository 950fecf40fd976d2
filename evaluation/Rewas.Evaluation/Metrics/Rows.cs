namespace Rewas.Evaluation.Metrics;

/// <summary>Vectors of equal length, one per clip: embeddings or class probabilities, [N, D] row-major.</summary>
public sealed class Rows
{
    readonly double[] values;

    /// <exception cref="ArgumentException">There are no rows, their lengths differ, or a value is not finite.</exception>
    public Rows(IReadOnlyList<float[]> rows)
    {
        if (rows.Count == 0 || rows[0].Length == 0)
            throw new ArgumentException("there are no vectors", nameof(rows));
        (Count, Width) = (rows.Count, rows[0].Length);
        values = new double[Count * Width];
        for (var row = 0; row < Count; row++)
        {
            if (rows[row].Length != Width)
                throw new ArgumentException($"vector {row} has {rows[row].Length} values, but the first has {Width}", nameof(rows));
            for (var i = 0; i < Width; i++)
                values[row * Width + i] = float.IsFinite(rows[row][i])
                    ? rows[row][i]
                    : throw new ArgumentException($"vector {row} has a value that is not finite", nameof(rows));
        }
    }

    Rows(double[] values, int count, int width) => (this.values, Count, Width) = (values, count, width);

    public int Count { get; }

    public int Width { get; }

    public ReadOnlySpan<double> this[int row] => values.AsSpan(row * Width, Width);

    /// <summary>Selects rows in the given order. A row may be selected several times.</summary>
    public Rows Take(ReadOnlySpan<int> order)
    {
        var taken = new double[order.Length * Width];
        for (var i = 0; i < order.Length; i++)
            this[order[i]].CopyTo(taken.AsSpan(i * Width));
        return new(taken, order.Length, Width);
    }
}
