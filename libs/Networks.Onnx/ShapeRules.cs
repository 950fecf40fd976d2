namespace Rewas.Networks.Onnx;

/// <summary>Shape arithmetic during recording. A negative size is unknown until the network runs.</summary>
static class ShapeRules
{
    public const long Unknown = -1;

    public static bool IsKnown(IReadOnlyList<long> shape) => shape.All(size => size >= 0);

    public static string Text(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape.Select(size => size < 0 ? "?" : $"{size}"))}]";

    /// <summary>Turns a negative axis into one counted from the start.</summary>
    public static int Axis(int axis, int rank) =>
        axis >= -rank && axis < rank ? (axis + rank) % rank : throw new ArgumentException($"axis {axis} is outside rank {rank}");

    /// <summary>NumPy broadcasting.</summary>
    public static long[] Broadcast(IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        var rank = Math.Max(a.Count, b.Count);
        var result = new long[rank];
        for (var axis = 1; axis <= rank; axis++)
        {
            var (x, y) = (axis <= a.Count ? a[^axis] : 1, axis <= b.Count ? b[^axis] : 1);
            result[^axis] = (x, y) switch
            {
                (1, _) => y,
                (_, 1) => x,
                ( < 0, _) => y,
                (_, < 0) => x,
                _ when x == y => x,
                _ => throw new ArgumentException($"shapes {Text(a)} and {Text(b)} do not broadcast"),
            };
        }
        return result;
    }

    /// <summary>[..., M, K] times [..., K, N].</summary>
    public static long[] MatMul(IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        if (a.Count < 2 || b.Count < 2 || !Agree(a[^1], b[^2]))
            throw new ArgumentException($"{Text(a)} cannot be multiplied by {Text(b)}");
        return [.. Broadcast([.. a.SkipLast(2)], [.. b.SkipLast(2)]), a[^2], b[^1]];
    }

    /// <summary>
    /// Resolves a reshape. <c>Requested</c> is the shape that ONNX applies at run time: 0 copies the input's axis, -1 is inferred.
    /// <c>Result</c> is the part of the shape that is known now.
    /// </summary>
    public static (long[] Requested, long[] Result) Reshape(IReadOnlyList<long> from, IReadOnlyList<long> to)
    {
        long[] requested = [.. to.Select(size => Math.Max(size, Unknown))], result = [.. requested];
        var copied = new bool[from.Count];
        if (requested.Count(size => size < 0) > 1)
            for (var axis = 0; axis < Math.Min(from.Count, to.Count); axis++)
                if (requested[axis] < 0 && from[axis] < 0)
                    (requested[axis], copied[axis]) = (0, true);
        if (requested.Count(size => size < 0) > 1)
            throw new ArgumentException($"{Text(from)} to {Text(to)}: more than one size cannot be inferred");

        if (KeepsRows(from, requested))
            return ([0, .. requested[1..]], result);
        var rest = from.Where((_, axis) => !copied[axis]).ToArray();
        if (!IsKnown(rest))
            return (requested, result);
        var count = rest.Aggregate(1L, (product, size) => checked(product * size));
        var given = requested
            .Where((size, axis) => size >= 0 && !(axis < copied.Length && copied[axis]))
            .Aggregate(1L, (product, size) => checked(product * size));
        var inferred = Array.IndexOf(requested, Unknown);
        if (inferred < 0 ? given != count : given == 0 || count % given != 0)
            throw new ArgumentException($"{Text(from)} cannot become {Text(to)}");
        if (inferred >= 0)
            result[inferred] = count / given;
        return (requested, result);
    }

    /// <summary>
    /// Whether a reshape keeps an unknown first axis. Copied instead of inferred, the axis keeps its name. The runtime reuses a buffer only
    /// for values whose axes have sizes or names, and in a large graph without names it takes a minute to find none.
    /// </summary>
    static bool KeepsRows(IReadOnlyList<long> from, long[] requested) =>
        from is [< 0, ..] && requested is [Unknown, ..] && IsKnown([.. from.Skip(1)]) && IsKnown(requested[1..])
        && from.Skip(1).Aggregate(1L, (product, size) => checked(product * size))
            == requested.Skip(1).Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Repeats axes of size 1. A negative size keeps an axis.</summary>
    public static long[] Expand(IReadOnlyList<long> from, IReadOnlyList<long> to)
    {
        if (to.Count < from.Count)
            throw new ArgumentException($"{Text(from)} cannot be expanded to {Text(to)}");
        var result = to.ToArray();
        for (var axis = 1; axis <= to.Count; axis++)
        {
            var size = axis <= from.Count ? from[^axis] : 1;
            if (to[^axis] < 0)
                result[^axis] = size;
            else if (size >= 0 && size != 1 && size != to[^axis])
                throw new ArgumentException($"{Text(from)} cannot be expanded to {Text(to)}");
        }
        return result;
    }

    /// <summary>Length of start..end by step. On an axis of unknown size, only the length of the first value is certain.</summary>
    public static long Slice(long size, long start, long? end, long step)
    {
        if (step < 1)
            throw new ArgumentException($"step must be at least 1, but is {step}");
        if (size < 0)
            return (start, end) is (0, 1) or (-1, null) ? 1 : Unknown;
        var from = Math.Clamp(start < 0 ? start + size : start, 0, size);
        var to = end is not { } stop ? size : Math.Clamp(stop < 0 ? stop + size : stop, 0, size);
        return Math.Max(0, (to - from + step - 1) / step);
    }

    public static long Convolved(long size, long kernel, long stride, long before, long after, long dilation) =>
        size < 0 || kernel < 0 ? Unknown : (size + before + after - dilation * (kernel - 1) - 1) / stride + 1;

    public static bool Agree(long a, long b) => a < 0 || b < 0 || a == b;
}
