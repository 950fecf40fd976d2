using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound.Mel;

namespace Rewas.Rendering.Guards;

/// <summary>CNN14 of PANNs, by its classes of AudioSet (Gemmeke et al., 2017).</summary>
/// <param name="options">The thresholds. They are chosen, not measured.</param>
sealed class PannsHearing(string name, OnnxNetwork network, GuardOptions options) : IVoiceHearing
{
    public const string Network = "panns_cnn14";

    const int LeastFrames = 32;                                              // halved five times

    /// <summary>
    /// Classes of each kind. Speech: speech itself, by men, women and children, conversation, narration, babbling, synthesized speech,
    /// whispering. Singing: singing, choir, yodelling, chant, mantra, singing by men, women, children and machines, rapping. Music: music.
    /// </summary>
    static readonly int[][] Classes = [[0, 1, 2, 3, 4, 5, 6, 7, 15], [27, 28, 29, 30, 31, 32, 33, 34, 35, 36], [137]];

    readonly double[] thresholds = [options.PannsSpeech, options.PannsSinging, options.PannsMusic];

    public string Name => name;

    public double[] Scores(ReadOnlySpan<float> window, CancellationToken cancellation)
    {
        var padded = new float[Math.Max(window.Length, LeastFrames * ClipTiming.HopSamples)];
        window.CopyTo(padded);
        var logMel = PannsMelSpectrogram.LogMel(padded);
        var input = HostTensor.Of(logMel, 1, logMel.Length / PannsMelSpectrogram.MelBins, PannsMelSpectrogram.MelBins);
        var probabilities = network.Run([input], cancellation)[0].Floats.ToArray();
        return
        [
            .. Classes.Zip(thresholds, (kind, threshold) => Score(
                kind.Where(i => i < probabilities.Length).Max(i => probabilities[i]), threshold)),
        ];
    }

    public void Dispose() => network.Dispose();

    /// <summary>A probability as a score: linear on both sides of the threshold.</summary>
    static double Score(double probability, double threshold) => probability > threshold
        ? (probability - threshold) / (1 - threshold)
        : (probability - threshold) / threshold;
}
