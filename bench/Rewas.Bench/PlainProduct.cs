using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Networks.Onnx;

namespace Rewas.Bench;

/// <summary>One large float32 product by a stored weight: how fast the machine can multiply at all, at this moment.</summary>
sealed class PlainProduct : IDisposable
{
    const int Size = 1536;

    public const double MultiplyAdds = (double)Size * Size * Size;

    readonly PrivateFolder folder = PrivateFolder.Create("rewas-bench-");
    readonly SafetensorsFile file;
    readonly OnnxNetwork network;
    readonly HostTensor input = HostTensor.Of([.. Enumerable.Repeat(0.5f, Size * Size)], Size, Size);

    public PlainProduct(int threads)
    {
        var path = folder.File("product.safetensors");
        SafetensorsWriter.Write(path, [new("weight", [Size, Size], () => Enumerable.Repeat(0.5f, Size * Size).ToArray())]);
        file = SafetensorsFile.Open(path);
        long[] shape = [Size, Size];
        network = OnnxNetwork.Load(
            new(
                "product",
                [new("x", ElementType.Float32, shape, "Left factor.")],
                [new("y", ElementType.Float32, shape, "Product.")],
                at =>
                {
                    var weight = at["weight", Size, Size];
                    return inputs => [inputs[0].Linear(weight)];
                }),
            file,
            new() { Threads = threads });
    }

    public void Run() => network.Run([input]);

    public void Dispose()
    {
        network.Dispose();
        file.Dispose();
        folder.Dispose();
    }
}
