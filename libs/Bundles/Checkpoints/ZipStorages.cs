using System.IO.Compression;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>The zip format: <c>NAME/data.pkl</c>, and one uncompressed file <c>NAME/data/KEY</c> per storage.</summary>
sealed class ZipStorages : ITorchStorages
{
    const string Pickle = "data.pkl", ByteOrder = "byteorder";

    readonly ZipArchive archive;
    readonly long fileBytes;
    readonly string folder, field;

    ZipStorages(ZipArchive archive, long fileBytes, string folder, string field) =>
        (this.archive, this.fileBytes, this.folder, this.field) = (archive, fileBytes, folder, field);

    /// <returns>The storages and the unpickled object.</returns>
    public static (ITorchStorages Storages, object? Root) Open(Stream stream, string field)
    {
        var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var pickles = archive.Entries.Where(entry => entry.Name == Pickle).Take(2).ToList();
        if (pickles is not [var pickle])
            throw InputFault.Precondition(
                field, $"is not a PyTorch file: it must hold one {Pickle}, but holds {(pickles.Count == 0 ? "none" : "several")}");
        var storages = new ZipStorages(archive, stream.Length, pickle.FullName[..^Pickle.Length], field);
        if (archive.GetEntry(storages.folder + ByteOrder) is { } order && storages.Text(order) is var text && text != "little")
            throw InputFault.Precondition(field, $"byte order must be little, but is '{text}'");
        using var bytes = new MemoryStream(storages.Bytes(pickle));
        return (storages, new PickleReader(new PickleInput(bytes, field), field).Read());
    }

    public byte[] Read(TorchStorage storage, long offset, int count)
    {
        var entry = archive.GetEntry($"{folder}data/{storage.Key}")
            ?? throw InputFault.Precondition(field, $"storage '{storage.Key}' is missing");
        ThrowIfCompressed(entry);
        if (offset + count > entry.Length)
            throw InputFault.Precondition(
                field, $"storage '{storage.Key}' must have at least {offset + count} bytes, but has {entry.Length}");
        using var stream = entry.Open();
        if (stream.CanSeek)
            stream.Position = offset;
        else
            Skip(stream, offset);
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose() => archive.Dispose();

    byte[] Bytes(ZipArchiveEntry entry)
    {
        ThrowIfCompressed(entry);
        if (entry.Length > Array.MaxLength)
            throw InputFault.Exhausted(field, $"{entry.Name} has {entry.Length} bytes; the limit is {Array.MaxLength}");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    string Text(ZipArchiveEntry entry) => entry.Length <= 16 ? System.Text.Encoding.ASCII.GetString(Bytes(entry)).Trim() : "";

    // PyTorch never compresses. A compressed entry could expand far beyond the file's length.
    void ThrowIfCompressed(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length)
            throw InputFault.Precondition(field, $"'{entry.Name}' is compressed, which PyTorch never does");
        if (entry.Length > fileBytes)
            throw InputFault.Precondition(field, $"is truncated: '{entry.Name}' says that it has {entry.Length} bytes");
    }

    static void Skip(Stream stream, long count)
    {
        var buffer = new byte[1 << 16];
        while (count > 0)
        {
            var part = (int)Math.Min(count, buffer.Length);
            stream.ReadExactly(buffer.AsSpan(0, part));
            count -= part;
        }
    }
}
