using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// The format before PyTorch 1.6. Its pickles are a magic number, the version, the writer's machine, the object, and the list of storage
/// keys. The bytes of the storages follow in that order, each after its number of values.
/// </summary>
sealed class LegacyStorages : ITorchStorages
{
    const long Version = 1001;
    static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    readonly FileStream stream;
    readonly Dictionary<string, (long Offset, long Count)> places = [];

    LegacyStorages(FileStream stream) => this.stream = stream;

    /// <returns>The storages and the unpickled object.</returns>
    public static (ITorchStorages Storages, object? Root) Open(FileStream stream, string field)
    {
        var input = new PickleInput(stream, field);
        object? Next() => new PickleReader(input, field).Read();

        if (Next() is not BigInteger magic || magic != Magic)
            throw InputFault.Precondition(field, "is not a PyTorch file: its magic number is missing");
        if (Next() is not Version)
            throw InputFault.Precondition(field, $"must have version {Version} of PyTorch's format");
        if (Next() is PickleDictionary machine && machine.GetValueOrDefault("little_endian") is false)
            throw InputFault.Precondition(field, "byte order must be little, but is big");
        var root = Next();
        if (Next() is not List<object?> keys)
            throw InputFault.Precondition(field, "lacks the list of storages");

        var types = new Dictionary<string, TorchStorage>();
        StateDict.VisitStorages(root, storage =>
        {
            if (!types.TryAdd(storage.Key, storage) && types[storage.Key] != storage)
                throw InputFault.Precondition(field, $"storage '{storage.Key}' is described in two ways");
        });
        var storages = new LegacyStorages(stream);
        stream.Position = input.Position;
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var item in keys)
        {
            var key = item as string ?? throw InputFault.Precondition(field, "the list of storages holds an item that is no key");
            stream.ReadExactly(number);
            var count = BinaryPrimitives.ReadInt64LittleEndian(number);
            if (!types.TryGetValue(key, out var storage) || count != storage.Count)
                throw InputFault.Precondition(field, $"storage '{key}' does not have the announced number of values");
            var offset = stream.Position;
            if ((stream.Length - offset) / StoredTensor.SizeOf(storage.Type) < count)
                throw InputFault.Precondition(field, $"is truncated: storage '{key}' has {count} values, but the file ends before them");
            storages.places[key] = (offset, count);
            stream.Position = offset + count * StoredTensor.SizeOf(storage.Type);
        }
        if (types.Keys.FirstOrDefault(key => !storages.places.ContainsKey(key)) is { } absent)
            throw InputFault.Precondition(field, $"storage '{absent}' is missing");
        return (storages, root);
    }

    public byte[] Read(TorchStorage storage, long offset, int count)
    {
        // The storage lies inside the file, and the tensor inside its storage.
        var bytes = new byte[count];
        stream.Position = places[storage.Key].Offset + offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose() => stream.Dispose();
}
