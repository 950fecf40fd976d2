using System.Numerics.Tensors;

namespace Rewas.Sound.Levels;

/// <summary>Level of a waveform.</summary>
public static class Loudness
{
    /// <summary>Peak to which training waveforms are scaled before their mel is computed.</summary>
    public const float TrainingPeak = 0.5f;

    /// <summary>Removes the mean and scales to peak 0.5, in place, as ReWaS does before it computes a mel. Silence stays silence.</summary>
    public static void NormaliseForTraining(Span<float> samples)
    {
        if (samples.IsEmpty)
            return;
        double sum = 0;
        foreach (var sample in samples)
            sum += sample;
        TensorPrimitives.Subtract(samples, (float)(sum / samples.Length), samples);
        var peak = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(samples));
        if (peak > 1e-8f)
            TensorPrimitives.Multiply(samples, TrainingPeak / peak, samples);
    }
}
