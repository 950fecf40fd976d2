using System.Text.Json;
using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The denoiser as sampling needs it: the parts that depend on text and control latent alone, run once, and the part of every step, tied to buffers
/// that are made once. The buffers belong to the one thread that samples.
/// </summary>
public sealed class Denoiser : IDisposable
{
    public const string Network = "denoiser";
    const string Architecture = "controlled_unet";

    /// <summary>Latent and time, the first two inputs, change at every step.</summary>
    const int ChangingInputs = 2;

    /// <summary>Of a window whose energy has the text's guidance scale.</summary>
    const int GuidedRows = 2;

    readonly OnnxNetwork text, hint, step;
    readonly OnnxCall?[] calls;                                              // by rows
    readonly float[] x, t, film, features, predicted;
    readonly List<Condition[]> conditioned = [];                             // what the buffers hold, and for which call
    OnnxCall? conditionedCall;

    /// <param name="bundle">Has the network "denoiser".</param>
    /// <param name="options">How networks are run.</param>
    /// <param name="maxRows">Most rows of one call.</param>
    /// <param name="precision">Of the steps: one of <see cref="PrecisionNames"/>; null: as the bundle says. What is computed once stays float32.</param>
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

    /// <summary>Whether it can be controlled by onsets and by texture.</summary>
    public bool TakesDescriptors { get; }

    public string Accelerator => step.Accelerator;

    /// <summary>Of the steps: one of <see cref="PrecisionNames"/>.</summary>
    public string Precision => step.Precision;

    /// <summary>The text's half of the condition.</summary>
    /// <param name="embedding">[E].</param>
    /// <param name="cancellation">Ends the call.</param>
    public float[] Film(float[] embedding, CancellationToken cancellation) =>
        text.Run([HostTensor.Of(embedding, 1, embedding.Length)], cancellation)[0].Floats.ToArray();

    /// <summary>The control latent on its way into the adapter.</summary>
    /// <param name="control">[Z, H, W].</param>
    /// <param name="descriptors"><see cref="ControlDescriptors"/> [8, H], where it takes them.</param>
    /// <param name="cancellation">Ends the call.</param>
    public float[] Features(float[] control, float[] descriptors, CancellationToken cancellation) =>
        hint.Run(
            [
                HostTensor.Of(control, [1, .. LatentShape]),
                .. TakesDescriptors ? [HostTensor.Of(descriptors, 1, ControlDescriptors.Count, LatentFrames)] : Array.Empty<HostTensor>(),
            ],
            cancellation)[0].Floats.ToArray();

    /// <summary>One call for the next step of several windows.</summary>
    /// <param name="windows">Together at most <see cref="MaxRows"/> rows.</param>
    /// <param name="cancellation">Ends the call.</param>
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

    /// <summary>One call for a window with guidance, on nothing.</summary>
    public void WarmUp() => (calls[GuidedRows] ??= Bind(GuidedRows)).Run(step.Definition.Inputs.Count, CancellationToken.None);

    public void Load()
    {
        text.Load();
        hint.Load();
        step.Load();                                                         // last: it is the one that takes memory
    }

    public void Dispose()
    {
        foreach (var call in calls)
            call?.Dispose();
        text.Dispose();
        hint.Dispose();
        step.Dispose();
    }

    /// <summary>Whether the same rows were in the same call before. Film and features are most of what a call reads, and then stay where they are.</summary>
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
            window.Sampler.WriteConditions(film.AsSpan(rows * (film.Length / MaxRows)), features.AsSpan(rows * (features.Length / MaxRows)));
            rows += window.Sampler.Rows;
            conditioned.Add(window.Sampler.Conditions);
        }
    }

    OnnxCall Bind(int rows)
    {
        return step.Bind([Rows(x, 0), Rows(t, 1), Rows(film, 2), Rows(features, 3)], [HostTensor.Of(predicted.AsMemory(0, rows * LatentLength), [rows, .. LatentShape])]);

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
