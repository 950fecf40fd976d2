namespace Rewas.Sound.Stereo;

/// <summary>
/// A gain that is 1 for steady sound and 0 for an attack: where the level of a millisecond rises above that of the last tenth of a second.
/// It falls within <see cref="LeadSeconds"/> and stays there longer. So sound that is delayed by that time has its attack where the gain
/// is 0.
/// </summary>
sealed class AttackGate(int sampleRate)
{
    public const double LeadSeconds = 0.008;

    /// <summary>As long as <see cref="StereoWidth"/> looks ahead, and longer: the side is silent until the attack is over.</summary>
    const double HoldSeconds = 0.05;

    const double FastSeconds = 0.0015, SlowSeconds = 0.08, FallSeconds = LeadSeconds / 8, RiseSeconds = 0.04;

    /// <summary>
    /// Fast power over slow power. The power of a steady tone varies by a factor of 2, that of steady noise by less.
    /// </summary>
    const double Steady = 2.5, Attack = 5;

    /// <summary>-100 dB of full scale. Below it, all sound counts as steady.</summary>
    const double LeastPower = 1e-10;

    readonly double fast = Step(FastSeconds, sampleRate), slow = Step(SlowSeconds, sampleRate);
    readonly double fall = Step(FallSeconds, sampleRate), rise = Step(RiseSeconds, sampleRate);
    readonly int hold = (int)(HoldSeconds * sampleRate);
    double fastPower, slowPower, gain, held;
    int holding;

    /// <summary>The gain at the next sample.</summary>
    public double Next(double sample)
    {
        var power = sample * sample;
        fastPower = Decay.Settled(fastPower + fast * (power - fastPower));
        slowPower = Decay.Settled(slowPower + slow * (power - slowPower));
        var ratio = (fastPower + LeastPower) / (slowPower + LeastPower);
        var target = Math.Clamp((Attack - ratio) / (Attack - Steady), 0, 1);
        if (target < held || holding == 0)
            (held, holding) = (target, hold);
        else
            holding--;
        return gain = Decay.Settled(gain + (held < gain ? fall : rise) * (held - gain));
    }

    /// <summary>The share by which a mean over a time moves with each sample.</summary>
    static double Step(double seconds, int sampleRate) => 1 - Math.Exp(-1 / (seconds * sampleRate));
}
