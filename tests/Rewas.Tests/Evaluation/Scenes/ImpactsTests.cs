using Rewas.Evaluation.Scenes;

namespace Rewas.Tests.Evaluation.Scenes;

public class ImpactsTests
{
    [Fact]
    public void Impacts_are_the_events_without_samples_of_a_continuous_sound()
    {
        var (hammer, rain) = (SceneCatalog.Create("hammer", 3), SceneCatalog.Create("rain", 3));
        Assert.Equal(hammer.Events, hammer.Impacts);
        Assert.NotEmpty(rain.Events);
        Assert.Empty(rain.Impacts);
        foreach (var seed in Enumerable.Range(0, 10))
        {
            var door = SceneCatalog.Create("door", (ulong)seed);
            Assert.InRange(door.Impacts.Count, 1, 20);
            Assert.Equal(door.Events.Count, door.Impacts.Count + 51);        // its creak is sampled every 0.1 s of 5.12 s
            Assert.Subset(door.Events.ToHashSet(), door.Impacts.ToHashSet());
            Assert.Equal(door.Impacts.OrderBy(impact => impact.TimeSeconds), door.Impacts);
        }
    }
}
