using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Rewas.Evaluation.Metrics;

/// <summary>
/// Frechet distance between normal distributions fitted to two sets of embeddings (Dowson and Landau 1982; FID, Heusel et al. 2017, arXiv
/// 1706.08500): |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)), with covariances over n - 1. In squared units of the embedding; 0 for equal
/// sets.
/// </summary>
/// <remarks>
/// No matrix root is computed: with S = FᵀF, tr (S1 S2)^(1/2) is the sum of the singular values of F1 F2ᵀ. F is the centred data if there
/// are fewer clips than dimensions, otherwise its triangular factor. The result is therefore valid for few samples and singular
/// covariances, and never complex. Computed in f64.
/// </remarks>
public static class FrechetDistance
{
    /// <param name="first">[N1, D], at least 2 clips.</param>
    /// <param name="second">[N2, D], at least 2 clips.</param>
    public static double Between(Rows first, Rows second)
    {
        if (first.Width != second.Width)
            throw new ArgumentException($"embeddings have {first.Width} and {second.Width} values: they come from different networks");
        if (first.Count < 2 || second.Count < 2)
            throw new ArgumentException($"a covariance needs at least 2 clips, but there are {first.Count} and {second.Count}");
        var (firstMean, firstFactor) = Fit(first);
        var (secondMean, secondFactor) = Fit(second);
        var means = TensorPrimitives.Distance<double>(firstMean, secondMean);
        var spread = firstFactor.Sum(row => TensorPrimitives.SumOfSquares<double>(row))
            + secondFactor.Sum(row => TensorPrimitives.SumOfSquares<double>(row));
        var product = Matrix<double>.Build.DenseOfRowArrays(Product(firstFactor, secondFactor));
        return Math.Max(0, means * means + spread - 2 * product.Svd(computeVectors: false).S.Sum());
    }

    /// <summary>Mean [D], and F: at most D rows of [D], with FᵀF the covariance.</summary>
    static (double[] Mean, double[][] Factor) Fit(Rows rows)
    {
        var mean = new double[rows.Width];
        for (var row = 0; row < rows.Count; row++)
            TensorPrimitives.Add(mean, rows[row], mean);
        TensorPrimitives.Divide(mean, rows.Count, mean);

        var centred = new double[rows.Count][];
        for (var row = 0; row < rows.Count; row++)
        {
            centred[row] = new double[rows.Width];
            TensorPrimitives.Subtract(rows[row], mean, centred[row]);
            TensorPrimitives.Divide(centred[row], Math.Sqrt(rows.Count - 1), centred[row]);
        }
        return (mean, rows.Count > rows.Width ? TriangularFactor.Of(centred) : centred);
    }

    /// <summary>F1 F2ᵀ, or its transpose if that has fewer rows. Both have the same singular values.</summary>
    static double[][] Product(double[][] first, double[][] second)
    {
        var (few, many) = first.Length <= second.Length ? (first, second) : (second, first);
        return [.. few.AsParallel().AsOrdered().Select(row => many.Select(other => TensorPrimitives.Dot<double>(row, other)).ToArray())];
    }
}
