using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// A memory-mapped safetensors file. Reading a tensor touches only its own pages, and processes that open the same file share them.
/// </summary>
public sealed unsafe class SafetensorsFile : CheckpointFile
{
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly byte* start;
    readonly IReadOnlyDictionary<string, (long Offset, int Bytes)> places;

    SafetensorsFile(string path, FileStream stream) : base(path)
    {
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
            (Tensors, Metadata, places) = (header.Tensors, header.Metadata, header.Places);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="InputFault">The file is missing, unreadable, or not a valid safetensors file.</exception>
    public static new SafetensorsFile Open(string path)
    {
        var stream = OpenStream(path);
        try
        {
            return new SafetensorsFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Position of a tensor: its first byte in the file and its length in bytes.</summary>
    public (long Offset, int Bytes) Place(string name) => places[name];

    public override ReadOnlySpan<byte> Bytes(string name) => new(start + places[name].Offset, places[name].Bytes);

    protected override void Dispose(bool disposing)
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }
}
