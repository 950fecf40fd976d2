using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>The only names that a PyTorch file of tensors may use, and their meaning here.</summary>
static class TorchGlobals
{
    const string OrderedDictionary = "collections OrderedDict";
    const string Set = "builtins set", SetOfPython2 = "__builtin__ set";
    const string Size = "torch Size";
    const string Tensor = "torch._utils _rebuild_tensor", TensorWithHooks = "torch._utils _rebuild_tensor_v2";
    const string Parameter = "torch._utils _rebuild_parameter";
    const int MaximumRank = 16;

    static readonly Dictionary<string, StoredType> Storages = new()
    {
        ["torch FloatStorage"] = StoredType.Float32,
        ["torch HalfStorage"] = StoredType.Float16,
        ["torch BFloat16Storage"] = StoredType.BFloat16,
        ["torch DoubleStorage"] = StoredType.Float64,
        ["torch LongStorage"] = StoredType.Int64,
        ["torch IntStorage"] = StoredType.Int32,
        ["torch ShortStorage"] = StoredType.Int16,
        ["torch CharStorage"] = StoredType.Int8,
        ["torch ByteStorage"] = StoredType.UInt8,
        ["torch BoolStorage"] = StoredType.Bool,
    };

    static readonly Dictionary<string, PickleGlobal> Allowed =
        ((string[])[OrderedDictionary, Set, SetOfPython2, Size, Tensor, TensorWithHooks, Parameter, .. Storages.Keys])
            .ToDictionary(name => name, name => new PickleGlobal(name));

    /// <exception cref="InputFault">The name is not allowed.</exception>
    public static PickleGlobal Named(string field, string module, string name) => Allowed.TryGetValue($"{module} {name}", out var global)
        ? global
        : throw InputFault.Precondition(field, $"asks for '{module}.{name}', which no file of tensors needs; nothing was executed");

    /// <summary>The result of calling an allowed name.</summary>
    /// <param name="count">Counts the items that the call copies, before it copies them, and throws if they are too many.</param>
    public static object? Call(string field, object? callable, object? arguments, Action<int> count) =>
        ((callable as PickleGlobal)?.Name, (arguments as PickleTuple)?.Items) switch
        {
            (OrderedDictionary, []) => new PickleDictionary(),
            (OrderedDictionary, [List<object?> pairs]) => FromPairs(field, pairs, count),
            (Set or SetOfPython2, [List<object?> items]) => items,
            (Size, [PickleTuple sizes]) => sizes,
            (Tensor or TensorWithHooks, [TorchStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..]) =>
                View(field, storage, offset, Numbers(shape), Numbers(strides)),
            (Parameter, [TorchView tensor, ..]) => tensor,
            (var name, _) =>
                throw InputFault.Precondition(field, $"pickle: '{name ?? "a value"}' is called in a way that no file of tensors needs"),
        };

    /// <summary>Reads a persistent identifier: ("storage", type, key, device, count), and in old files a view of the storage.</summary>
    public static TorchStorage Storage(string field, object? identifier) =>
        identifier is PickleTuple { Items: ["storage", PickleGlobal type, string key, string or null, long count, ..] items }
        && Storages.TryGetValue(type.Name, out var stored) && count >= 0 && (items.Length == 5 || items is [_, _, _, _, _, null])
            ? new(key, stored, count)
            : throw InputFault.Precondition(field, "pickle: a storage has an unknown description");

    static PickleDictionary FromPairs(string field, List<object?> pairs, Action<int> count)
    {
        count(pairs.Count);
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
            dictionary[Key(pair)] = pair is List<object?> list ? list[1] : ((PickleTuple)pair!).Items[1];
        return dictionary;

        object Key(object? pair) => pair switch
        {
            List<object?> { Count: 2 } list when list[0] is string key => key,
            PickleTuple { Items: [string key, _] } => key,
            _ => throw InputFault.Precondition(field, "pickle: a dictionary is made of items that are no pairs"),
        };
    }

    static TorchView View(string field, TorchStorage storage, long offset, long[]? shape, long[]? strides)
    {
        if (shape is null || strides is null || shape.Length != strides.Length || shape.Length > MaximumRank
            || offset < 0 || shape.Any(s => s < 0) || strides.Any(s => s < 0))
            throw InputFault.Precondition(field, "pickle: a tensor has an impossible shape");
        Int128 count = 1, last = offset;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            // Both saturate, so that an overflow cannot wrap round to a small number.
            count = Int128.Min(count * shape[axis], long.MaxValue);
            last = Int128.Min(last + (Int128)Math.Max(0, shape[axis] - 1) * strides[axis], long.MaxValue);
        }
        if (count > 0 && last >= storage.Count || count > storage.Count)
            throw InputFault.Precondition(
                field, $"pickle: a tensor [{string.Join(", ", shape)}] reaches past its storage, which has {storage.Count} values");
        // Strides may spread few values over a long part of the storage, which is read as a whole.
        return Int128.Max(count, last + 1 - offset) * StoredTensor.SizeOf(storage.Type) <= Array.MaxLength
            ? new(storage, offset, shape, strides)
            : throw InputFault.Exhausted(
                field, $"a tensor [{string.Join(", ", shape)}] takes more than {Array.MaxLength} bytes, which is the limit");
    }

    static long[]? Numbers(PickleTuple tuple) => tuple.Items.All(item => item is long) ? [.. tuple.Items.Cast<long>()] : null;
}
