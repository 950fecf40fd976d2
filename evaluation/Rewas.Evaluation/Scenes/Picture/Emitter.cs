using Rewas.Evaluation.Scenes.Chance;
using Rewas.Sound;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>
/// Particles born one after another at a steady pace, all with the same lifetime: foam, flames, leaves, dust. The time alone decides their
/// positions.
/// </summary>
/// <param name="Count">How many are alive at once.</param>
/// <param name="LifeSeconds">Time from birth to death.</param>
readonly record struct Emitter(int Count, double LifeSeconds)
{
    public IEnumerable<Particle> At(double time)
    {
        for (var i = 0; i < Count; i++)
        {
            var turn = time / LifeSeconds + (double)i / Count;
            var age = turn - Math.Floor(turn);
            var birth = (ulong)(long)Math.Floor(turn) * (ulong)Count + (ulong)i;
            yield return new Particle((float)age, time - age * LifeSeconds, new SceneRandom(SplitMix64.Mix(birth + 1)));
        }
    }
}

/// <param name="Age">0 at birth, 1 at death.</param>
/// <param name="Born">Seconds; may be before the scene began.</param>
/// <param name="Random">Numbers of this particle, the same during its whole life.</param>
readonly record struct Particle(float Age, double Born, SceneRandom Random);
