using Rewas.Clip;

namespace Rewas.Tests.Networks.Onnx;

/// <summary>Definitions of the larger operations as loops, in double precision.</summary>
static class Reference
{
    public static HostTensor MatMul(HostTensor a, HostTensor b)
    {
        var (rows, inner, columns) = (a.Shape[^2], a.Shape[^1], b.Shape[^1]);
        var batches = a.Floats.Length / (rows * inner);
        var batchesOfB = b.Floats.Length / (inner * columns);                        // 1, or as many as a has: all that the tests use
        var result = new float[batches * rows * columns];
        for (var batch = 0L; batch < batches; batch++)
            for (var i = 0L; i < rows; i++)
                for (var j = 0L; j < columns; j++)
                {
                    var sum = 0.0;
                    for (var k = 0L; k < inner; k++)
                        sum += a.Floats.Span[(int)((batch * rows + i) * inner + k)]
                            * (double)b.Floats.Span[(int)((batch % batchesOfB * inner + k) * columns + j)];
                    result[(batch * rows + i) * columns + j] = (float)sum;
                }
        return HostTensor.Of(result, [.. a.Shape[..^1], columns]);
    }

    /// <summary>Last two axes exchanged.</summary>
    public static HostTensor Transposed(HostTensor a)
    {
        var (rows, columns) = ((int)a.Shape[^2], (int)a.Shape[^1]);
        var values = a.Floats.ToArray();
        var result = values.Select((_, i) => values[i / (rows * columns) * rows * columns + i % rows * columns + i / rows % columns])
            .ToArray();
        return HostTensor.Of(result, [.. a.Shape[..^2], columns, rows]);
    }

    public static HostTensor Convolve(
        HostTensor x, HostTensor w, HostTensor? bias, int stride, int padding, int dilation, int groups, bool oneDimensional)
    {
        var (batch, channels, height, width) = ((int)x.Shape[0], (int)x.Shape[1], (int)x.Shape[2], (int)x.Shape[3]);
        var (outputs, perGroup, kernelHeight, kernelWidth) = ((int)w.Shape[0], (int)w.Shape[1], (int)w.Shape[2], (int)w.Shape[3]);
        var (strideY, paddingY) = oneDimensional ? (1, 0) : (stride, padding);
        var outputHeight = (height + 2 * paddingY - dilation * (kernelHeight - 1) - 1) / strideY + 1;
        var outputWidth = (width + 2 * padding - dilation * (kernelWidth - 1) - 1) / stride + 1;
        var result = new List<float>();
        for (var n = 0; n < batch; n++)
            for (var o = 0; o < outputs; o++)
                for (var y = 0; y < outputHeight; y++)
                    for (var z = 0; z < outputWidth; z++)
                    {
                        double sum = bias?.Floats.Span[o] ?? 0;
                        for (var c = 0; c < perGroup; c++)
                            for (var i = 0; i < kernelHeight; i++)
                                for (var j = 0; j < kernelWidth; j++)
                                {
                                    var (row, column) = (y * strideY - paddingY + i * dilation, z * stride - padding + j * dilation);
                                    if (row < 0 || row >= height || column < 0 || column >= width)
                                        continue;
                                    var channel = o / (outputs / groups) * perGroup + c;
                                    sum += x.Floats.Span[((n * channels + channel) * height + row) * width + column]
                                        * (double)w.Floats.Span[((o * perGroup + c) * kernelHeight + i) * kernelWidth + j];
                                }
                        result.Add((float)sum);
                    }
        return HostTensor.Of(result.ToArray(), batch, outputs, outputHeight, outputWidth);
    }

    public static HostTensor ConvTranspose1d(HostTensor x, HostTensor w, HostTensor bias, int stride, int padding, int outputPadding)
    {
        var (batch, channels, length) = ((int)x.Shape[0], (int)x.Shape[1], (int)x.Shape[2]);
        var (outputs, kernel) = ((int)w.Shape[1], (int)w.Shape[2]);
        var outputLength = (length - 1) * stride - 2 * padding + kernel + outputPadding;
        var result = new double[batch, outputs, outputLength];
        for (var n = 0; n < batch; n++)
            for (var o = 0; o < outputs; o++)
            {
                for (var t = 0; t < outputLength; t++)
                    result[n, o, t] = bias.Floats.Span[o];
                for (var c = 0; c < channels; c++)
                    for (var t = 0; t < length; t++)
                        for (var k = 0; k < kernel; k++)
                            if (t * stride - padding + k is var place && place >= 0 && place < outputLength)
                                result[n, o, place] += x.Floats.Span[(n * channels + c) * length + t]
                                    * (double)w.Floats.Span[(c * outputs + o) * kernel + k];
            }
        return HostTensor.Of(result.Cast<double>().Select(value => (float)value).ToArray(), batch, outputs, outputLength);
    }

    /// <summary>softmax(scale * q k^T + bias) v over [B, H, N, D].</summary>
    public static HostTensor Attention(HostTensor q, HostTensor k, HostTensor v, double scale, Func<int, int, int, int, double> bias)
    {
        var scores = MatMul(q, Transposed(k));
        var (heads, rows, columns) = ((int)scores.Shape[1], (int)scores.Shape[2], (int)scores.Shape[3]);
        var weights = new float[scores.Floats.Length];
        for (var row = 0; row < weights.Length / columns; row++)
        {
            double Score(int j) =>
                scale * scores.Floats.Span[row * columns + j] + bias(row / rows / heads, row / rows % heads, row % rows, j);
            var sum = Enumerable.Range(0, columns).Sum(j => Math.Exp(Score(j)));
            for (var j = 0; j < columns; j++)
                weights[row * columns + j] = (float)(Math.Exp(Score(j)) / sum);
        }
        return MatMul(HostTensor.Of(weights, scores.Shape), v);
    }

    /// <summary>Normalises runs of <paramref name="length"/> values to mean 0 and variance 1.</summary>
    public static float[] Normalised(float[] values, int length, double epsilon)
    {
        var result = new float[values.Length];
        for (var start = 0; start < values.Length; start += length)
        {
            var run = values.AsSpan(start, length).ToArray();
            var mean = run.Average(value => (double)value);
            var deviation = Math.Sqrt(run.Average(value => (value - mean) * (value - mean)) + epsilon);
            for (var i = 0; i < length; i++)
                result[start + i] = (float)((run[i] - mean) / deviation);
        }
        return result;
    }
}
