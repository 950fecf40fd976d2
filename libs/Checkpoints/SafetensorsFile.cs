using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Rewas.Faults;

namespace Rewas.Checkpoints;

/// <summary>
/// A safetensors file, mapped into memory: reading a tensor touches its own pages only, and processes that open the same file share
/// them. Values are converted as they are read. Not to be used after it is disposed.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly byte* start;

    SafetensorsFile(string path, FileStream stream)
    {
        FilePath = path;
        var field = Path.GetFileName(path);
        var length = stream.Length;
        if (length < SafetensorsHeader.LengthBytes)
            throw InputFault.Precondition(field, $"is no safetensors file: it has {length} bytes");

        map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(start, SafetensorsHeader.LengthBytes));
            var limit = (ulong)Math.Min(SafetensorsHeader.MaximumBytes, length - SafetensorsHeader.LengthBytes);
            if (headerBytes > limit)
                throw InputFault.Precondition(field, $"header says that it has {headerBytes} bytes; at most {limit} fit");

            var json = new ReadOnlySpan<byte>(start + SafetensorsHeader.LengthBytes, (int)headerBytes);
            var header = new SafetensorsHeader(field, json, length - SafetensorsHeader.LengthBytes - json.Length);
            (Tensors, Metadata) = (header.Tensors, header.Metadata);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string FilePath { get; }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="InputFault">The file is absent, unreadable, or not a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputFault.NotFound("weights", $"'{path}' does not exist", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition("weights", $"'{path}' cannot be read: {e.Message}", e);
        }
        try
        {
            return new SafetensorsFile(Path.GetFullPath(path), stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of a tensor as stored, valid until this file is disposed.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var tensor = Tensors[name];
        return new ReadOnlySpan<byte>(start + tensor.Offset, tensor.Bytes);
    }

    /// <summary>The values of a tensor, row-major, converted to float32.</summary>
    public float[] ReadFloats(string name)
    {
        var values = new float[Tensors[name].Count];
        Read(name, values);
        return values;
    }

    /// <summary>Writes the values of a tensor, converted to float32, into <paramref name="destination"/>, which must have as many.</summary>
    public void Read(string name, Span<float> destination)
    {
        var tensor = Tensors[name];
        if (destination.Length != tensor.Count)
            throw new ArgumentException($"tensor '{name}' holds {tensor.Count} values, but the destination {destination.Length}");
        switch (tensor.Type)
        {
            case StoredType.Float32: Bytes(name).CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case StoredType.Float16: Convert<Half>(name, destination, value => (float)value); break;
            case StoredType.BFloat16: Convert<ushort>(name, destination, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)); break;
            case StoredType.Float64: Convert<double>(name, destination, value => (float)value); break;
            case StoredType.Int64: Convert<long>(name, destination, value => value); break;
            case StoredType.Int32: Convert<int>(name, destination, value => value); break;
            case StoredType.UInt8: Convert<byte>(name, destination, value => value); break;
            case StoredType.Bool: Convert<byte>(name, destination, value => value == 0 ? 0 : 1); break;
            default: throw new InvalidOperationException($"{tensor.Type} is no stored type");
        }
    }

    /// <summary>The values of a tensor of integers or booleans.</summary>
    public long[] ReadIntegers(string name)
    {
        var values = new long[Tensors[name].Count];
        switch (Tensors[name].Type)
        {
            case StoredType.Int64: Convert<long, long>(name, values, value => value); break;
            case StoredType.Int32: Convert<int, long>(name, values, value => value); break;
            case StoredType.UInt8: Convert<byte, long>(name, values, value => value); break;
            case StoredType.Bool: Convert<byte, long>(name, values, value => value == 0 ? 0 : 1); break;
            default: throw new ArgumentException($"tensor '{name}' does not hold integers but {Tensors[name].Type}");
        }
        return values;
    }

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }

    void Convert<T>(string name, Span<float> destination, Func<T, float> convert) where T : unmanaged => Convert<T, float>(name, destination, convert);

    void Convert<T, TOut>(string name, Span<TOut> destination, Func<T, TOut> convert) where T : unmanaged
    {
        var bytes = Bytes(name);
        for (var i = 0; i < destination.Length; i++)
            destination[i] = convert(MemoryMarshal.Read<T>(bytes[(i * sizeof(T))..]));  // a foreign file may be unaligned
    }
}
