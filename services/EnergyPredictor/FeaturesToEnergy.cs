using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Audio;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.EnergyPredictor;

/// <summary>
/// The tokens of one window to its energy curve: the energy predictor phi (ReWaS, arXiv 2407.05551, section 3.2), smoothed. Where the bundle has networks
/// for them, also to onsets and spectral texture.
/// </summary>
public sealed class FeaturesToEnergy : ILoadable, IDisposable
{
    /// <summary>Louder than any mel whose waveform stays in [-1, 1].</summary>
    public const float LoudestLogMel = 2;

    /// <summary>
    /// Of an onset at a token, to count where no neighbour is likelier. An onset that may be at either of two tokens has half of its probability at each, so this is low. Found on
    /// rendered impacts: from 0.1 to 0.2 as many onsets are found rightly (F1 0.82 to 0.83, by tokens), above it fewer.
    /// </summary>
    const float LeastOnsetProbability = 0.15f;

    readonly OnnxNetwork predictor;
    readonly OnnxNetwork? onsets, texture;
    readonly ClipTiming timing;

    public FeaturesToEnergy(Bundle bundle, IOptions<OnnxOptions> onnx)
    {
        OnnxNetwork? Optional(string network) => bundle.Manifest.Networks.ContainsKey(network) ? OnnxNetwork.Deferred(bundle, network, onnx.Value) : null;

        timing = bundle.Manifest.Timing;
        predictor = OnnxNetwork.Deferred(bundle, "energy_predictor", onnx.Value);
        onsets = Optional("onset_predictor");
        texture = Optional("texture_predictor");
        Channels = (int)predictor.Definition.Inputs[0].Shape[^1];
    }

    /// <summary>Whether onsets are told.</summary>
    public bool TellsOnsets => onsets is not null;

    /// <summary>Whether texture is told.</summary>
    public bool TellsTexture => texture is not null;

    /// <summary>Channels of a feature token.</summary>
    public int Channels { get; }

    public string Accelerator => predictor.Accelerator;

    /// <summary>Predicts one window.</summary>
    /// <param name="tokens">[N, C].</param>
    /// <param name="clock">Counts the networks' time.</param>
    /// <param name="cancellation">Ends the network call.</param>
    public WindowControl Predict(float[] tokens, StageClock clock, CancellationToken cancellation)
    {
        HostTensor[] call = [HostTensor.Of(tokens, 1, timing.TokensPerWindow, Channels)];
        var energy = clock.Network("energy_predictor", call, () => predictor.Run(call, cancellation)[0]);          // [1, N, 1]
        var control = Energy.ControlFromTokens(energy.Floats.Span, timing);
        TensorPrimitives.Clamp(control, SilenceFloor.LogMel, LoudestLogMel, control);
        return new(control, Onsets(), Texture());

        float[]? Onsets()
        {
            if (onsets is null)
                return null;
            var scores = clock.Network("onset_predictor", call, () => onsets.Run(call, cancellation)[0]).Floats.ToArray();   // [N], before the sigmoid
            return OnsetCurve.ControlFromTokens(OnsetPeaks.Of(scores, MathF.Log(LeastOnsetProbability / (1 - LeastOnsetProbability))));
        }

        float[]? Texture()
        {
            if (texture is null)
                return null;
            var numbers = clock.Network("texture_predictor", call, () => texture.Run(call, cancellation)[0]).Floats.ToArray();   // [N, 5]
            TensorPrimitives.Clamp<float>(numbers, 0, 1, numbers);
            return SpectralTexture.ControlFromTokens(numbers);
        }
    }

    /// <summary>Runs the networks once on nothing.</summary>
    public void WarmUp(StageClock clock) => Predict(new float[timing.TokensPerWindow * Channels], clock, CancellationToken.None);

    public void Load()
    {
        predictor.Load();
        onsets?.Load();
        texture?.Load();
    }

    public void Dispose()
    {
        predictor.Dispose();
        onsets?.Dispose();
        texture?.Dispose();
    }
}
