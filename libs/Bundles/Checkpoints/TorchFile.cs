using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// A file written by PyTorch's <c>torch.save</c>, in the zip format or the older one. The state dict may be wrapped (<c>state_dict</c>,
/// <c>model</c>, <c>generator</c>); its names are read without <c>module.</c> and <c>_orig_mod.</c>. Only tensors are read. Names of other
/// classes or functions are refused; see <see cref="PickleReader"/>.
/// </summary>
public sealed class TorchFile : CheckpointFile
{
    /// <summary>First byte of a file in the older format: the opcode PROTO.</summary>
    internal const byte PickleStart = 0x80;

    readonly ITorchStorages storages;
    readonly Dictionary<string, TorchView> views;
    readonly Dictionary<string, StoredTensor> tensors = [];

    TorchFile(string path, ITorchStorages storages, object? root) : base(path)
    {
        this.storages = storages;
        views = StateDict.Find(Path.GetFileName(path), root);
        foreach (var (name, view) in views)
            tensors[name] = new(name, view.Storage.Type, view.Shape, Count(view));
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

    /// <exception cref="InputFault">The file is missing, unreadable, or not a valid file of tensors.</exception>
    public static new TorchFile Open(string path)
    {
        var stream = OpenStream(path);
        var field = Path.GetFileName(path);
        ITorchStorages? storages = null;
        try
        {
            Span<byte> first = stackalloc byte[1];
            var isPickle = stream.Read(first) == 1 && first[0] == PickleStart;
            stream.Position = 0;
            (storages, var root) = isPickle ? LegacyStorages.Open(stream, field) : ZipStorages.Open(stream, field);
            return new TorchFile(path, storages, root);
        }
        catch (Exception e)
        {
            storages?.Dispose();
            stream.Dispose();
            if (e is EndOfStreamException or InvalidDataException)
                throw InputFault.Precondition(field, $"is truncated or damaged: {e.Message}", e);
            throw;
        }
    }

    public override ReadOnlySpan<byte> Bytes(string name)
    {
        var view = views[name];
        var size = StoredTensor.SizeOf(view.Storage.Type);
        var count = Count(view);
        if (count == 0)
            return [];
        var last = view.Shape.Zip(view.Strides, (length, stride) => (length - 1) * stride).Sum();
        byte[] stored;
        try
        {
            stored = storages.Read(view.Storage, view.Offset * size, checked((int)((last + 1) * size)));
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw InputFault.Precondition(Path.GetFileName(FilePath), $"is truncated or damaged: tensor '{name}': {e.Message}", e);
        }
        return IsRowMajor(view) ? stored : Gather(view, stored, count, size);
    }

    protected override void Dispose(bool disposing) => storages.Dispose();

    static byte[] Gather(TorchView view, byte[] stored, int count, int size)
    {
        var bytes = new byte[count * size];
        var index = new long[view.Shape.Length];
        for (var i = 0; i < count; i++)
        {
            long at = 0;
            for (var axis = 0; axis < index.Length; axis++)
                at += index[axis] * view.Strides[axis];
            at *= size;
            stored.AsSpan((int)at, size).CopyTo(bytes.AsSpan(i * size));
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == view.Shape[axis]; axis--)
                index[axis] = 0;
        }
        return bytes;
    }

    static bool IsRowMajor(TorchView view)
    {
        long expected = 1;
        for (var axis = view.Shape.Length - 1; axis >= 0; axis--)
        {
            if (view.Shape[axis] != 1 && view.Strides[axis] != expected)
                return false;
            expected *= view.Shape[axis];
        }
        return true;
    }

    static int Count(TorchView view) => (int)view.Shape.Aggregate(1L, (count, size) => count * size);
}
