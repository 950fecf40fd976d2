using Rewas.Evaluation.Statistics;
using Rewas.Sound.Placement;

namespace Rewas.Evaluation.Placements;

/// <summary>How far placed attacks lie from the true events of scenes. Intervals are over scenes.</summary>
public sealed class AttackDistances
{
    readonly List<double[]> scenes = [];

    /// <summary>Distances of all events, seconds.</summary>
    public IReadOnlyList<double> All => [.. scenes.SelectMany(scene => scene)];

    public int Scenes => scenes.Count;

    /// <summary>Adds a scene: from each event to the nearest attack. Without an attack, the distance is the length of the scene.</summary>
    /// <param name="events">Seconds.</param>
    /// <param name="attacks">Seconds.</param>
    public void Add(IReadOnlyList<double> events, IReadOnlyList<double> attacks, double sceneSeconds) =>
        scenes.Add([.. events.Select(at => attacks.Select(attack => Math.Abs(attack - at)).Append(sceneSeconds).Min())]);

    /// <summary>A quantile of the distances, seconds, and its interval.</summary>
    /// <param name="share">0.5 for the median.</param>
    public (double Value, Interval Interval) Quantile(double share) =>
        (Quantile(All, share), Bootstrap.Of(scenes.Count, drawn => Quantile([.. drawn.SelectMany(i => scenes[i])], share)));

    /// <summary>The share of the events with an attack within a distance, and its interval.</summary>
    public (double Value, Interval Interval) Within(double seconds) =>
        (Share(All, seconds), Bootstrap.Of(scenes.Count, drawn => Share([.. drawn.SelectMany(i => scenes[i])], seconds)));

    /// <summary>When the attacks of placed pieces sound, seconds. Pieces that were not aligned with an attack have none.</summary>
    /// <param name="rates">Sample rate of each recording, Hz.</param>
    public static IReadOnlyList<double> AttacksOf(IReadOnlyList<PlacedPiece> pieces, IReadOnlyList<int> rates) =>
        [
            .. pieces.Where(piece => piece.SourceAttack is not null).Select(piece =>
                piece.Position
                + (piece.SourceAttack!.Value - piece.SourceStart) * 100.0 / ((double)rates[piece.Recording] * piece.SpeedPercent)),
        ];

    static double Quantile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    static double Share(IReadOnlyList<double> values, double seconds) =>
        values.Count == 0 ? 0 : values.Count(value => value <= seconds) / (double)values.Count;
}
