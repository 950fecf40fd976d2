using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <content>Operations that rearrange values.</content>
sealed partial class OnnxTensor
{
    public override Tensor Gather(Tensor indices)
    {
        var index = Own(indices);
        if (index.Type != ElementType.Int64)
            throw new ArgumentException("Gather needs int64 indices");
        return Result(graph.Node("Gather", [Name, index.Name], ("axis", 0L)), [.. index.shape, .. shape.Skip(1)]);
    }

    public override Tensor Reshape(params long[] shape)
    {
        if (IsMatrixForHalf)
            return AsHalf().Reshape(shape);
        var (requested, result) = ShapeRules.Reshape(this.shape, shape);
        return Result(graph.Node("Reshape", [Name, graph.Indices(requested)]), result);
    }

    public override Tensor Transpose(params int[] axes)
    {
        int[] order = [.. axes.Select(AxisOf)];
        if (order.Length != Rank || order.Distinct().Count() != Rank)
            throw new ArgumentException($"axes [{string.Join(", ", axes)}] are no permutation of rank {Rank}");
        if (order.Select((axis, i) => axis == i).All(same => same))
            return this;
        if (permuted is var (source, first))                                             // merges two permutations, which often cancel
            return source.Transpose([.. order.Select(axis => first[axis])]);
        var name = graph.Node("Transpose", [Name], ("perm", order.Select(axis => (long)axis).ToArray()));
        return new OnnxTensor(graph, name, Type, [.. order.Select(axis => shape[axis])], (this, order), half);
    }

    public override Tensor Slice(int axis, long start, long? end = null, long step = 1)
    {
        if (IsMatrixForHalf)
            return AsHalf().Slice(axis, start, end, step);
        axis = AxisOf(axis);
        var result = shape.ToArray();
        result[axis] = ShapeRules.Slice(shape[axis], start, end, step);
        return Result(graph.Node(
            "Slice",
            [Name, graph.Indices(start), graph.Indices(end ?? long.MaxValue), graph.Indices(axis), graph.Indices(step)]), result);
    }

    public override Tensor Concat(int axis, params Tensor[] others)
    {
        if (!half && others.Any(other => other is OnnxTensor { half: true }))
            return AsHalf().Concat(axis, others);
        axis = AxisOf(axis);
        var result = shape.ToArray();
        var names = new List<string> { Name };
        foreach (var other in others.Select(Own))
        {
            if (other.Type != Type || other.Rank != Rank
                || Enumerable.Range(0, Rank).Any(i => i != axis && !ShapeRules.Agree(result[i], other.shape[i])))
                throw new ArgumentException(
                    $"{ShapeRules.Text(shape)} and {ShapeRules.Text(other.shape)} cannot be joined along axis {axis}");
            for (var i = 0; i < Rank; i++)
                result[i] = i != axis ? Math.Max(result[i], other.shape[i])
                    : result[i] < 0 || other.shape[i] < 0 ? ShapeRules.Unknown : result[i] + other.shape[i];
            names.Add(other.Name);
        }
        return Result(graph.Node("Concat", [.. names], ("axis", (long)axis)), result);
    }

    public override Tensor Expand(params long[] shape)
    {
        var result = ShapeRules.Expand(this.shape, shape);
        return Result(graph.Node("Expand", [Name, graph.Indices([.. shape.Select(size => size < 0 ? 1 : size)])]), result);
    }

    public override Tensor RepeatAs(Tensor batch)
    {
        var like = (OnnxTensor)batch;                                        // only its number of rows is read, in whatever format
        if (shape[0] != 1)
            throw new ArgumentException($"only a tensor [1, ...] can be repeated as a batch, not {ShapeRules.Text(shape)}");
        if (like.shape[0] >= 0)
            return Expand([like.shape[0], .. Enumerable.Repeat(ShapeRules.Unknown, Rank - 1)]);
        var rows = graph.Node("Shape", [like.Name], ("start", 0L), ("end", 1L));
        var sizes = graph.Node("Concat", [rows, graph.Indices([.. Enumerable.Repeat(1L, Rank - 1)])], ("axis", 0L));
        return Result(graph.Node("Expand", [Name, sizes]), [ShapeRules.Unknown, .. shape.Skip(1)]);
    }

    public override Tensor Pad(int left, int right, int top, int bottom, float value = 0)
    {
        RequireFloat("Pad");
        if (Rank < 2)
            throw new ArgumentException($"padding of the last two axes needs rank 2, but {Name} has rank {Rank}");
        var result = shape.ToArray();
        result[^1] = Grown(shape[^1], left + right);
        result[^2] = Grown(shape[^2], top + bottom);
        return Result(graph.Node(
            "Pad",
            [Name, graph.Indices(top, left, bottom, right), LikeThis(graph.Constant([value])), graph.Indices(Rank - 2, Rank - 1)]), result);
    }

    public override Tensor UpsampleNearest(int factor)
    {
        RequireFloat("Resize");
        var result = shape.ToArray();
        float[] scales = [.. Enumerable.Repeat(1f, Rank)];
        foreach (var axis in (int[])[Rank - 2, Rank - 1])
        {
            scales[axis] = factor;
            result[axis] = shape[axis] < 0 ? ShapeRules.Unknown : shape[axis] * factor;
        }
        return Result(
            graph.Node("Resize", [Name, "", graph.Constant(scales, Rank)],
                ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
            result);
    }

    static long Grown(long size, int by) => size < 0 ? ShapeRules.Unknown : size + by;
}
