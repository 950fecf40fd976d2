namespace Rewas.Networks;

/// <summary>
/// A value in a network. The Torch backend executes each operation when it is called; the ONNX backend records it as a graph node. A
/// network cannot tell which. Negative axes count from the end, as in PyTorch.
/// </summary>
/// <remarks>
/// Abstract members are the primitives that a backend implements, one line each. Virtual members are derived from them; a backend overrides
/// one only to fuse it.
/// </remarks>
public abstract class Tensor
{
    /// <summary>Size of each axis. Negative if unknown until the network runs (only while recording).</summary>
    public abstract IReadOnlyList<long> Shape { get; }

    public int Rank => Shape.Count;

    /// <summary>A constant of the same backend, from row-major values.</summary>
    public abstract Tensor Constant(ReadOnlySpan<float> values, params long[] shape);

    public abstract Tensor Constant(ReadOnlySpan<long> values, params long[] shape);

    // Elementwise, with NumPy broadcasting.
    public abstract Tensor Add(Tensor other);
    public abstract Tensor Subtract(Tensor other);
    public abstract Tensor Multiply(Tensor other);
    public abstract Tensor Divide(Tensor other);
    public abstract Tensor Exp();
    public abstract Tensor Log();
    public abstract Tensor Sqrt();
    public abstract Tensor Sin();
    public abstract Tensor Cos();
    public abstract Tensor Tanh();
    public abstract Tensor Asinh();
    public abstract Tensor Sigmoid();
    public abstract Tensor Erf();
    public abstract Tensor LeakyRelu(float negativeSlope);
    public abstract Tensor Clamp(float minimum, float maximum);

    // Integers (token ids).
    /// <summary>1 where the integer equals <paramref name="value"/>, else 0, as int64.</summary>
    public abstract Tensor EqualTo(long value);
    public abstract Tensor CumulativeSum(int axis);
    public abstract Tensor ToFloat();
    /// <summary>int64 index of the largest value along the last axis, which is dropped.</summary>
    public abstract Tensor ArgMax();
    /// <summary>Rows of this table [N, ...] at <paramref name="indices"/> (int64, any shape): [indices..., ...].</summary>
    public abstract Tensor Gather(Tensor indices);

    // Shape.
    /// <summary>
    /// The same values in another shape. A negative size means "unknown while recording". One such axis is inferred. Of several, each must
    /// be at the position of an unknown axis of this tensor, or be the only one left.
    /// </summary>
    public abstract Tensor Reshape(params long[] shape);
    public abstract Tensor Transpose(params int[] axes);
    /// <summary>
    /// Values from <paramref name="start"/> up to, but not including, <paramref name="end"/> (null: to the end). Negative indices count
    /// from the end.
    /// </summary>
    public abstract Tensor Slice(int axis, long start, long? end = null, long step = 1);
    /// <summary>This tensor followed by the others along an axis.</summary>
    public abstract Tensor Concat(int axis, params Tensor[] others);
    /// <summary>Axes of size 1, repeated to the given sizes. -1 keeps an axis.</summary>
    public abstract Tensor Expand(params long[] shape);
    /// <summary>
    /// Repeats this tensor [1, ...] along its first axis once per row of <paramref name="batch"/>. This adds a learned token to a batch
    /// whose size is unknown while recording.
    /// </summary>
    public abstract Tensor RepeatAs(Tensor batch);
    /// <summary>Constant padding of the last two axes.</summary>
    public abstract Tensor Pad(int left, int right, int top, int bottom, float value = 0);
    /// <summary>Every value repeated <paramref name="factor"/> times along each of the last two axes ([B, C, H, W]).</summary>
    public abstract Tensor UpsampleNearest(int factor);

    // Reductions.
    public abstract Tensor Mean(int axis, bool keepAxis = true);
    public abstract Tensor Sum(int axis, bool keepAxis = true);
    public abstract Tensor Max(int axis, bool keepAxis = true);

    // Linear algebra and convolution; weights laid out as in PyTorch.
    public abstract Tensor MatMul(Tensor other);
    /// <summary>[B, C, T] with weight [O, C / groups, K].</summary>
    public abstract Tensor Conv1d(Tensor weight, Tensor? bias, int stride = 1, int padding = 0, int dilation = 1, int groups = 1);
    /// <summary>[B, C, H, W] with weight [O, C / groups, KH, KW].</summary>
    public abstract Tensor Conv2d(Tensor weight, Tensor? bias, int stride = 1, int padding = 0, int dilation = 1, int groups = 1);
    /// <summary>[B, C, T] with weight [C, O, K]: length (T - 1) * stride - 2 * padding + K + outputPadding.</summary>
    public abstract Tensor ConvTranspose1d(Tensor weight, Tensor? bias, int stride, int padding, int outputPadding = 0);
    /// <summary>Maximum over squares of [B, C, H, W], without padding. An incomplete square is dropped.</summary>
    public abstract Tensor MaxPool2d(int size, int stride);
    public abstract Tensor Softmax(int axis);

    // Derived: a backend may fuse.

    /// <summary>[..., I] times weight [O, I] transposed, plus bias [O].</summary>
    public virtual Tensor Linear(Tensor weight, Tensor? bias = null)
    {
        var product = MatMul(weight.Transpose(1, 0));
        return bias is null ? product : product + bias;
    }

    /// <summary>Normalisation over the last axis (Ba et al., 2016).</summary>
    public virtual Tensor LayerNorm(Tensor weight, Tensor bias, float epsilon)
    {
        var centred = this - Mean(-1);
        return centred / ((centred * centred).Mean(-1) + epsilon).Sqrt() * weight + bias;
    }

    /// <summary>Normalisation over groups of channels of [B, C, ...] (Wu and He, 2018).</summary>
    public abstract Tensor GroupNorm(int groups, Tensor weight, Tensor bias, float epsilon);

    /// <summary>Scaled dot-product attention with this tensor as the query, [B, H, N, D]. The result is [B, H, N, D].</summary>
    /// <param name="key">[B, H, M, D].</param>
    /// <param name="value">[B, H, M, D].</param>
    /// <param name="scale">Factor of the dot products, usually D^-1/2.</param>
    /// <param name="bias">Added to the scaled dot products: broadcastable to [B, H, N, M].</param>
    public virtual Tensor Attention(Tensor key, Tensor value, float scale, Tensor? bias = null)
    {
        var scores = (this * scale).MatMul(key.Transpose(0, 1, 3, 2));
        return (bias is null ? scores : scores + bias).Softmax(-1).MatMul(value);
    }

    /// <summary>
    /// Multi-head attention without projections (Vaswani et al., 2017), with this tensor as the query, [B, N, C]. Each head has its own
    /// slice of the channels. The result is [B, N, C].
    /// </summary>
    /// <param name="key">[B, M, C].</param>
    /// <param name="value">[B, M, C].</param>
    /// <param name="heads">Divides C.</param>
    /// <param name="bias">Added to the scaled dot products: broadcastable to [B, H, N, M].</param>
    public virtual Tensor MultiHeadAttention(Tensor key, Tensor value, int heads, Tensor? bias = null)
    {
        var width = Shape[2] / heads;
        return Heads(this).Attention(Heads(key), Heads(value), 1 / MathF.Sqrt(width), bias)     // [B, H, N, D]
            .Transpose(0, 2, 1, 3).Reshape(Shape[0], Shape[1], Shape[2]);                       // [B, N, C]

        Tensor Heads(Tensor x) => x.Reshape(x.Shape[0], x.Shape[1], heads, width).Transpose(0, 2, 1, 3);   // [B, N, C] -> [B, H, N, D]
    }

    /// <summary>While training, zeroes each value with this probability and scales the others up. Otherwise does nothing.</summary>
    public virtual Tensor Dropout(float probability) => this;

    /// <summary>The same weight. A backend that computes products in integers computes those of this weight in floating point.</summary>
    public virtual Tensor Unrounded() => this;

    public virtual Tensor Relu() => LeakyRelu(0);

    /// <summary>x * sigmoid(x).</summary>
    public virtual Tensor Silu() => this * Sigmoid();

    /// <summary>The exact GELU, with the error function.</summary>
    public virtual Tensor Gelu() => this * 0.5f * ((this * (1 / MathF.Sqrt(2))).Erf() + 1);

    /// <summary>x * sigmoid(1.702 x), as in CLIP.</summary>
    public Tensor QuickGelu() => this * (this * 1.702f).Sigmoid();

    /// <summary>Divides by the Euclidean norm along an axis.</summary>
    public Tensor L2Normalize(int axis, float epsilon = 1e-12f) => this / (this * this).Sum(axis).Sqrt().Clamp(epsilon, float.MaxValue);

    /// <summary>Splits into equal parts along an axis.</summary>
    public Tensor[] Split(int parts, int axis)
    {
        var size = Shape[axis < 0 ? axis + Rank : axis] / parts;
        return [.. Enumerable.Range(0, parts).Select(i => Slice(axis, i * size, (i + 1) * size))];
    }

    public Tensor Scalar(float value) => Constant([value], 1);

    public static Tensor operator +(Tensor a, Tensor b) => a.Add(b);
    public static Tensor operator -(Tensor a, Tensor b) => a.Subtract(b);
    public static Tensor operator *(Tensor a, Tensor b) => a.Multiply(b);
    public static Tensor operator /(Tensor a, Tensor b) => a.Divide(b);
    public static Tensor operator +(Tensor a, float b) => a.Add(a.Scalar(b));
    public static Tensor operator -(Tensor a, float b) => a.Subtract(a.Scalar(b));
    public static Tensor operator *(Tensor a, float b) => a.Multiply(a.Scalar(b));
    public static Tensor operator /(Tensor a, float b) => a.Divide(a.Scalar(b));
}
