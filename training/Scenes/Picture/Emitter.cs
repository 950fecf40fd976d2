using Rewas.Audio;

namespace Rewas.Scenes.Picture;

/// <summary>
/// Particles born one after the other at an even pace, all living equally long: foam, flames, leaves, dust. Where they are follows
/// from the time alone.
/// </summary>
/// <param name="Count">How many live at once.</param>
/// <param name="LifeSeconds">From birth to death.</param>
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
/// <param name="Random">What is its own: the same numbers all its life.</param>
readonly record struct Particle(float Age, double Born, SceneRandom Random);
