using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Rewas.PromptCheck;

namespace Rewas.Evaluation.PromptChecks;

/// <summary>
/// Linear discriminant analysis with a covariance shrunk towards its diagonal (Friedman, "Regularized discriminant analysis", 1989). Closed
/// form, so a new fit for another encoder is fast.
/// </summary>
static class LinearDiscriminant
{
    /// <summary>Share by which correlations shrink, because there are more features than clips of a kind.</summary>
    const double Shrinkage = 0.3;

    /// <param name="clips">Kind and pooled features [D] of each clip.</param>
    public static HeadStatistics Fit(IReadOnlyList<(string Kind, float[] Features)> clips)
    {
        string[] kinds = [.. clips.Select(c => c.Kind).Distinct().Order(StringComparer.Ordinal)];
        var width = clips[0].Features.Length;
        var centre = Mean(clips.Select(c => c.Features), width);
        var raw = kinds.ToDictionary(kind => kind, kind => Mean(clips.Where(c => c.Kind == kind).Select(c => c.Features), width));
        var scale = new float[width];
        foreach (var (kind, features) in clips)
            for (var i = 0; i < width; i++)
                scale[i] += (features[i] - raw[kind][i]) * (features[i] - raw[kind][i]) / clips.Count;
        for (var i = 0; i < width; i++)
            scale[i] = MathF.Max(MathF.Sqrt(scale[i]), 1e-4f);

        float[] Standard(float[] x) => [.. x.Select((value, i) => (value - centre[i]) / scale[i])];
        float[][] means = [.. kinds.Select(kind => Standard(raw[kind]))];
        var covariance = new double[width, width];
        foreach (var (kind, features) in clips)
        {
            var (x, mean) = (Standard(features), means[Array.IndexOf(kinds, kind)]);
            for (var i = 0; i < width; i++)
                for (var j = 0; j < width; j++)
                    covariance[i, j] += (x[i] - mean[i]) * (x[j] - mean[j]) * (1 - Shrinkage) / (clips.Count - kinds.Length);
        }
        for (var i = 0; i < width; i++)
            covariance[i, i] += Shrinkage;
        var factor = Matrix<double>.Build.DenseOfArray(covariance).Cholesky();
        float[][] weights = [.. means.Select(WeightsOf)];
        float[] biases = [.. means.Zip(weights, (mean, w) => -0.5f * TensorPrimitives.Dot<float>(mean, w))];
        return new(kinds, centre, scale, means, weights, biases, Sharpness: 1, LargestDistance: double.MaxValue);

        float[] WeightsOf(float[] mean)
        {
            var exact = factor.Solve(Vector<double>.Build.DenseOfEnumerable(mean.Select(value => (double)value)));
            return [.. exact.Select(value => (float)value)];
        }
    }

    static float[] Mean(IEnumerable<float[]> rows, int width)
    {
        var (sum, count) = (new double[width], 0);
        foreach (var row in rows)
        {
            for (var i = 0; i < width; i++)
                sum[i] += row[i];
            count++;
        }
        return [.. sum.Select(s => (float)(s / count))];
    }
}
