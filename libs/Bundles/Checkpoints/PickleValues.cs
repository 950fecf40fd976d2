namespace Rewas.Bundles.Checkpoints;

/// <summary>The name of a class or function. It is never resolved.</summary>
sealed record PickleGlobal(string Name);

sealed record PickleTuple(object?[] Items);

/// <summary>A dictionary in insertion order. Its keys are strings, numbers or names.</summary>
sealed class PickleDictionary : OrderedDictionary<object, object?>;

/// <summary>A block of values of one type.</summary>
/// <param name="Key">Name in the file.</param>
/// <param name="Count">Number of values, as the pickle states.</param>
sealed record TorchStorage(string Key, StoredType Type, long Count);

/// <summary>A tensor: a view of a storage, which several tensors may share.</summary>
/// <param name="Offset">Index of the first value in the storage.</param>
/// <param name="Strides">Distance between neighbours along each axis, in values.</param>
sealed record TorchView(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);
