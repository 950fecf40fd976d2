using Rewas.Evaluation.Placements;
using Rewas.Sound.Placement;

namespace Rewas.Tests.Evaluation.Placements;

public class AttackDistancesTests
{
    [Fact]
    public void Each_event_is_measured_to_the_nearest_attack()
    {
        var distances = new AttackDistances();
        distances.Add([1, 2, 3], [1.01, 2.9, 2.95], sceneSeconds: 5);
        Assert.Equal([0.01, 0.9, 0.05], distances.All.Select(distance => Math.Round(distance, 6)));
        Assert.Equal(0.05, distances.Quantile(0.5).Value, 6);
        Assert.Equal(2.0 / 3, distances.Within(0.06).Value, 6);
    }

    [Fact]
    public void Without_an_attack_the_distance_is_the_length_of_the_scene()
    {
        var distances = new AttackDistances();
        distances.Add([1, 2], [], sceneSeconds: 5);
        Assert.Equal([5, 5], distances.All);
    }

    [Fact]
    public void Intervals_are_over_scenes()
    {
        var distances = new AttackDistances();
        for (var scene = 0; scene < 10; scene++)
            distances.Add([1, 2, 3, 4], scene < 5 ? [1, 2, 3, 4] : [0.5], sceneSeconds: 5);
        var (share, interval) = distances.Within(0.06);
        Assert.Equal(0.5, share);
        Assert.InRange(interval.Low, 0.1, 0.3);                              // of ten scenes, not of forty events: 0.35
        Assert.InRange(interval.High, 0.7, 0.9);
    }

    [Fact]
    public void An_attack_sounds_at_its_speed_and_rate()
    {
        PlacedPiece[] pieces =
        [
            new(0, 1000, 20_000, 2, 100, 1, [], 0, 0) { SourceAttack = 1480 },
            new(1, 0, 20_000, 3, 98, 1, [], 0, 0) { SourceAttack = 8000 },
            new(1, 0, 20_000, 4, 100, 1, [], 0, 0),
        ];
        Assert.Equal([2.01, 3 + 0.5 / 0.98], AttackDistances.AttacksOf(pieces, [48_000, 16_000]));
    }
}
