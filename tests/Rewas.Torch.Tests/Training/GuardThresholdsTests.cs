using Rewas.Trainer.Stages;

namespace Rewas.Torch.Tests.Training;

/// <summary>The guard's thresholds share one allowance of false alarms, and the weakest kind gets most of it.</summary>
public sealed class GuardThresholdsTests
{
    const int Clips = 1000;

    [Fact]
    public void The_weakest_kind_gets_most_of_the_allowance()
    {
        var random = new Random(3);
        // Music and singing lie far above Foley, and speech does not.
        var (foley, speech, singing, music) = (
            Scores(random, 0, 0, 0), Scores(random, 2, 0, 0), Scores(random, 0, 5, 0), Scores(random, 0, 0, 5));
        var chosen = GuardThresholds.Choose([foley], speech, singing, music);
        Assert.InRange(Share(foley, s => Passes(s, chosen)), 0.004, 0.014);
        double[] alarms = [.. Enumerable.Range(0, 3).Select(label => Share(foley, s => s[label] > chosen[label]))];
        Assert.True(alarms[0] > alarms[1] && alarms[0] > alarms[2], string.Join(' ', alarms));
        Assert.All([Share(singing, s => s[1] > chosen[1]), Share(music, s => s[2] > chosen[2])], share => Assert.InRange(share, 0.9, 1));
    }

    [Fact]
    public void Kinds_that_are_heard_often_enough_leave_the_rest_of_the_allowance()
    {
        var random = new Random(6);
        var (foley, speech) = (Scores(random, 0, 0, 0), Scores(random, 5, 0, 0));
        var chosen = GuardThresholds.Choose([foley], speech, Scores(random, 0, 5, 0), Scores(random, 0, 0, 5));
        Assert.InRange(Share(foley, s => Passes(s, chosen)), 0, 0.004);
        Assert.InRange(Share(speech, s => s[0] > chosen[0]), 0.84, 1);
    }

    [Fact]
    public void The_allowance_holds_for_each_list_of_Foley()
    {
        var random = new Random(4);
        var (mixed, alone) = (Scores(random, 0, 0, 0), Scores(random, 1, 1, 1));
        var chosen = GuardThresholds.Choose([mixed, alone], Scores(random, 2, 0, 0), Scores(random, 0, 2, 0), Scores(random, 0, 0, 2));
        Assert.All([mixed, alone], foley => Assert.InRange(Share(foley, s => Passes(s, chosen)), 0, 0.014));
    }

    [Fact]
    public void Thresholds_that_were_subtracted_are_zero_the_next_time()
    {
        var random = new Random(5);
        List<float[]>[] all = [Scores(random, 0, 0, 0), Scores(random, 2, 0, 0), Scores(random, 0, 2, 0), Scores(random, 0, 0, 2)];
        var chosen = GuardThresholds.Choose([all[0]], all[1], all[2], all[3]);
        List<float[]>[] shifted = [.. all.Select(rows => rows.Select(s => s.Zip(chosen, (one, by) => one - by).ToArray()).ToList())];
        Assert.All(GuardThresholds.Choose([shifted[0]], shifted[1], shifted[2], shifted[3]), again => Assert.Equal(0, again, 1e-6));
    }

    [Fact]
    public void Without_Foley_nothing_is_shifted() => Assert.Equal([0f, 0f, 0f], GuardThresholds.Choose([[]], [], [], []));

    static bool Passes(float[] scores, float[] thresholds) => scores.Zip(thresholds).Any(pair => pair.First > pair.Second);

    static double Share(List<float[]> scores, Func<float[], bool> isHeard) => (double)scores.Count(isHeard) / scores.Count;

    /// <summary>Normal scores of unit deviation about a mean for each class.</summary>
    static List<float[]> Scores(Random random, params double[] means) =>
        [.. Enumerable.Range(0, Clips).Select(_ => means.Select(mean => (float)(mean + Normal(random))).ToArray())];

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
