using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>Strikes in groups, evenly spaced or not, with rests between the groups. All times are in seconds.</summary>
/// <param name="FastestBeat">Least interval of even strikes.</param>
/// <param name="SlowestBeat">Greatest interval of even strikes.</param>
/// <param name="ShortestGap">Least interval of uneven strikes.</param>
/// <param name="LongestGap">Greatest interval of uneven strikes.</param>
/// <param name="LongestGroup">Most strikes before a rest.</param>
/// <param name="ShortestRest">Least rest, added to the last interval of a group.</param>
readonly record struct Rhythm(
    double FastestBeat,
    double SlowestBeat,
    double ShortestGap,
    double LongestGap,
    int LongestGroup,
    double ShortestRest,
    double LongestRest)
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
