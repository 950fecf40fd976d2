namespace Rewas.Scenes.Kinds;

/// <summary>Strikes in groups, evenly spaced or not, with rests between the groups. All times in seconds.</summary>
/// <param name="FastestBeat">Least interval where strikes are even.</param>
/// <param name="SlowestBeat">Greatest.</param>
/// <param name="ShortestGap">Least interval where they are not.</param>
/// <param name="LongestGap">Greatest.</param>
/// <param name="LongestGroup">Most strikes before a rest.</param>
/// <param name="ShortestRest">Added to the last interval of a group.</param>
/// <param name="LongestRest">Greatest of the same.</param>
readonly record struct Rhythm(
    double FastestBeat, double SlowestBeat, double ShortestGap, double LongestGap, int LongestGroup, double ShortestRest, double LongestRest)
{
    public IEnumerable<SoundEvent> Strikes(SceneRandom random, double seconds)
    {
        var regular = random.Chance(0.5);
        var interval = random.Between(FastestBeat, SlowestBeat);
        var time = random.Between(0.25, 1.0);
        while (true)
        {
            var force = random.Between(0.35, 1);
            for (var left = 1 + random.Below(LongestGroup); left > 0; left--)
            {
                if (time >= seconds - 0.02)
                    yield break;
                yield return new SoundEvent(time, Math.Clamp(force * random.Between(0.75, 1.15), 0.1, 1));
                time += regular ? interval * random.Between(0.97, 1.03) : random.Between(ShortestGap, LongestGap);
            }
            time += random.Between(ShortestRest, LongestRest);
        }
    }
}
