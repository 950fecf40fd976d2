using System.Numerics.Tensors;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Sound;
using Rewas.Sound.Mel;

namespace Rewas.EnergyPredictor;

/// <summary>
/// Predicts the energy curve of a window from its tokens: the energy predictor phi (ReWaS, arXiv 2407.05551, section 3.2), smoothed. If the
/// bundle has the networks, also predicts onsets and spectral texture.
/// </summary>
public sealed class FeaturesToEnergy : ILoadable, IDisposable
{
    /// <summary>Louder than the mel of any waveform in [-1, 1].</summary>
    public const float LoudestLogMel = 2;

    /// <summary>
    /// Least probability of an onset at a token that is a local maximum. It is low because an onset between two tokens has half of its
    /// probability at each. Tuned on rendered impacts: values from 0.1 to 0.2 give the same F1 by tokens (0.82 to 0.83); higher values give
    /// less.
    /// </summary>
    const float LeastOnsetProbability = 0.15f;

    readonly OnnxNetwork predictor;
    readonly OnnxNetwork? onsets, texture;
    readonly ClipTiming timing;

    public FeaturesToEnergy(Bundle bundle, IOptions<OnnxOptions> onnx)
    {
        OnnxNetwork? Optional(string network) => bundle.Manifest.Networks.ContainsKey(network)
            ? OnnxNetwork.Deferred(bundle, network, onnx.Value)
            : null;

        timing = bundle.Manifest.Timing;
        predictor = OnnxNetwork.Deferred(bundle, "energy_predictor", onnx.Value);
        onsets = Optional("onset_predictor");
        texture = Optional("texture_predictor");
        Channels = (int)predictor.Definition.Inputs[0].Shape[^1];
    }

    /// <summary>Whether onsets are predicted.</summary>
    public bool TellsOnsets => onsets is not null;

    /// <summary>Whether texture is predicted.</summary>
    public bool TellsTexture => texture is not null;

    /// <summary>Channels of a feature token.</summary>
    public int Channels { get; }

    public string Accelerator => predictor.Accelerator;

    /// <summary>Predicts one window.</summary>
    /// <param name="tokens">[N, C].</param>
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
            var scores = clock.Network("onset_predictor", call, () => onsets.Run(call, cancellation)[0])
                .Floats.ToArray();                                               // [N], before the sigmoid
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

    /// <summary>Runs the networks once on zeros.</summary>
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
