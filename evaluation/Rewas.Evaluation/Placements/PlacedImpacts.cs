using Rewas.Client;
using Rewas.Clip.Files;
using Rewas.Evaluation.Scenes;
using Rewas.Sound.Curves;
using Rewas.Sound.Placement;

namespace Rewas.Evaluation.Placements;

/// <summary>
/// Do placed one-shots meet the events? They are placed as recordings that a user gives: under the energy of impact scenes, predicted from
/// the picture and that of the true sound, and under curves that are drawn event by event.
/// </summary>
static class PlacedImpacts
{
    const int DrawnEvents = 10, DrawnFrames = 1000, Side = 256;
    const double MedianMost = 0.02, Near = 0.06, NearLeast = 0.9, DrawnNear = 0.01;
    const double LeastApart = 0.4, MostApart = 1.3;                          // seconds between drawn events

    /// <param name="clips">Scenes, and drawn curves, of each kind.</param>
    /// <param name="tell">Receives a line of progress.</param>
    public static async Task<IReadOnlyList<PlacementFigure>> MeasureAsync(
        RewasClient client, OneShotTakes oneShots, int clips, Action<string> tell, CancellationToken cancel)
    {
        using var folder = PrivateFolder.Create();
        var (seen, heard, drawn) = (new AttackDistances(), new AttackDistances(), new AttackDistances());
        foreach (var kind in OneShotTakes.Kinds)
        {
            var takes = await oneShots.ReadAsync(kind, cancel);
            for (var clip = 0; clip < clips; clip++)
            {
                var seed = SceneCatalog.FirstHeldOutSeed + (ulong)clip;
                var scene = SceneCatalog.Create(kind, seed);
                double[] events = [.. scene.Impacts.Select(impact => impact.TimeSeconds)];
                var film = folder.File("silent.mp4");
                await SceneFiles.WriteAsync(
                    kind, seed, film, Side, Side, SceneCatalog.SecondsPerClip, withSound: false, cancellationToken: cancel);
                var predicted = await client.PredictEnergyAsync(new() { Video = VideoSource.FromFile(film) }, cancellation: cancel);
                seen.Add(events, Attacks(takes, predicted.Energy.ToArray(), clip), SceneCatalog.SecondsPerClip);
                heard.Add(
                    events, Attacks(takes, RecordingEnergy.Of(scene.RenderWave(), new()).Values, clip), SceneCatalog.SecondsPerClip);
                var (curve, times) = Draw((ulong)clip);
                drawn.Add(times, Attacks(takes, curve, clip), EnergyCurve.SecondsAt(DrawnFrames));
            }
            tell(FormattableString.Invariant(
                $"{kind}: median distance so far {Milliseconds(seen):0} ms from the picture, {Milliseconds(heard):0} ms from the sound"));
        }
        return
        [
            .. Figures("predicted from the picture", seen, isAsked: true),
            .. Figures("of the true sound", heard, isAsked: false),
            Within("drawn", drawn, DrawnNear, least: 1),
        ];
    }

    static IReadOnlyList<double> Attacks(IReadOnlyList<Recording> takes, ReadOnlySpan<float> curve, int seed) =>
        AttackDistances.AttacksOf(
            SoundPlacement.Place(takes, curve, new() { Seed = (uint)seed, KeepShortWhole = true }),
            [.. takes.Select(take => take.SampleRate)]);

    static IEnumerable<PlacementFigure> Figures(string curve, AttackDistances distances, bool isAsked)
    {
        var (name, (median, interval)) = ($"median distance, curve {curve}, s", distances.Quantile(0.5));
        yield return isAsked
            ? PlacementFigure.AtMost(name, Count(distances), median, interval, MedianMost)
            : PlacementFigure.Plain(name, Count(distances), median, interval);
        yield return Within(curve, distances, Near, isAsked ? NearLeast : null);
    }

    static PlacementFigure Within(string curve, AttackDistances distances, double seconds, double? least)
    {
        var (share, interval) = distances.Within(seconds);
        var name = FormattableString.Invariant($"events with an attack within {1000 * seconds:0} ms, curve {curve}");
        return least is { } asked
            ? PlacementFigure.AtLeast(name, Count(distances), share, interval, asked)
            : PlacementFigure.Plain(name, Count(distances), share, interval);
    }

    static string Count(AttackDistances distances) => $"{distances.All.Count} events of {distances.Scenes} curves";

    static double Milliseconds(AttackDistances distances) => 1000 * distances.Quantile(0.5).Value;

    /// <summary>A silent curve with ten impacts at random times, and these times in seconds.</summary>
    static (float[] Curve, double[] Times) Draw(ulong seed)
    {
        const float Peak = -2;                                               // nepers; that of a loud impact
        const double Decay = 60 * EnergyScale.PerDecibel / EventEdit.UsualDecaySeconds / EnergyCurve.ValuesPerSecond;
        var random = new Random((int)seed);
        var curve = new float[DrawnFrames];
        Array.Fill(curve, EnergyScale.Silence);
        var times = new double[DrawnEvents];
        var frame = 0;
        for (var i = 0; i < DrawnEvents; i++)
        {
            frame += EnergyCurve.IndexAt(LeastApart + random.NextDouble() * (MostApart - LeastApart));
            times[i] = EnergyCurve.SecondsAt(frame);
            for (var at = frame; at < DrawnFrames; at++)
                curve[at] = Math.Max(curve[at], Peak - (float)(Decay * (at - frame)));
        }
        return (curve, times);
    }
}
