using System.Numerics.Tensors;

namespace Rewas.Evaluation;

/// <summary>
/// Sum of the singular values of a matrix by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselic, "Jacobi's method is more
/// accurate than QR", 1992). Pairs of rows are rotated until all are orthogonal; their lengths are then the singular values.
/// </summary>
static class SingularValues
{
    const double Orthogonal = 1e-14;                                         // cosine below which two rows count as orthogonal
    const int MostSweeps = 60;

    /// <param name="rows">The matrix, row by row; changed in place.</param>
    public static double Sum(double[][] rows)
    {
        var negligible = Orthogonal * rows.Max(row => TensorPrimitives.Norm<double>(row));
        for (var sweep = 0; sweep < MostSweeps && Sweep(rows, negligible * negligible); sweep++)
        {
        }
        return rows.Sum(row => TensorPrimitives.Norm<double>(row));
    }

    /// <summary>Rotates every pair once. Returns whether any pair was not orthogonal.</summary>
    static bool Sweep(double[][] rows, double negligible)
    {
        var turned = false;
        for (var i = 0; i < rows.Length - 1; i++)
            for (var j = i + 1; j < rows.Length; j++)
            {
                var (first, second) = (TensorPrimitives.SumOfSquares<double>(rows[i]), TensorPrimitives.SumOfSquares<double>(rows[j]));
                var product = TensorPrimitives.Dot<double>(rows[i], rows[j]);
                if (Math.Abs(product) <= Math.Max(Orthogonal * Math.Sqrt(first * second), negligible))
                    continue;
                var half = (second - first) / (2 * product);
                var tangent = (half >= 0 ? 1 : -1) / (Math.Abs(half) + Math.Sqrt(1 + half * half));
                var cosine = 1 / Math.Sqrt(1 + tangent * tangent);
                Turn(rows[i], rows[j], cosine, cosine * tangent);
                turned = true;
            }
        return turned;
    }

    static void Turn(double[] first, double[] second, double cosine, double sine)
    {
        var turned = new double[first.Length];
        TensorPrimitives.Multiply(first, cosine, turned);
        TensorPrimitives.MultiplyAdd(second, -sine, turned, turned);         // c a - s b
        TensorPrimitives.Multiply(second, cosine, second);
        TensorPrimitives.MultiplyAdd(first, sine, second, second);           // s a + c b
        turned.CopyTo(first, 0);
    }
}
