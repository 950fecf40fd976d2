using Rewas.Clip;
using Rewas.Evaluation.Features;
using Rewas.Evaluation.Figures;
using Rewas.Evaluation.Metrics;
using Rewas.Rendering;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Evaluation.Comparison;

/// <summary>Measures a generated clip, compared with the true one if it exists.</summary>
/// <param name="networks">Networks whose features are compared; may be empty.</param>
/// <param name="similarities">Measures of how well a sound fits a text; may be empty.</param>
public sealed class ClipMeter(IReadOnlyList<IFeatureNetwork> networks, IReadOnlyList<TextSimilarity> similarities)
{
    /// <param name="real">True sound, 16 kHz, or null.</param>
    /// <param name="generated">Generated sound, 16 kHz.</param>
    /// <param name="realFeatures">Features of the true sound, if already computed.</param>
    /// <param name="motionPeaks">Peaks of the picture's motion in seconds, and the frame rate. Needed for AV-align.</param>
    /// <param name="description">What the clip sounds like, if known.</param>
    /// <param name="followedPrompt">Whether the given prompt was used. Null if no check could replace it.</param>
    /// <param name="deSync">By how much the sound is early or late against the picture, seconds. Null if nothing judged it.</param>
    public ClipMeasures Measure(
        string clip,
        float[]? real,
        float[] generated,
        IReadOnlyDictionary<string, SoundFeatures>? realFeatures = null,
        (IReadOnlyList<double> Seconds, double FrameRate)? motionPeaks = null,
        string? description = null,
        bool? followedPrompt = null,
        double? deSync = null,
        CancellationToken cancellation = default)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var sound = new Waveform(generated, ClipTiming.SampleRate);
        var level = LevelStatistics.Of(sound);
        Note(ClipFigure.IntegratedLoudness, level.IntegratedLoudness);
        Note(ClipFigure.Peak, level.PeakDecibels);
        Note(ClipFigure.ClippedShare, level.ClippedShare);
        Note(ClipFigure.DeSync, deSync);
        Note(ClipFigure.ReplacedPrompts, followedPrompt is null ? null : followedPrompt.Value ? 0 : 1);
        if (motionPeaks is var (motion, frameRate))
            Note(ClipFigure.AvAlign, AudioVideoAlignment.IntersectionOverUnion(AudioVideoAlignment.SoundPeaks(sound), motion, frameRate));
        if (real is not null)
        {
            var energy = EnergyAgreement.Between(real, generated);
            Note(ClipFigure.EnergyError, energy.MeanAbsoluteError);
            Note(ClipFigure.EnergyCorrelation, energy.Correlation);
            var onsets = OnsetAgreement.Between(new(real, ClipTiming.SampleRate), sound);
            Note(ClipFigure.OnsetAccuracy, onsets.Accuracy);
            Note(ClipFigure.OnsetPrecision, onsets.AveragePrecision);
            Note(ClipFigure.OnsetF1, onsets.F1);
            Note(ClipFigure.TextureDistance, TextureDistance(real, generated));
        }
        return new(
            clip,
            values,
            real is null ? new SortedDictionary<string, SoundFeatures>() : realFeatures ?? Features(real, cancellation),
            Features(generated, cancellation),
            new SortedDictionary<string, double>(
                similarities.Where(_ => description is not null)
                    .ToDictionary(s => s.Name, s => s.Of(description!, generated, cancellation)),
                StringComparer.Ordinal));

        void Note(ClipFigure figure, double? value)
        {
            if (value is { } known)
                values[figure.Name] = known;
        }
    }

    /// <summary>Features of a clip, by name of the network.</summary>
    public IReadOnlyDictionary<string, SoundFeatures> Features(float[] samples, CancellationToken cancellation = default) =>
        new SortedDictionary<string, SoundFeatures>(
            networks.ToDictionary(network => network.Name, network => network.Of(samples, cancellation)), StringComparer.Ordinal);

    static double? TextureDistance(float[] real, float[] generated)
    {
        var length = Math.Min(real.Length, generated.Length);
        return length < MelSpectrogram.LeastSamples
            ? null
            : SpectralTexture.Distance(TextureOf(real.AsSpan(0, length)), TextureOf(generated.AsSpan(0, length)));
    }

    static float[] TextureOf(ReadOnlySpan<float> samples)
    {
        var normalised = samples.ToArray();
        Loudness.NormaliseForTraining(normalised);
        return SpectralTexture.OfLogMel(MelSpectrogram.LogMel(normalised));
    }
}
