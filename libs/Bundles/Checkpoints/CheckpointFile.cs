using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// A file of named tensors in any supported format. The file is not trusted, and nothing in it is executed. Values are read and converted
/// on demand.
/// </summary>
public abstract class CheckpointFile(string path) : IDisposable
{
    /// <summary>Full path.</summary>
    public string FilePath { get; } = Path.GetFullPath(path);

    public abstract IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a safetensors file or a file saved by PyTorch; see <see cref="TorchFile"/>.</summary>
    /// <exception cref="InputFault">The file is missing, unreadable, or in neither format.</exception>
    public static CheckpointFile Open(string path)
    {
        Span<byte> start = stackalloc byte[2];
        using (var stream = OpenStream(path))
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.SequenceEqual("PK"u8) || start.Length > 0 && start[0] == TorchFile.PickleStart
            ? TorchFile.Open(path)
            : SafetensorsFile.Open(path);
    }

    /// <summary>Reads a tensor's values, row-major, converted to float32.</summary>
    public float[] ReadFloats(string name)
    {
        var values = new float[Tensors[name].Count];
        Read(name, values);
        return values;
    }

    /// <summary>
    /// Reads a tensor's values, converted to float32, into <paramref name="destination"/>, which must have the same length.
    /// </summary>
    public void Read(string name, Span<float> destination)
    {
        var tensor = Tensors[name];
        if (destination.Length != tensor.Count)
            throw new ArgumentException($"tensor '{name}' holds {tensor.Count} values, but the destination {destination.Length}");
        var bytes = Bytes(name);
        switch (tensor.Type)
        {
            case StoredType.Float32: bytes.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case StoredType.Float16: Convert<Half>(bytes, destination, value => (float)value); break;
            case StoredType.BFloat16:
                Convert<ushort>(bytes, destination,
                bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)); break;
            case StoredType.Float64: Convert<double>(bytes, destination, value => (float)value); break;
            case StoredType.Int64: Convert<long>(bytes, destination, value => value); break;
            case StoredType.Int32: Convert<int>(bytes, destination, value => value); break;
            case StoredType.Int16: Convert<short>(bytes, destination, value => value); break;
            case StoredType.Int8: Convert<sbyte>(bytes, destination, value => value); break;
            case StoredType.UInt8: Convert<byte>(bytes, destination, value => value); break;
            case StoredType.Bool: Convert<byte>(bytes, destination, value => value == 0 ? 0 : 1); break;
            default: throw new InvalidOperationException($"{tensor.Type} is no stored type");
        }
    }

    /// <summary>The raw bytes of a tensor, row-major. They are valid until this file is disposed.</summary>
    public abstract ReadOnlySpan<byte> Bytes(string name);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <exception cref="InputFault">The file is missing or unreadable.</exception>
    private protected static FileStream OpenStream(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputFault.NotFound("weights", $"'{path}' does not exist", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition("weights", $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    static void Convert<T>(ReadOnlySpan<byte> bytes, Span<float> destination, Func<T, float> convert) where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        for (var i = 0; i < destination.Length; i++)
            destination[i] = convert(MemoryMarshal.Read<T>(bytes[(i * size)..]));         // the values of a foreign file may be unaligned
    }
}
