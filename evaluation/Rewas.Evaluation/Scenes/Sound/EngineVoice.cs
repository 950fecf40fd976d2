using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>
/// A train of combustion pulses through the resonances of exhaust and casing. It is harmonic; the speed gives pitch and loudness.
/// </summary>
/// <param name="SlowHertz">Pulses per second just before standstill.</param>
/// <param name="FastHertz">Pulses per second at full speed.</param>
/// <param name="ExhaustHertz">Resonance of the exhaust pipe.</param>
/// <param name="CasingHertz">Resonance of the casing.</param>
/// <param name="Rasp">Noise in each pulse, beside its tone.</param>
/// <param name="Sharpness">How fast a pulse decays within its cycle.</param>
readonly record struct EngineVoice(
    double SlowHertz, double FastHertz, double ExhaustHertz, double CasingHertz, double Rasp, double Sharpness)
{
    /// <param name="random">Unevenness and noise.</param>
    /// <param name="speed">0 to 1 over time.</param>
    /// <param name="loudness">Amplitude over time.</param>
    public void Add(Track track, SceneRandom random, Func<double, double> speed, Func<double, double> loudness)
    {
        var detune = random.Between(0.85, 1.2);
        var exhaust = Biquad.BandPass(ExhaustHertz * detune, 1.2);
        var casing = Biquad.BandPass(CasingHertz * random.Between(0.85, 1.2), 1.5);
        var direct = Biquad.LowPass(CasingHertz * 2.5);
        var noBias = Biquad.HighPass(25);
        double phase = 0, step = 0, force = 1;
        float level = 0;
        for (var i = 0; i < track.Samples.Length; i++)
        {
            if (i % 32 == 0)                                               // 2 ms
            {
                var time = (double)i / Track.Rate;
                step = detune * (SlowHertz * 0.7 + (FastHertz - SlowHertz * 0.7) * speed(time)) / Track.Rate;
                level = (float)loudness(time);
            }
            phase += step;
            if (phase >= 1)
            {
                phase -= 1;
                force = random.Between(0.8, 1.15);                         // no two combustions are alike
            }
            var pulse = (float)(force * Math.Exp(-Sharpness * phase));
            pulse *= 1 + (float)Rasp * 2 * random.Noise();
            var sound = 1.6f * exhaust.Next(pulse) + 1.1f * casing.Next(pulse) + 0.25f * direct.Next(pulse);
            track.Samples[i] += 0.8f * level * noBias.Next(sound);
        }
    }
}
