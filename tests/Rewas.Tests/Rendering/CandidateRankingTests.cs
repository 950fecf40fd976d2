using System.Runtime.InteropServices;
using Rewas.Networks.Onnx;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Rendering;

public sealed class CandidateRankingTests
{
    static readonly CandidateScores Fair = new(0.3, 0.5, 0.5, 0, 6);

    [Fact]
    public void Each_score_ranks_in_its_own_direction()
    {
        foreach (var worse in new[]
        {
            Fair with { Similarity = 0.2 },
            Fair with { EnergyError = 0.8 },
            Fair with { OnsetAgreement = 0.1 },
            Fair with { Clipping = 0.02 },
            Fair with { Hum = 30 },
        })
            Assert.True(worse.Total < Fair.Total, $"{worse}");
        Assert.Equal(Fair.Total, (Fair with { Hum = 12 }).Total);            // many sounds have a tone
    }

    [Fact]
    public void The_best_comes_first_and_of_equal_ones_the_first_that_was_sampled()
    {
        RankedCandidate[] candidates =
        [
            new(0, Fair with { EnergyError = 1 }, null!),
            new(1, Fair, null!),
            new(2, Fair with { Similarity = 0.3 + 1e-9 }, null!),
            new(3, Fair with { Similarity = 0.5 }, null!),
        ];
        Assert.Equal([3, 1, 2, 0], RankedCandidate.BestFirst(candidates).Select(candidate => candidate.Candidate));
        Assert.Equal([3, 1, 2, 0], RankedCandidate.BestFirst(candidates.Reverse()).Select(candidate => candidate.Candidate));
    }

    [Fact]
    public async Task A_sound_that_follows_its_curve_scores_better_than_one_that_does_not()
    {
        using var folder = new TemporaryFolder();
        using var bundle = new TinyBundle();
        using var judge = new CandidateJudge(bundle.Bundle, new OnnxOptions { Threads = 1 });
        var noise = Sounds.Noise(90_000, 0.5);
        float[] Struck(params double[] times) => [
            .. Enumerable.Range(0, 90_000).Select(
                i => (float)times.Sum(time => i < time * 16_000 ? 0 : noise[i] * Math.Exp(-(i / 16_000.0 - time) * 12))),
        ];
        var (right, late, loud) = (
            Struck(1, 3, 4.5), Struck(1.5, 2.2, 5.2), Struck(1, 3, 4.5).Select(v => Math.Clamp(40 * v, -1, 1)).ToArray());
        var curve = RecordingEnergy.Of([.. right], bundle.Bundle.Manifest.Timing).WithLength(563);
        var scores = new List<CandidateScores>();
        foreach (var (name, wave) in new[] { ("right", right), ("late", late), ("loud", loud) })
        {
            await File.WriteAllBytesAsync(
                folder.File(name), MemoryMarshal.AsBytes(wave.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
            scores.Add(judge.Score(new(folder.File(name), 16_000, 1), curve, "a hammer", TestContext.Current.CancellationToken));
        }
        Assert.Null(scores[0].Similarity);                                   // the bundle has no encoder of sound
        Assert.Equal(1, scores[0].OnsetAgreement!.Value, 0.21);
        Assert.True(scores[1].OnsetAgreement < 0.5 && scores[1].EnergyError > scores[0].EnergyError + 0.3, $"{scores[1]}");
        // each strike is at full scale for 0.17 s of its 0.25 s above it
        Assert.Equal(0.091, scores[2].Clipping, 0.02);
        Assert.Equal(0, scores[0].Clipping);
        Assert.True(scores[0].Total > Math.Max(scores[1].Total, scores[2].Total));
    }

    [Fact]
    public void A_lasting_tone_stands_out_of_noise()
    {
        Assert.InRange(CandidateJudge.Hum(Mean(Sounds.Noise(81_920, 0.1))), 0, 8);
        Assert.True(CandidateJudge.Hum(Mean(Sounds.Sine(440, 16_000, 81_920))) > 15);

        static double[] Mean(float[] wave)
        {
            var logMel = Rewas.Sound.Mel.MelSpectrogram.LogMel(wave);
            return [
                .. Enumerable.Range(0, 64).Select(
                    bin => Enumerable.Range(0, logMel.Length / 64).Average(frame => (double)logMel[frame * 64 + bin])),
            ];
        }
    }
}
