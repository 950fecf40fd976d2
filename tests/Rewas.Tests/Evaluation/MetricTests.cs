using System.Text.Json;
using Rewas.Evaluation.Metrics;
using Rewas.Evaluation.Statistics;
using Rewas.Sound;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Evaluation;

public class MetricTests
{
    static readonly Dictionary<string, double> Published =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Fixtures.Find("metrics.json")))!;

    [Fact]
    public void Frechet_distance_is_the_published_one()
    {
        var a = Matrix("metrics.a", 64, 16, v => v);
        var b = Matrix("metrics.b", 80, 16, v => 1.3f * v + 0.2f);
        Assert.Equal(Published["frechet(A[64,16],B[80,16])"], FrechetDistance.Between(a, b), 1e-6);
        Assert.Equal(Published["frechet(A[64,16],B[80,16])"], FrechetDistance.Between(b, a), 1e-6);
    }

    [Fact]
    public void Inception_score_and_divergence_are_the_published_ones()
    {
        var (first, second) = (Softmax(Matrix("metrics.l1", 32, 10, v => 4 * v)), Softmax(Matrix("metrics.l2", 32, 10, v => 4 * v)));
        Assert.Equal(Published["inception_score_1split(softmax(L1))"], ClassDistributions.InceptionScore(first), 1e-6);
        Assert.Equal(Published["mean_kl(softmax(L1)||softmax(L2))"], ClassDistributions.Divergences(first, second).Average(), 1e-6);
    }

    [Fact]
    public void Average_precision_and_energy_error_are_the_published_ones()
    {
        bool[] truths = [.. FixtureGenerator.Noise("metrics.y", 200).Select(v => v > 0.4f)];
        Assert.Equal(Published["n_pos"], truths.Count(t => t));
        Assert.Equal(
            Published["average_precision"],
            AveragePrecision.Of(truths, [.. FixtureGenerator.Noise("metrics.s", 200).Select(v => (double)v)]),
            1e-6);
        Assert.Equal(
            Published["energy_mae"],
            Correlation.MeanAbsoluteError(FixtureGenerator.Noise("metrics.e1", 512), FixtureGenerator.Noise("metrics.e2", 512)),
            1e-6);
    }

    [Fact]
    public void Frechet_distance_of_one_dimension_is_that_of_means_and_deviations()
    {
        var (first, second) = (new Rows([[1], [3]]), new Rows([[2], [8]]));  // means 2 and 5, deviations sqrt 2 and sqrt 18
        Assert.Equal(9 + Math.Pow(Math.Sqrt(18) - Math.Sqrt(2), 2), FrechetDistance.Between(first, second), 1e-12);
    }

    [Theory]
    [InlineData(5, 40)]
    [InlineData(40, 40)]
    [InlineData(200, 40)]
    public void A_set_is_at_no_distance_from_itself_however_few_its_clips(int clips, int width)
    {
        var rows = Matrix("self", clips, width, v => 10 * v);
        Assert.Equal(0, FrechetDistance.Between(rows, rows), 1e-9);
        // moved by 2 in each of width directions
        Assert.Equal(width * 4, FrechetDistance.Between(rows, Matrix("self", clips, width, v => 10 * v + 2)), 1e-3 * width);
    }

    [Fact]
    public void Few_and_many_clips_are_fitted_by_the_same_formula()
    {
        // The same clips twice. The covariance differs only by (n - 1) / (n - 1/2), once taken from the data and once from its factor.
        var once = Matrix("few", 12, 16, v => v);
        var twice = once.Take([.. Enumerable.Range(0, 24).Select(i => i % 12)]);
        var spread = Enumerable.Range(0, 16).Sum(d => Variance([.. Enumerable.Range(0, 12).Select(i => once[i][d])]));
        var factor = Math.Sqrt(24.0 / 23 * 11 / 12);
        Assert.Equal(spread * (1 - factor) * (1 - factor), FrechetDistance.Between(once, twice), 1e-9);
    }

    [Fact]
    public void Embeddings_of_different_networks_are_refused() =>
        Assert.Contains(
            "different networks",
            Assert.Throws<ArgumentException>(() => FrechetDistance.Between(Matrix("a", 3, 4, v => v), Matrix("b", 3, 5, v => v))).Message);

    [Fact]
    public void Inception_score_is_1_for_equal_opinions_and_the_classes_for_sure_and_varied_ones()
    {
        Assert.Equal(1, ClassDistributions.InceptionScore(new([[0.2f, 0.8f], [0.2f, 0.8f]])), 1e-12);
        Assert.Equal(2, ClassDistributions.InceptionScore(new([[0, 1], [1, 0], [0, 1], [1, 0]]), splits: 2), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassDistributions.InceptionScore(new([[0, 1]]), splits: 2));
    }

    [Fact]
    public void Divergence_is_zero_between_equals_and_matches_a_hand_calculation()
    {
        Rows p = new([[0.36f, 0.48f, 0.16f]]), q = new([[1 / 3f, 1 / 3f, 1 / 3f]]);
        Assert.Equal(0, ClassDistributions.Divergences(p, p).Average());
        Assert.Equal(
            0.36 * Math.Log(1.08) + 0.48 * Math.Log(1.44) + 0.16 * Math.Log(0.48), ClassDistributions.Divergences(p, q).Average(), 1e-6);
    }

    [Fact]
    public void Equal_scores_are_one_threshold()
    {
        Assert.Equal(1, AveragePrecision.Of([true, false], [0.9, 0.1]));
        Assert.Equal(0.5, AveragePrecision.Of([true, false], [0.5, 0.5]));
        Assert.Equal(0.5 * 1 + 0.5 * 2 / 3, AveragePrecision.Of([true, false, true], [0.9, 0.5, 0.1]), 1e-12);
        Assert.Equal(0, AveragePrecision.Of([false], [1]));
    }

    [Fact]
    public void Onsets_agree_as_worked_out_by_hand()
    {
        var magnitudes = new float[60_000];
        (magnitudes[10_100], magnitudes[50_000]) = (1, 0.5f);
        // One of two true onsets is matched (confidence 1), one is missed (0), and one is wrong (0.5): precision 1, 1/2, 2/3 at recall 1/2,
        // 1/2, 1.
        var agreement = OnsetAgreement.Between([10_000, 30_000], [10_100, 50_000], magnitudes);
        Assert.Equal(0.5, agreement.Accuracy);
        Assert.Equal(0.5 + 0.5 * 2 / 3, agreement.AveragePrecision!.Value, 1e-12);
        Assert.Equal(0.5, agreement.F1);
    }

    [Fact]
    public void The_surer_of_two_onsets_within_50_ms_counts()
    {
        var magnitudes = new float[60_000];
        (magnitudes[20_000], magnitudes[21_300]) = (0.3f, 1);
        Assert.Equal(1, OnsetAgreement.Between([21_400], [20_300, 21_300], magnitudes).F1);
    }

    [Fact]
    public void A_sound_agrees_with_itself_and_not_with_silence()
    {
        var wave = Clicks(0.4, 0.9, 1.7);
        var itself = OnsetAgreement.Between(wave, wave);
        Assert.Equal((1.0, 1.0, 1.0), (itself.Accuracy, itself.AveragePrecision, itself.F1));
        var silence = OnsetAgreement.Between(wave, new(new float[32_000], 16_000));
        Assert.Equal((0.0, 0.0), (silence.Accuracy, silence.F1));
        Assert.Null(OnsetAgreement.Between(new(new float[32_000], 16_000), wave).Accuracy);
        Assert.Equal(1.0, OnsetAgreement.Between(wave, Clicks(0.45, 0.95, 1.75)).Accuracy);
        Assert.Equal(0.0, OnsetAgreement.Between(wave, Clicks(0.6, 1.1, 1.9)).Accuracy);
    }

    [Fact]
    public void Peaks_of_sound_and_motion_pair_within_a_frame()
    {
        Assert.Equal([0.08, 0.2], AudioVideoAlignment.MotionPeaks([0, 0, 1, 0.5, 0.6, 2, 0, 0.05, 0], 25));
        Assert.Equal(1.0 / 3, AudioVideoAlignment.IntersectionOverUnion([1.0, 2.0], [1.02, 3.0], 25)!.Value, 1e-12);
        // one peak of motion, one of sound
        Assert.Equal(1.0 / 2, AudioVideoAlignment.IntersectionOverUnion([1.0, 1.01], [1.0], 25)!.Value, 1e-12);
        Assert.Null(AudioVideoAlignment.IntersectionOverUnion([], [], 25));
        var clicks = AudioVideoAlignment.SoundPeaks(Clicks(0.4, 0.9, 1.7));
        Assert.Equal(1, AudioVideoAlignment.IntersectionOverUnion(clicks, [0.4, 0.9, 1.7], 25));
    }

    [Fact]
    public void Energy_agrees_with_itself_at_any_level_and_not_with_another_course()
    {
        var rising = Sounds.Noise(40_000, 0.5).Select((v, i) => v * i / 40_000).ToArray();
        var quiet = rising.Select(v => v / 4).ToArray();
        var itself = EnergyAgreement.Between(rising, quiet);
        Assert.Equal(0, itself.MeanAbsoluteError, 1e-3);
        Assert.Equal(1, itself.Correlation, 1e-6);
        Assert.True(EnergyAgreement.Between(rising, [.. Enumerable.Reverse(rising)]).Correlation < -0.5);
    }

    [Fact]
    public void A_full_scale_sine_has_the_loudness_of_the_recommendation()
    {
        var level = LevelStatistics.Of(new(Sounds.Sine(997, 48_000, 480_000, amplitude: 1), 48_000));
        Assert.Equal(-3.01, level.IntegratedLoudness!.Value, 0.01);
        Assert.Equal(0, level.PeakDecibels!.Value, 1e-3);
        Assert.Equal(-3.01, level.RmsDecibels!.Value, 0.01);
        Assert.InRange(level.ClippedShare, 0.0001, 0.02);
        Assert.Equal(
            -23,
            LevelStatistics.Of(
                new(Sounds.Sine(997, 16_000, 160_000, amplitude: Math.Pow(10, (-23 + 3.01) / 20)), 16_000)).IntegratedLoudness!.Value,
            0.1);
    }

    [Fact]
    public void Silence_has_no_loudness_and_is_not_clipped() =>
        Assert.Equal(new LevelStatistics(null, null, null, 0), LevelStatistics.Of(new(new float[16_000], 16_000)));

    [Fact]
    public void A_bootstrap_interval_is_the_same_every_time_and_about_two_standard_errors_wide()
    {
        double[] values = [.. FixtureGenerator.Gauss("bootstrap", 400).Select(v => (double)v)];
        var interval = Bootstrap.OfMean(values);
        Assert.Equal(interval, Bootstrap.OfMean(values));
        Assert.InRange(interval.High - interval.Low, 0.16, 0.24);            // 2 * 1.96 / sqrt(400) = 0.196
        Assert.InRange(values.Average(), interval.Low, interval.High);
        Assert.Equal(new Interval(3, 3), Bootstrap.OfMean([3]));
    }

    static Waveform Clicks(params double[] seconds)
    {
        var wave = new float[32_000];
        var burst = Sounds.Noise(400, 0.5);
        foreach (var start in seconds)
            for (var n = 0; n < burst.Length; n++)
                wave[(int)(start * 16_000) + n] += burst[n] * MathF.Exp(-n / 80f);
        return new(wave, 16_000);
    }

    static double Variance(double[] values) => values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1);

    static Rows Matrix(string name, int rows, int width, Func<float, float> map) =>
        new([.. FixtureGenerator.Noise(name, rows * width).Select(map).Chunk(width)]);

    static Rows Softmax(Rows logits) => new([.. Enumerable.Range(0, logits.Count).Select(row =>
    {
        var values = logits[row].ToArray().Select(Math.Exp).ToArray();
        return values.Select(v => (float)(v / values.Sum())).ToArray();
    })]);
}
