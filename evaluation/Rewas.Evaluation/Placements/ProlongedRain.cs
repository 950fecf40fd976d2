using System.Globalization;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Metrics;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Kinds;
using Rewas.Evaluation.Statistics;
using Rewas.Sound.Curves;
using Rewas.Sound.Mel;
using Rewas.Sound.Placement;
using Rewas.Video;

namespace Rewas.Evaluation.Placements;

/// <summary>Does a short recording of rain last a minute without repeats and seams? Curves are those of rendered rain.</summary>
static class ProlongedRain
{
    const double CurveSeconds = 60, LeastLag = 0.5;
    const double RepeatMost = 0.5, RankLow = 0.4, RankHigh = 0.6;
    const int CrossfadeFrames = 16;
    static readonly TimeSpan RecordingLength = TimeSpan.FromSeconds(10);

    /// <param name="files">Recordings; the first ten seconds of each are placed.</param>
    /// <param name="clips">Curves for each recording.</param>
    public static async Task<IReadOnlyList<PlacementFigure>> MeasureAsync(
        IReadOnlyList<string> files, int clips, Action<string> tell, CancellationToken cancel)
    {
        var (repeats, stretches) = (new List<double>(), new List<double>());
        var ranks = SeamDetector.Reaches.ToDictionary(reach => reach, _ => new List<double>());
        foreach (var file in files)
        {
            var samples = await SoundReader.ReadFloatsAsync(file, RecordingLength, cancel);
            if (samples.Length < RecordingLength.TotalSeconds * ClipTiming.SampleRate * 0.99)
                throw InputFault.Invalid("rain", FormattableString.Invariant(
                    $"must last at least 10 s, but '{file}' lasts {(double)samples.Length / ClipTiming.SampleRate:0.#} s"));
            Recording[] takes = [new(file, ClipTiming.SampleRate, samples)];
            for (var clip = 0; clip < clips; clip++)
            {
                var scene = SceneCatalog.Create(Rain.Name, SceneCatalog.FirstHeldOutSeed + (ulong)clip, CurveSeconds);
                var curve = RecordingEnergy.Of(scene.RenderWave(), new());
                var pieces = SoundPlacement.Place(takes, curve.Values, new() { Seed = (uint)clip });
                var wave = new PieceRenderer(pieces, takes).RenderMono(curve.Count * ClipTiming.HopSamples);
                repeats.Add(RepeatSearch.Largest(wave, (int)(LeastLag * ClipTiming.SampleRate), samples.Length));
                stretches.Add(RepeatSearch.LargestOfStretches(wave, (int)(LeastLag * ClipTiming.SampleRate), samples.Length));
                var logMel = MelSpectrogram.LogMel(wave);
                int[] joins = [.. pieces.Skip(1).Select(piece => EnergyCurve.IndexAt(piece.Position))];
                foreach (var reach in SeamDetector.Reaches)
                    ranks[reach].AddRange(SeamDetector.Ranks(SeamDetector.Flux(logMel, reach), joins, CrossfadeFrames, reach));
                tell(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(file)} {clip + 1}/{clips}: {pieces.Count} pieces, autocorrelation {repeats[^1]:0.000}, "
                    + $"of ten seconds {stretches[^1]:0.000}"));
            }
        }
        var count = $"{repeats.Count} sounds";
        return
        [
            PlacementFigure.AtMost(
                "largest autocorrelation of a minute", count, repeats.Max(),
                Bootstrap.Of(repeats.Count, drawn => drawn.Max(i => repeats[i])), RepeatMost),
            PlacementFigure.AtMost(
                "largest autocorrelation of ten seconds of it", count, stretches.Max(),
                Bootstrap.Of(stretches.Count, drawn => drawn.Max(i => stretches[i])), RepeatMost),
            .. SeamDetector.Reaches.Where(reach => ranks[reach].Count > 0).Select(reach => Seams(reach, ranks[reach])),
        ];
    }

    static PlacementFigure Seams(int reach, List<double> ranks) => new(
        $"mean rank of joins, change over {10 * reach} ms", $"{ranks.Count} joins", ranks.Average(), Bootstrap.OfMean(ranks),
        FormattableString.Invariant($"0.5 (chance), {RankLow} to {RankHigh}"), ranks.Average() is >= RankLow and <= RankHigh);
}
