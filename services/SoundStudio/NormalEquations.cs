namespace Rewas.SoundStudio;

/// <summary>A least-squares problem of few unknowns: the normal equations, A'WA x = A'Wb.</summary>
sealed class NormalEquations(int unknowns)
{
    readonly double[,] matrix = new double[unknowns, unknowns + 1];

    /// <summary>Adds an observation: factors · x = value.</summary>
    public void Add(IEnumerable<double> factors, double value, double weight)
    {
        double[] row = [.. factors];
        for (var i = 0; i < unknowns; i++)
        {
            for (var j = 0; j < unknowns; j++)
                matrix[i, j] += weight * row[i] * row[j];
            matrix[i, unknowns] += weight * row[i] * value;
        }
    }

    /// <summary>Solves by elimination. The matrix is positive definite if every unknown was observed.</summary>
    public double[] Solve()
    {
        for (var pivot = 0; pivot < unknowns; pivot++)
            for (var i = 0; i < unknowns; i++)
            {
                if (i == pivot)
                    continue;
                var factor = matrix[i, pivot] / matrix[pivot, pivot];
                for (var j = pivot; j <= unknowns; j++)
                    matrix[i, j] -= factor * matrix[pivot, j];
            }
        return [.. Enumerable.Range(0, unknowns).Select(i => matrix[i, unknowns] / matrix[i, i])];
    }
}
