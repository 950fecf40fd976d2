using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Rewas.TestKit;

/// <summary>A tensor to write into a <see cref="TorchZip"/>.</summary>
/// <param name="Values">Makes the values of its storage on demand.</param>
public sealed record TorchZipTensor(string Name, long[] Shape, Func<float[]> Values)
{
    /// <summary>Index of its first value in the storage.</summary>
    public long Offset { get; init; }

    /// <summary>Strides; null for row-major.</summary>
    public long[]? Strides { get; init; }

    /// <summary>The number of values in the storage; null for as many as the tensor has.</summary>
    public long? StorageCount { get; init; }
}

/// <summary>Writes float32 tensors as PyTorch's <c>torch.save</c> writes them: a zip of a pickle and uncompressed storages.</summary>
public static class TorchZip
{
    const string Folder = "archive/";

    /// <param name="tensors">Tensors of the state dict.</param>
    /// <param name="wrapper">Key under which the state dict lies, or null.</param>
    public static void Write(string path, IReadOnlyList<TorchZipTensor> tensors, string? wrapper = null)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        WriteEntry(archive, "data.pkl", Pickle(tensors, wrapper));
        WriteEntry(archive, "byteorder", "little"u8);
        for (var i = 0; i < tensors.Count; i++)
            WriteEntry(archive, $"data/{i}", MemoryMarshal.AsBytes<float>(tensors[i].Values()));
        WriteEntry(archive, "version", "3\n"u8);
    }

    /// <summary>Writes a file with this pickle and nothing else.</summary>
    public static void WritePickle(string path, byte[] pickle)
    {
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        WriteEntry(archive, "data.pkl", pickle);
    }

    static void WriteEntry(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        using var stream = archive.CreateEntry(Folder + name, CompressionLevel.NoCompression).Open();
        stream.Write(bytes);
    }

    static byte[] Pickle(IReadOnlyList<TorchZipTensor> tensors, string? wrapper)
    {
        using var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        if (wrapper is not null)
        {
            pickle.Write("}"u8);
            Text(wrapper);
        }
        Global("collections", "OrderedDict");
        pickle.Write(")R("u8);
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            Text(tensor.Name);
            Global("torch._utils", "_rebuild_tensor_v2");
            pickle.Write("(("u8);
            Text("storage");
            Global("torch", "FloatStorage");
            Text(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Text("cpu");
            Number(tensor.StorageCount ?? tensor.Shape.Aggregate(1L, (count, size) => count * size));
            pickle.Write("tQ"u8);
            Number(tensor.Offset);
            Numbers(tensor.Shape);
            Numbers(tensor.Strides ?? RowMajor(tensor.Shape));
            pickle.WriteByte(0x89);
            Global("collections", "OrderedDict");
            pickle.Write(")RtR"u8);
        }
        pickle.Write("u"u8);
        if (wrapper is not null)
            pickle.Write("s"u8);
        pickle.Write("."u8);
        return pickle.ToArray();

        void Global(string module, string name) => pickle.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

        void Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            pickle.WriteByte((byte)'X');
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            pickle.Write(length);
            pickle.Write(bytes);
        }

        void Number(long number)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            pickle.Write([0x8a, 8]);
            pickle.Write(bytes);
        }

        void Numbers(long[] numbers)
        {
            pickle.Write("("u8);
            foreach (var number in numbers)
                Number(number);
            pickle.Write("t"u8);
        }
    }

    static long[] RowMajor(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
            (strides[axis], stride) = (stride, stride * shape[axis]);
        return strides;
    }
}
