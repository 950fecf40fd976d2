namespace Rewas.Trainer.Stages;

/// <summary>
/// Chooses the guard's threshold of each class. The three classes share one allowance of false alarms, so a class that separates well
/// leaves more of it to the others.
/// </summary>
static class GuardThresholds
{
    /// <summary>
    /// Share of sounds without voice and music in which something may be heard at most. It is below the 2% that are asked, because the
    /// thresholds fit these sounds better than others.
    /// </summary>
    const double MostAlarms = 0.014;

    /// <summary>Recall of the weakest kind that is enough, for the same reason above the 0.8 that is asked.</summary>
    const double EnoughRecall = 0.84;

    /// <summary>Shares of false alarms that are tried for one class.</summary>
    static readonly double[] Shares =
        [0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009, 0.010, 0.012, 0.014];

    /// <summary>
    /// The thresholds with the fewest false alarms at which each of the three kinds is heard often enough. If there are none, those at
    /// which the weakest kind is heard most often. All scores are [speech, singing, music], one row for each clip. Speech that is taken for
    /// singing is heard, and so is singing that is taken for speech.
    /// </summary>
    /// <param name="foley">Scores of sounds without voice and music. The allowance holds for each list alone.</param>
    /// <param name="speech">Scores of clips with speech; the next two likewise.</param>
    /// <returns>[3].</returns>
    public static float[] Choose(
        IReadOnlyList<IReadOnlyList<float[]>> foley, IReadOnlyList<float[]> speech, IReadOnlyList<float[]> singing,
        IReadOnlyList<float[]> music)
    {
        var lists = foley.Where(scores => scores.Count > 0).ToList();
        if (lists.Count == 0)
            return new float[3];
        var tried = Enumerable.Range(0, 3).Select(label => Shares.Select(share => lists.Max(scores => Passed(scores, label, share)))
            .Distinct().ToArray()).ToArray();
        var (best, most) = (tried.Select(of => of.Max()).ToArray(), (Enough: 0.0, Alarms: -1.0, Sum: 0.0));
        foreach (var forSpeech in tried[0])
            foreach (var forSinging in tried[1])
                foreach (var forMusic in tried[2])
                {
                    float[] now = [forSpeech, forSinging, forMusic];
                    var alarms = lists.Max(scores => Share(scores, s => s[0] > now[0] || s[1] > now[1] || s[2] > now[2]));
                    if (alarms > MostAlarms)
                        continue;
                    double[] recalls =
                    [
                        Share(speech, s => s[0] > now[0] || s[1] > now[1]),
                        Share(singing, s => s[0] > now[0] || s[1] > now[1]),
                        Share(music, s => s[2] > now[2]),
                    ];
                    var rank = (Math.Min(EnoughRecall, recalls.Min()), -alarms, recalls.Sum());
                    if (rank.CompareTo(most) > 0)
                        (best, most) = (now, rank);
                }
        return best;
    }

    /// <summary>The score of a class above which lies this share of some clips.</summary>
    static float Passed(IReadOnlyList<float[]> scores, int label, double share) =>
        scores.Select(s => s[label]).Order().ElementAt(Math.Min(scores.Count - 1, (int)((1 - share) * scores.Count)));

    static double Share(IReadOnlyList<float[]> scores, Func<float[], bool> isHeard) =>
        scores.Count == 0 ? 0 : (double)scores.Count(isHeard) / scores.Count;
}
