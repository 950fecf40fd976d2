using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Rendering.Guards;

/// <summary>
/// The bundle's own guard: a sound encoder with the labels of <see cref="HeardKinds"/>, on the platform's log mel. Its training shifts the
/// scores so that 0 is the threshold.
/// </summary>
sealed class OwnHearing(string name, OnnxNetwork network) : IVoiceHearing
{
    public const string Network = "sound_guard";

    public string Name => name;

    public double[] Scores(ReadOnlySpan<float> window, CancellationToken cancellation)
    {
        var padded = new float[ClipTiming.SamplesPerWindow];
        window.CopyTo(padded);
        Loudness.NormaliseForTraining(padded.AsSpan(0, window.Length));
        var mel = HostTensor.Of(MelSpectrogram.LogMel(padded), 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins);
        return [.. network.Run([mel], cancellation)[0].Floats.ToArray().Select(score => Math.Tanh(score / 2))];   // 2 sigmoid - 1
    }

    public void Dispose() => network.Dispose();
}
