using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Sound.Wav;

namespace Rewas.EnergyPredictor;

/// <summary>The energy of a recording, window by window, in the form of the energy predictor's training data.</summary>
public sealed class SoundToEnergy(ClipTiming timing)
{
    /// <summary>Reads a whole WAV file: mono at 16 kHz, without its mean, at peak 0.5.</summary>
    public static async Task<float[]> ReadAsync(Stream wav, WavLimits limits, CancellationToken cancellation)
    {
        var waveform = await WavFile.ReadAtAsync(wav, ClipTiming.SampleRate, limits, "recording", cancellation);
        Loudness.NormaliseForTraining(waveform);
        return waveform;
    }

    /// <summary>Energy of each window, [512], with silence after the end of the sound.</summary>
    /// <param name="samples">Mono at 16 kHz, [T].</param>
    public IEnumerable<float[]> Windows(float[] samples)
    {
        var windows = ClipTiming.WindowsFor(samples.Length);
        for (var window = 0; window < windows; window++)
        {
            var control = Energy.Control(Energy.OfLogMel(WindowMel.LogMel(samples, window, windows)), timing);
            TensorPrimitives.Clamp(control, SilenceFloor.LogMel, FeaturesToEnergy.LoudestLogMel, control);
            yield return control;
        }
    }
}
