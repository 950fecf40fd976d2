using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Placement;
using Rewas.Video;

namespace Rewas.Tests.Sound.Placement;

public class RecordedCurvesTests
{
    static readonly string[] Labels =
        ["dog", "rain", "sea waves", "clock tick", "crying baby", "sneezing", "helicopter", "chainsaw", "rooster", "crackling fire"];

    [Fact]
    [Trait(SharedData.Trait, SharedData.Category)]
    public async Task Forty_recorded_curves_are_followed()
    {
        var folder = SharedData.Require("data/sounds");
        var rows = (await File.ReadAllLinesAsync(Path.Combine(folder, "index.csv"))).Skip(1).Select(row => row.Split(',')).ToList();
        var correlations = new List<double>();
        foreach (var label in Labels)
        {
            var takes = new List<Recording>();
            foreach (var row in rows.Where(row => row[1] == label && row[6] == "1").Take(3))
                takes.Add(new(row[0], 16_000, await LoadAsync(row[0])));
            foreach (var row in rows.Where(row => row[1] == label && row[6] == "3").Take(4))
            {
                var wave = await LoadAsync(row[0]);
                var curve = Frames.Smooth(GainFollowing.EnergyOf(wave, wave.Length / 160), 4);
                var made = new PieceRenderer(SoundPlacement.Place(takes, curve), takes).RenderMono(curve.Length * 160);
                correlations.Add(Correlation.Pearson(Frames.Smooth(GainFollowing.EnergyOf(made, curve.Length), 4), curve));
            }
        }
        Assert.Equal(40, correlations.Count);
        Assert.True(correlations.Average() >= 0.97, $"{correlations.Average()}");
        Assert.True(correlations.Min() >= 0.85, $"{correlations.Min()}");

        async Task<float[]> LoadAsync(string file)
        {
            var samples = Array.ConvertAll(
                await SoundReader.ReadAsync(Path.Combine(folder, file), TimeSpan.FromSeconds(10)), sample => sample / 32768f);
            Loudness.NormaliseForTraining(samples);
            return samples;
        }
    }
}
