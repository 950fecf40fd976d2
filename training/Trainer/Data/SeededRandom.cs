using Rewas.Sound;

namespace Rewas.Trainer.Data;

/// <summary>Makes generators from seeds that lie next to each other, such as the steps of a training.</summary>
static class SeededRandom
{
    public static Random For(ulong seed) => new((int)(seed * SplitMix64.Increment >> 33));
}
