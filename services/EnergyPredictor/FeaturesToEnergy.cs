using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Audio;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.EnergyPredictor;

/// <summary>The tokens of one window to its energy curve: the energy predictor phi (ReWaS, arXiv 2407.05551, section 3.2), smoothed.</summary>
public sealed class FeaturesToEnergy : IDisposable
{
    /// <summary>Louder than any mel whose waveform stays in [-1, 1].</summary>
    public const float LoudestLogMel = 2;

    readonly OnnxNetwork predictor;
    readonly ClipTiming timing;

    public FeaturesToEnergy(Bundle bundle, IOptions<OnnxOptions> onnx)
    {
        timing = bundle.Manifest.Timing;
        predictor = OnnxNetwork.Load(bundle, "energy_predictor", onnx.Value);
        Channels = (int)predictor.Definition.Inputs[0].Shape[^1];
    }

    /// <summary>Channels of a feature token.</summary>
    public int Channels { get; }

    public string Accelerator => predictor.Accelerator;

    /// <summary>Predicts one window.</summary>
    /// <param name="tokens">[N, C].</param>
    /// <param name="clock">Counts the network's time.</param>
    /// <param name="cancellation">Ends the network call.</param>
    /// <returns>Mean log-mel of each frame, [512].</returns>
    public float[] Predict(float[] tokens, StageClock clock, CancellationToken cancellation)
    {
        HostTensor[] call = [HostTensor.Of(tokens, 1, timing.TokensPerWindow, Channels)];
        var energy = clock.Network("energy_predictor", () => predictor.Run(call, cancellation)[0]);          // [1, N, 1]
        var control = Energy.ControlFromTokens(energy.Floats.Span, timing);
        TensorPrimitives.Clamp(control, SilenceFloor.LogMel, LoudestLogMel, control);
        return control;
    }

    public void Dispose() => predictor.Dispose();
}
