namespace Rewas.Checkpoints.Torch;

/// <summary>The name of a class or function. A name is all it ever is.</summary>
sealed record PickleGlobal(string Name);

sealed record PickleTuple(object?[] Items);

/// <summary>A dictionary in order of insertion; its keys are strings, numbers or names.</summary>
sealed class PickleDictionary : OrderedDictionary<object, object?>;

/// <summary>A run of values of one type.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Count">Number of its values, as the pickle says.</param>
sealed record TorchStorage(string Key, StoredType Type, long Count);

/// <summary>A tensor: a view of a storage, which others may share.</summary>
/// <param name="Storage">Where its values are.</param>
/// <param name="Offset">Its first value.</param>
/// <param name="Shape">Size of each axis.</param>
/// <param name="Strides">Values from one index of an axis to the next.</param>
sealed record TorchView(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);
