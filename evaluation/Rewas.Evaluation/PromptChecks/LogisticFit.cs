using Rewas.PromptCheck;

namespace Rewas.Evaluation.PromptChecks;

/// <summary>Logistic regression by gradient descent, with balanced outcomes and a quadratic penalty.</summary>
static class LogisticFit
{
    const int Rounds = 2000;
    const double Rate = 0.5, Penalty = 0.01;

    /// <param name="examples">[N] of [D] and the outcome. Both outcomes must occur.</param>
    /// <param name="rising">No weight may be negative, so that more evidence never lowers the result.</param>
    public static Logistic Fit(IReadOnlyList<(float[] X, bool Y)> examples, bool rising = false)
    {
        var width = examples[0].X.Length;
        float[] centre = [.. Enumerable.Range(0, width).Select(i => examples.Average(e => e.X[i]))];
        float[] scale =
        [
            .. Enumerable.Range(0, width)
                .Select(i => MathF.Max(1e-3f, (float)Math.Sqrt(examples.Average(e => Math.Pow(e.X[i] - centre[i], 2))))),
        ];
        double[][] standard = [.. examples.Select(e => e.X.Select((x, i) => (double)(x - centre[i]) / scale[i]).ToArray())];
        var positives = examples.Count(e => e.Y);
        if (positives == 0 || positives == examples.Count)
            throw new ArgumentException($"both outcomes must occur, but {positives} of {examples.Count} are true", nameof(examples));
        var (weights, bias) = (new double[width], 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            var (slope, biasSlope) = (new double[width], 0.0);
            for (var n = 0; n < standard.Length; n++)
            {
                var score = bias;
                for (var i = 0; i < width; i++)
                    score += weights[i] * standard[n][i];
                var error = (1 / (1 + Math.Exp(-score)) - (examples[n].Y ? 1 : 0)) * 0.5
                    / (examples[n].Y ? positives : examples.Count - positives);
                for (var i = 0; i < width; i++)
                    slope[i] += error * standard[n][i];
                biasSlope += error;
            }
            for (var i = 0; i < width; i++)
                weights[i] = rising
                    ? Math.Max(0, weights[i] - Rate * (slope[i] + Penalty * weights[i]))
                    : weights[i] - Rate * (slope[i] + Penalty * weights[i]);
            bias -= Rate * biasSlope;
        }
        return new(centre, scale, [.. weights.Select(w => (float)w)], (float)bias);
    }
}
