using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Trainer.Torch;
using Tensor = Rewas.Networks.Tensor;

namespace Rewas.Bench;

/// <summary>The denoiser with its adapter. Both backends read its weights from one file.</summary>
sealed class CallSubject : IDisposable
{
    const string Network = "denoiser";

    readonly SafetensorsFile file;
    readonly string prefix;
    readonly PrivateFolder? temporary;

    CallSubject(string name, NetworkDefinition definition, SafetensorsFile file, string prefix, PrivateFolder? temporary = null) =>
        (Name, Definition, this.file, this.prefix, this.temporary) = (name, definition, file, prefix, temporary);

    public string Name { get; }

    public NetworkDefinition Definition { get; }

    public static CallSubject Of(Bundle bundle)
    {
        var described = bundle.Network(Network);
        return new(
            $"denoiser of {bundle.Manifest.Name}",
            NetworkCatalog.Create(described.Architecture, described.Configuration),
            bundle.Weights(Network),
            described.Prefix);
    }

    /// <summary>The published sizes on pseudo-random weights, 2.4 GB in a temporary file. For timing only.</summary>
    public static CallSubject OfPublishedSize()
    {
        var definition = ControlledUNet.Define(new UNetConfiguration());
        var folder = PrivateFolder.Create("rewas-bench-");
        var path = folder.File("denoiser.safetensors");
        SafetensorsWriter.Write(
            path,
            [
                .. WeightNames.Of(definition).Select(
                    (weight, i) => new WeightToStore(weight.Key, weight.Value, () => Random(weight.Value, new Random(i)))),
            ]);
        return new("denoiser of published size, pseudo-random weights", definition, SafetensorsFile.Open(path), "", folder);
    }

    public OnnxNetwork LoadOnnx(int threads, string precision) =>
        OnnxNetwork.Load(Definition, file, new() { Threads = threads }, prefix, precision);

    public (TorchWeights Weights, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Run) LoadTorch()
    {
        var weights = TorchWeights.From(
            file.Tensors.Keys.Select(name => KeyValuePair.Create(name, HostTensor.Of(file.ReadFloats(name), file.Tensors[name].Shape))));
        return (weights, Definition.Build(new Scope(weights, prefix)));
    }

    public void Dispose()
    {
        file.Dispose();
        temporary?.Dispose();
    }

    /// <summary>
    /// Initial values of layers: uniform, with the deviation that keeps the size of activations. Scales of norms are near 1.
    /// </summary>
    static ReadOnlyMemory<float> Random(long[] shape, Random random)
    {
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        var (centre, width) = shape.Length >= 2
            ? (0f, MathF.Sqrt(3f / shape.Skip(1).Aggregate(1L, (count, size) => count * size)))
            : (1f, 0.1f);
        for (var i = 0; i < values.Length; i++)
            values[i] = centre + width * (2 * random.NextSingle() - 1);
        return values;
    }
}
