using System.Text.Json;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The denoiser in the form that sampling needs. The parts that depend only on text and control latent run once; the last part runs at
/// every step. Only the sampling thread may take steps.
/// </summary>
public sealed class Denoiser : IDisposable
{
    public const string Network = "denoiser";
    const string Architecture = "controlled_unet";

    readonly OnnxNetwork text, hint, step;
    readonly IStepRunner steps;

    /// <param name="precision">Number format of the steps: one of <see cref="PrecisionNames"/>. Null: the bundle's. The parts that run once
    /// stay float32.</param>
    public Denoiser(Bundle bundle, OnnxOptions options, int maxRows, string? precision = null)
        : this(bundle, options, maxRows, precision, onDevice: options.Accelerator != OnnxOptions.Cpu)
    {
    }

    /// <param name="onDevice">Whether latents stay in the memory of the denoiser's device between steps.</param>
    internal Denoiser(Bundle bundle, OnnxOptions options, int maxRows, string? precision, bool onDevice)
    {
        var c = Configuration(bundle);
        text = OnnxNetwork.Deferred(bundle, Network, options, ControlledUNetParts.Text(c), PrecisionNames.Float32);
        hint = OnnxNetwork.Deferred(bundle, Network, options, ControlledUNetParts.Hint(c), PrecisionNames.Float32);
        step = OnnxNetwork.Deferred(bundle, Network, options, ControlledUNetParts.Step(c), precision, captures: true);
        MaxRows = maxRows;
        TakesDescriptors = c.Descriptors;
        LatentFrames = c.LatentFrames;
        LatentShape = [c.LatentChannels, c.LatentFrames, c.LatentBins];
        LatentLength = c.LatentChannels * c.LatentFrames * c.LatentBins;
        steps = onDevice ? new DeviceSteps(step, options, maxRows) : new HostSteps(step, maxRows, LatentLength);
    }

    public int MaxRows { get; }

    /// <summary>[Z, H, W].</summary>
    public long[] LatentShape { get; }

    public int LatentLength { get; }

    public int LatentFrames { get; }

    /// <summary>Whether it supports control by onsets and texture.</summary>
    public bool TakesDescriptors { get; }

    public string Accelerator => step.Accelerator;

    /// <summary>Number format of the steps: one of <see cref="PrecisionNames"/>.</summary>
    public string Precision => step.Precision;

    /// <summary>The text's half of the condition.</summary>
    /// <param name="embedding">[E].</param>
    public float[] Film(float[] embedding, CancellationToken cancellation) =>
        text.Run([HostTensor.Of(embedding, 1, embedding.Length)], cancellation)[0].Floats.ToArray();

    /// <summary>The control latent after the adapter's input layers.</summary>
    /// <param name="control">[Z, H, W].</param>
    /// <param name="descriptors"><see cref="ControlDescriptors"/> [8, H], if the denoiser takes them.</param>
    public float[] Features(float[] control, float[] descriptors, CancellationToken cancellation) =>
        hint.Run(
            [
                HostTensor.Of(control, [1, .. LatentShape]),
                .. TakesDescriptors ? [HostTensor.Of(descriptors, 1, ControlDescriptors.Count, LatentFrames)] : Array.Empty<HostTensor>(),
            ],
            cancellation)[0].Floats.ToArray();

    /// <summary>Runs the next step of several windows in one call.</summary>
    /// <param name="windows">Together at most <see cref="MaxRows"/> rows.</param>
    public void Step(IReadOnlyList<SamplingWork> windows, CancellationToken cancellation) => steps.Step(windows, cancellation);

    /// <summary>Takes what a device needs once. On a CPU the first step takes as long as the next one, so nothing is done.</summary>
    public void WarmUp() => (steps as DeviceSteps)?.WarmUp();

    public void Load()
    {
        text.Load();
        hint.Load();
        step.Load();                                                         // last, because it needs the most memory
    }

    /// <summary>Makes the weights in the number format of the steps now, unless they are there already.</summary>
    public void Prepare() => step.Prepare();

    public void Dispose()
    {
        steps.Dispose();
        text.Dispose();
        hint.Dispose();
        step.Dispose();
    }

    static UNetConfiguration Configuration(Bundle bundle)
    {
        var described = bundle.Network(Network);
        if (described.Architecture != Architecture)
            throw InputFault.Precondition(Network, $"must have the architecture {Architecture}, but has '{described.Architecture}'");
        try
        {
            return NetworkCatalog.Read<UNetConfiguration>(described.Configuration);
        }
        catch (JsonException e)
        {
            throw InputFault.Precondition(Network, $"configuration: {e.Message}", e);
        }
    }
}
