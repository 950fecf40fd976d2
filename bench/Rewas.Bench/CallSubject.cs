using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Trainer.Torch;
using Tensor = Rewas.Networks.Tensor;
using torch = TorchSharp.torch;

namespace Rewas.Bench;

/// <summary>A network of a bundle. Both backends read its weights from one file.</summary>
sealed class CallSubject : IDisposable
{
    /// <summary>Size of an input's axis that varies, beside the rows: a chunk of mel frames with its context.</summary>
    const long VaryingSize = 320;

    readonly SafetensorsFile file;
    readonly string prefix;

    CallSubject(string name, NetworkDefinition definition, SafetensorsFile file, string prefix) =>
        (Name, Definition, this.file, this.prefix) = (name, definition, file, prefix);

    public string Name { get; }

    /// <summary>Whether a clip takes many calls of it.</summary>
    public bool IsDenoiser => Definition.Architecture == "controlled_unet";

    public NetworkDefinition Definition { get; }

    public static CallSubject Of(Bundle bundle, string network)
    {
        var described = bundle.Network(network);
        return new(
            $"{network} of {bundle.Manifest.Name}",
            NetworkCatalog.Create(described.Architecture, described.Configuration),
            bundle.Weights(network),
            described.Prefix);
    }

    /// <summary>Shape of an input for so many rows.</summary>
    public static long[] Sized(Port port, int rows) =>
        [.. port.Shape.Select((size, axis) => size >= 0 ? size : axis == 0 ? rows : VaryingSize)];

    /// <summary>An input like latents or frames. A time step is a number up to 999.</summary>
    public static HostTensor Noise(Port port, int rows, int seed)
    {
        var (shape, random) = (Sized(port, rows), new Random(seed));
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = shape.Length == 1 ? random.Next(1000) : 2 * random.NextSingle() - 1;
        return HostTensor.Of(values, shape);
    }

    /// <summary>Multiply-adds of a call.</summary>
    public long MultiplyAdds(int rows) => NetworkWork.MultiplyAdds(
        Definition with { Inputs = [.. Definition.Inputs.Select(port => port with { Shape = Sized(port, rows) })] });

    /// <param name="oneRow">Whether the graph is for batches of one row, as the video encoder's in int8.</param>
    public OnnxNetwork LoadOnnx(OnnxOptions options, string precision, bool oneRow = false) =>
        OnnxNetwork.Load(oneRow ? Definition.OfOneRow() : Definition, file, options, prefix, precision);

    public (TorchWeights Weights, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Run) LoadTorch(torch.Device? device = null)
    {
        var weights = TorchWeights.From(
            file.Tensors.Keys.Select(name => KeyValuePair.Create(name, HostTensor.Of(file.ReadFloats(name), file.Tensors[name].Shape))),
            device);
        return (weights, Definition.Build(new Scope(weights, prefix)));
    }

    public void Dispose() => file.Dispose();
}
