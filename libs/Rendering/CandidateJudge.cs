using System.Runtime.InteropServices;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Rendering.Guards;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Sound.Mel;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>
/// Scores sounds against their prompt and curve. It reads sounds of any length window by window. The same sound gets the same scores.
/// </summary>
public sealed class CandidateJudge : IDisposable
{
    const float FullScale = 0.999f;

    /// <summary>An onset is expected where the curve rises by 12 dB within 80 ms. A heard onset may be 0.1 s away.</summary>
    const double RiseDecibels = 12, OnsetTolerance = 0.1;
    const int RiseFrames = 8;

    readonly LoadedOnce<TextSimilarity?> similarity;
    readonly LoadedOnce<SoundGuard>? guard;
    readonly ClipTiming timing;

    /// <param name="bundle">Its encoders give the similarity, if it has an audio encoder. Networks are loaded on first use.</param>
    /// <param name="guarding">Thresholds of the guard. Null: the defaults.</param>
    public CandidateJudge(Bundle bundle, OnnxOptions options, GuardOptions? guarding = null)
    {
        (timing, similarity) = (bundle.Manifest.Timing, new(() => TextSimilarity.Load(bundle, options)));
        guard = new(() => SoundGuard.Load(bundle, options, guarding));
    }

    /// <summary>Scores sounds against their curve alone, with no network.</summary>
    public CandidateJudge(ClipTiming timing) => (this.timing, similarity) = (timing, new(() => null));

    /// <summary>Hears voices, music and faults of the signal; null without a bundle.</summary>
    public SoundGuard? Guard => guard?.Value;

    /// <summary>Lets a guard listen to a whole sound.</summary>
    /// <param name="wave">16 kHz, mono.</param>
    public static GuardReport Hear(SoundGuard guard, RawSound wave, CancellationToken cancellation)
    {
        var listener = guard.Listen();
        foreach (var (window, length) in Windows(wave.Path))
            listener.Add(window.AsSpan(0, length), cancellation);
        return listener.End(cancellation);
    }

    /// <param name="wave">16 kHz, mono.</param>
    /// <param name="curve">The curve that the sound should follow.</param>
    public CandidateScores Score(RawSound wave, EnergyCurve curve, string prompt, CancellationToken cancellation)
    {
        var embedding = similarity.Value?.Embed(prompt, cancellation);
        var (fit, error, values, clipped, samples) = (0.0, 0.0, 0L, 0L, 0L);
        var spectrum = new double[ClipTiming.MelBins];
        List<double> onsets = [];
        var windows = 0;
        foreach (var (window, length) in Windows(wave.Path))
        {
            cancellation.ThrowIfCancellationRequested();
            clipped += window.AsSpan(0, length).ToArray().LongCount(sample => MathF.Abs(sample) >= FullScale);
            onsets.AddRange(
                OnsetDetection.Find(window.AsSpan(0, length))
                    .Select(onset => windows * ClipTiming.WindowDuration.TotalSeconds + onset.Seconds));
            var logMel = MelSpectrogram.LogMel(window);                      // [512, 64]
            var energy = Energy.Control(Energy.OfLogMel(logMel), timing);
            var first = windows * ClipTiming.MelFramesPerWindow;
            var count = Math.Min(energy.Length, curve.Count - first);
            for (var i = 0; i < count; i++)
                error += Math.Abs(Math.Max(energy[i], EnergyScale.Silence) - curve[first + i]);
            for (var i = 0; i < count * ClipTiming.MelBins; i++)
                spectrum[i % ClipTiming.MelBins] += logMel[i];
            if (embedding is not null)
                fit += similarity.Value!.Of(embedding, window.AsSpan(0, length), cancellation);
            (values, samples, windows) = (values + count, samples + length, windows + 1);
        }
        return new(
            embedding is null ? null : fit / windows,
            error / values,
            Agreement(Rises(curve), onsets),
            (double)clipped / samples,
            Hum([.. spectrum.Select(sum => sum / values)]));
    }

    /// <summary>How closely a sound's energy follows its curve: Pearson's correlation, -1 to 1. It needs no network.</summary>
    /// <param name="wave">16 kHz, mono.</param>
    /// <param name="curve">The curve that the sound should follow.</param>
    /// <param name="timing">Sets how the energy is smoothed.</param>
    public static double Follows(RawSound wave, EnergyCurve curve, ClipTiming timing)
    {
        var energy = new List<float>();
        foreach (var (window, _) in Windows(wave.Path))
            energy.AddRange(Energy.Control(Energy.OfLogMel(MelSpectrogram.LogMel(window)), timing));
        var count = Math.Min(energy.Count, curve.Count);
        return Correlation.Pearson(curve.Values[..count], CollectionsMarshal.AsSpan(energy)[..count]);
    }

    public void Dispose()
    {
        if (similarity.IsValueCreated)
            similarity.Value?.Dispose();
        if (guard is { IsValueCreated: true })
            guard.Value.Dispose();
    }

    /// <summary>
    /// Windows of 5.12 s, each with the number of its samples that belong to the sound. The last one is padded with silence.
    /// </summary>
    static IEnumerable<(float[] Samples, int Length)> Windows(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[ClipTiming.SamplesPerWindow * sizeof(float)];
        while (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) is > 0 and var count)
        {
            var window = new float[ClipTiming.SamplesPerWindow];
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, count)).CopyTo(window);
            yield return (window, count / sizeof(float));
        }
    }

    /// <summary>Times in seconds at which the curve rises steeply: the steepest point of each rise.</summary>
    internal static List<double> Rises(EnergyCurve curve)
    {
        var rises = new List<double>();
        var (least, best, at) = (EnergyScale.OfDecibels(RiseDecibels), 0f, -1);
        for (var i = RiseFrames; i < curve.Count; i++)
        {
            var rise = curve[i] - curve[i - RiseFrames];
            if (rise >= least && rise > best)
                (best, at) = (rise, i);
            else if (at >= 0 && rise < least)
            {
                rises.Add(EnergyCurve.SecondsAt(at - RiseFrames / 2));
                (best, at) = (0, -1);
            }
        }
        return rises;
    }

    /// <summary>F1 score of two lists of times. Each time is matched at most once.</summary>
    internal static double? Agreement(IReadOnlyList<double> wanted, IReadOnlyList<double> heard)
    {
        if (wanted.Count + heard.Count == 0)
            return null;
        var free = heard.ToList();
        var hits = 0;
        foreach (var time in wanted)
        {
            var nearest = free.FindIndex(other => Math.Abs(other - time) <= OnsetTolerance);
            if (nearest < 0)
                continue;
            free.RemoveAt(nearest);
            hits++;
        }
        return 2.0 * hits / (wanted.Count + heard.Count);
    }

    /// <summary>Level in dB of the strongest bin of a mean log mel, above the mean of the four bins on either side.</summary>
    internal static double Hum(double[] spectrum)
    {
        const int Side = 4;
        var most = 0.0;
        for (var bin = 1; bin < spectrum.Length - 1; bin++)
        {
            var (first, end) = (Math.Max(0, bin - Side), Math.Min(spectrum.Length, bin + Side + 1));
            var neighbours = (spectrum[first..end].Sum() - spectrum[bin]) / (end - first - 1);
            most = Math.Max(most, spectrum[bin] - neighbours);
        }
        return most / EnergyScale.PerDecibel;
    }
}
