using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <param name="Decay">Time constant, seconds.</param>
/// <param name="Amplitude">Relative.</param>
readonly record struct Mode(double Hertz, double Decay, double Amplitude);

/// <summary>A solid body that rings when struck: a sum of decaying sinusoids (modal synthesis, van den Doel and Pai 1998).</summary>
sealed class ModalBody
{
    readonly Mode[] modes;

    public ModalBody(IEnumerable<Mode> modes)
    {
        this.modes = [.. modes.Where(m => m.Hertz < 0.47 * Track.Rate)];
        var total = this.modes.Sum(m => m.Amplitude);
        for (var i = 0; i < this.modes.Length; i++)
            this.modes[i] = this.modes[i] with { Amplitude = this.modes[i].Amplitude / total };
    }

    /// <param name="random">Varies each mode a little.</param>
    /// <param name="lowest">Frequency of the first mode, hertz; small bodies are high.</param>
    /// <param name="ratios">Frequencies of the modes relative to the first.</param>
    /// <param name="decay">Time constant of the first mode, seconds.</param>
    /// <param name="damping">How much faster high modes decay: the decay falls with this power of the ratio.</param>
    /// <param name="tilt">The amplitude falls with this power of the ratio.</param>
    public static ModalBody Of(SceneRandom random, double lowest, ReadOnlySpan<double> ratios, double decay, double damping, double tilt)
    {
        var modes = new List<Mode>();
        foreach (var ratio in ratios)
        {
            var r = ratio * random.Between(0.97, 1.03);
            modes.Add(
                new Mode(
                    lowest * r, decay * Math.Pow(r, -damping) * random.Between(0.7, 1.3), Math.Pow(r, -tilt) * random.Between(0.4, 1)));
        }
        return new ModalBody(modes);
    }

    /// <param name="time">Time of contact, seconds.</param>
    /// <param name="amplitude">Approximate peak.</param>
    /// <param name="brightHertz">Modes above this frequency are excited less, because soft or gentle strikes have a long contact.</param>
    public void Strike(Track track, double time, double amplitude, double brightHertz)
    {
        var start = Track.At(time);
        foreach (var mode in modes)
        {
            var level = amplitude * mode.Amplitude * Math.Exp(-mode.Hertz * mode.Hertz / (brightHertz * brightHertz));
            if (level >= 1e-5)
                Ring(track.Samples, start, mode, level);
        }
    }

    /// <summary>The impulse response of a two-pole resonator. One sample costs two multiplications.</summary>
    static void Ring(float[] samples, int start, Mode mode, double level)
    {
        var w = Math.Tau * mode.Hertz / Track.Rate;
        var radius = Math.Exp(-1 / (mode.Decay * Track.Rate));
        double c1 = 2 * radius * Math.Cos(w), c2 = -radius * radius;
        double previous = 0, current = level * radius * Math.Sin(w);       // y[0], y[1] of level * r^n sin(wn)
        var end = Math.Min(samples.Length, start + (int)(mode.Decay * Track.Rate * Math.Log(level / 1e-5)));
        for (var i = start; i < end; i++)
        {
            if (i >= 0)
                samples[i] += (float)previous;
            (previous, current) = (current, c1 * current + c2 * previous);
        }
    }
}
