using System.Text.Json;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The denoiser in the form that sampling needs. The parts that depend only on text and control latent run once; the part of every step is
/// bound to preallocated buffers. Only the sampling thread may use the buffers.
/// </summary>
public sealed class Denoiser : IDisposable
{
    public const string Network = "denoiser";
    const string Architecture = "controlled_unet";

    /// <summary>Number of inputs that change at every step: latent and time.</summary>
    const int ChangingInputs = 2;

    /// <summary>Rows of a window with one guidance scale for text and energy.</summary>
    const int GuidedRows = 2;

    readonly OnnxNetwork text, hint, step;
    readonly OnnxCall?[] calls;                                              // by number of rows
    readonly float[] x, t, film, features, predicted;
    readonly List<Condition[]> conditioned = []; // current content of the buffers, and the call that it belongs to
    OnnxCall? conditionedCall;

    /// <param name="precision">Number format of the steps: one of <see cref="PrecisionNames"/>. Null: the bundle's. The parts that run once
    /// stay float32.</param>
    public Denoiser(Bundle bundle, OnnxOptions options, int maxRows, string? precision = null)
    {
        var c = Configuration(bundle);
        text = OnnxNetwork.Deferred(bundle, Network, options, ControlledUNetParts.Text(c), PrecisionNames.Float32);
        hint = OnnxNetwork.Deferred(bundle, Network, options, ControlledUNetParts.Hint(c), PrecisionNames.Float32);
        step = OnnxNetwork.Deferred(bundle, Network, options, ControlledUNetParts.Step(c), precision);
        MaxRows = maxRows;
        TakesDescriptors = c.Descriptors;
        LatentFrames = c.LatentFrames;
        LatentShape = [c.LatentChannels, c.LatentFrames, c.LatentBins];
        LatentLength = c.LatentChannels * c.LatentFrames * c.LatentBins;
        calls = new OnnxCall?[maxRows + 1];
        (x, t, predicted) = (new float[maxRows * LatentLength], new float[maxRows], new float[maxRows * LatentLength]);
        film = new float[maxRows * RowLength(step.Definition.Inputs[2])];
        features = new float[maxRows * RowLength(step.Definition.Inputs[3])];
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
    public void Step(List<SamplingWork> windows, CancellationToken cancellation)
    {
        var rows = 0;
        foreach (var window in windows)
        {
            window.Sampler.WriteLatent(x.AsSpan(rows * LatentLength), t.AsSpan(rows));
            rows += window.Sampler.Rows;
        }
        var call = calls[rows] ??= Bind(rows);
        var isConditioned = IsConditioned(windows, call);
        if (!isConditioned)
            WriteConditions(windows, call);
        call.Run(isConditioned ? ChangingInputs : step.Definition.Inputs.Count, cancellation);
        rows = 0;
        foreach (var window in windows)
        {
            var count = window.Sampler.Rows;
            window.Sampler.Accept(predicted.AsSpan(rows * LatentLength, count * LatentLength));
            rows += count;
        }
    }

    /// <summary>Runs one guided window on zeros.</summary>
    public void WarmUp() => (calls[GuidedRows] ??= Bind(GuidedRows)).Run(step.Definition.Inputs.Count, CancellationToken.None);

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
        foreach (var call in calls)
            call?.Dispose();
        text.Dispose();
        hint.Dispose();
        step.Dispose();
    }

    /// <summary>Whether the previous call had the same rows. Film and features are most of a call's input and then stay in place.</summary>
    bool IsConditioned(List<SamplingWork> windows, OnnxCall call)
    {
        if (call != conditionedCall || windows.Count != conditioned.Count)
            return false;
        for (var i = 0; i < windows.Count; i++)
            if (windows[i].Sampler.Conditions != conditioned[i])
                return false;
        return true;
    }

    void WriteConditions(List<SamplingWork> windows, OnnxCall call)
    {
        conditioned.Clear();
        conditionedCall = call;
        var rows = 0;
        foreach (var window in windows)
        {
            window.Sampler.WriteConditions(
                film.AsSpan(rows * (film.Length / MaxRows)), features.AsSpan(rows * (features.Length / MaxRows)));
            rows += window.Sampler.Rows;
            conditioned.Add(window.Sampler.Conditions);
        }
    }

    OnnxCall Bind(int rows)
    {
        return step.Bind(
            [Rows(x, 0), Rows(t, 1), Rows(film, 2), Rows(features, 3)],
            [HostTensor.Of(predicted.AsMemory(0, rows * LatentLength), [rows, .. LatentShape])]);

        HostTensor Rows(float[] buffer, int input) =>
            HostTensor.Of(buffer.AsMemory(0, rows * (buffer.Length / MaxRows)), [rows, .. step.Definition.Inputs[input].Shape.Skip(1)]);
    }

    static int RowLength(Port port) => (int)port.Shape.Skip(1).Aggregate(1L, (count, size) => count * size);

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
