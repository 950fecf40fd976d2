using Rewas.Clip;
using Rewas.Evaluation.Motion;
using Rewas.Evaluation.Statistics;

namespace Rewas.Evaluation.Tables;

/// <summary>
/// The anchor of a table: noise whose level follows how much the picture moves. It knows no words and has learnt nothing, so a system that
/// is worth its name is better.
/// </summary>
sealed class MotionNoiseMaker : ISoundMaker
{
    public const string Name = "motion-noise";

    const float Peak = 0.5f;

    public string Identity => "anchor: white noise whose level is the mean length of the optical flow";

    public async Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation) =>
        new(Noise(await MotionCurve.ReadAsync(video, cancellation), (ulong)seed));

    /// <param name="motion">A value for each frame at 25 frames per second.</param>
    /// <returns>16 kHz, as long as the frames.</returns>
    internal static float[] Noise(IReadOnlyList<double> motion, ulong seed)
    {
        const int FrameSamples = ClipTiming.SampleRate / ClipTiming.FrameRate;
        var (most, random) = (motion.DefaultIfEmpty(0).Max(), new SplitMix(seed));
        var wave = new float[motion.Count * FrameSamples];
        for (var i = 0; i < wave.Length && most > 0; i++)
        {
            var place = (double)i / FrameSamples;
            var (before, after) = (motion[(int)place], motion[Math.Min((int)place + 1, motion.Count - 1)]);
            var level = (before + (place - (int)place) * (after - before)) / most;
            wave[i] = (float)(Peak * level * (2.0 * random.Below(1 << 24) / (1 << 24) - 1));
        }
        return wave;
    }
}
