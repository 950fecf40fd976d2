using Rewas.Bundles;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>The networks of <see cref="StepArithmetic"/> on a device.</summary>
/// <param name="denoiser">Inputs of the denoiser.</param>
sealed class DeviceArithmetic(IReadOnlyList<Port> denoiser, OnnxOptions options) : IDisposable
{
    readonly LoadedOnce<OnnxNetwork> begin = new(() => OnnxNetwork.Load(StepArithmetic.Begin(denoiser, Length(denoiser)), options));
    readonly LoadedOnce<OnnxNetwork> advance =
        new(() => OnnxNetwork.Load(StepArithmetic.Advance(denoiser[StepPorts.Latent], Length(denoiser)), options));
    readonly LoadedOnce<OnnxNetwork> end = new(() => OnnxNetwork.Load(StepArithmetic.End(Length(denoiser)), options));

    public OnnxNetwork Begin => begin.Value;

    public OnnxNetwork Advance => advance.Value;

    public OnnxNetwork End => end.Value;

    public void Load() => _ = (Begin, Advance, End);

    public void Dispose()
    {
        foreach (var network in (LoadedOnce<OnnxNetwork>[])[begin, advance, end])
            if (network.IsValueCreated)
                network.Value.Dispose();
    }

    static int Length(IReadOnlyList<Port> denoiser) =>
        (int)denoiser[StepPorts.Latent].Shape.Skip(1).Aggregate(1L, (count, size) => count * size);
}
