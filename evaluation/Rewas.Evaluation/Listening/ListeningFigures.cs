using Rewas.Clip.Faults;
using Rewas.Evaluation.Statistics;

namespace Rewas.Evaluation.Listening;

/// <summary>The mean rating of a system, or the share of right answers.</summary>
/// <param name="Interval">95%, by bootstrap over listeners and clips.</param>
public sealed record ListeningFigure(string System, double Mean, Interval Interval, int Answers);

/// <summary>The result of a listening test.</summary>
/// <param name="Listeners">Listeners that count.</param>
/// <param name="Excluded">
/// Files of listeners that do not count: they rated the hidden reference below 90 in more than 15% of trials.
/// </param>
/// <param name="Chance">A/B/X: probability of so many right answers by chance; null for MUSHRA.</param>
public sealed record ListeningFigures(
    IReadOnlyList<ListeningFigure> Systems, int Listeners, IReadOnlyList<string> Excluded, double? Chance)
{
    /// <summary>Post-screening of ITU-R BS.1534-3, section 4.1.2.</summary>
    const double LeastOfReference = 90, MostMissed = 0.15;

    public const string RightAnswers = "right answers";

    /// <exception cref="InputFault">No answers are left.</exception>
    public static ListeningFigures Of(ListeningKey key, IReadOnlyList<(string File, ListeningAnswers Answers)> all)
    {
        var trials = key.Trials.ToDictionary(trial => trial.Id);
        var isMushra = key.Kind == "mushra";
        string[] excluded = [.. all.Where(one => isMushra && MissesReference(one.Answers)).Select(one => one.File)];
        List<ListeningAnswers> counted =
            [.. all.Where(one => !excluded.Contains(one.File) && one.Answers.Answers.Count > 0).Select(one => one.Answers)];
        if (counted.Count == 0)
            throw InputFault.Precondition(
                "answers", $"must have a listener who counts, but {excluded.Length} of {all.Count} did not find the hidden reference");
        if (!isMushra)
        {
            List<double[]> right =
                [.. counted.Select(one => one.Answers.Select(answer => answer.X == trials[answer.Trial].X ? 1.0 : 0).ToArray())];
            var (hits, count) = ((int)right.Sum(one => one.Sum()), right.Sum(one => one.Length));
            return new([FigureOf(RightAnswers, right)], counted.Count, excluded, ByChance(hits, count));
        }
        string[] systems = [.. key.Trials.SelectMany(trial => trial.Sounds.Values).Distinct().Order(StringComparer.Ordinal)];
        return new(
            [
                .. systems.Select(system => FigureOf(system, ByListener(system))).OrderByDescending(figure => figure.Mean),
            ],
            counted.Count, excluded, Chance: null);

        List<double[]> ByListener(string system) =>
        [
            .. counted.Select(one => one.Answers.SelectMany(answer => RatingsOf(answer, system)).ToArray())
                .Where(ratings => ratings.Length > 0),
        ];

        bool MissesReference(ListeningAnswers answers)
        {
            var ratings = answers.Answers.SelectMany(answer => RatingsOf(answer, ListeningPlan.Reference)).ToList();
            return ratings.Count > 0 && ratings.Count(rating => rating < LeastOfReference) > MostMissed * ratings.Count;
        }

        IEnumerable<double> RatingsOf(ListeningAnswer answer, string system) =>
            trials[answer.Trial].Sounds.Where(sound => sound.Value == system).Select(sound => answer.Ratings![sound.Key]);
    }

    /// <summary>Draws listeners, and then as many of their answers: ratings of one listener resemble each other.</summary>
    static ListeningFigure FigureOf(string system, List<double[]> byListener)
    {
        var all = byListener.SelectMany(ratings => ratings).ToArray();
        var interval = Bootstrap.OfTwo(byListener.Count, all.Length, (listeners, draws) =>
        {
            var (sum, count, at) = (0.0, 0, 0);
            foreach (var listener in listeners)
                for (var i = 0; i < byListener[listener].Length; i++, count++)
                    sum += byListener[listener][draws[at++ % draws.Length] % byListener[listener].Length];
            return sum / count;
        });
        return new(system, all.Average(), interval, all.Length);
    }

    /// <summary>Probability of at least so many of N right answers if each is right by half.</summary>
    static double ByChance(int right, int count)
    {
        var (sum, log) = (0.0, -count * Math.Log(2));
        for (var k = 0; k <= count; k++)
        {
            if (k >= right)
                sum += Math.Exp(log);
            log += Math.Log((double)(count - k) / (k + 1));
        }
        return Math.Min(1, sum);
    }
}
