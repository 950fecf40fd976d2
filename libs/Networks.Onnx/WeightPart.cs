using System.Runtime.InteropServices;
using Rewas.Bundles.Checkpoints;

namespace Rewas.Networks.Onnx;

/// <summary>The form in which a graph reads a stored weight.</summary>
enum WeightForm
{
    AsStored,

    /// <summary>Rounded to float16.</summary>
    Float16,

    /// <summary>[K, O] of <see cref="Int8Weight"/>.</summary>
    Int8Values,

    /// <summary>[O] of <see cref="Int8Weight"/>.</summary>
    Int8Scales,

    /// <summary>[O] of <see cref="Int8Weight"/>.</summary>
    Int8Sums,
}

/// <summary>What an initializer of a graph holds: a stored weight, or what is made from it.</summary>
/// <param name="File">The file with the weight.</param>
/// <param name="Weight">Its name there.</param>
/// <param name="Type">Type of the initializer.</param>
/// <param name="Shape">Shape of the initializer.</param>
sealed record WeightPart(SafetensorsFile File, string Weight, WeightForm Form, StoredType Type, long[] Shape)
{
    public long Bytes => Shape.Aggregate(1L, (count, size) => count * size) * StoredTensor.SizeOf(Type);

    /// <summary>A stored weight as it is.</summary>
    public static WeightPart AsStored(SafetensorsFile file, string weight) =>
        new(file, weight, WeightForm.AsStored, file.Tensors[weight].Type, file.Tensors[weight].Shape);

    /// <summary>Values, scales and sums of a weight [O, ...] in integers.</summary>
    public static (WeightPart Values, WeightPart Scales, WeightPart Sums) Int8(SafetensorsFile file, string weight)
    {
        var stored = file.Tensors[weight];
        var outputs = stored.Shape[0];
        return (
            new(file, weight, WeightForm.Int8Values, StoredType.Int8, [stored.Count / outputs, outputs]),
            new(file, weight, WeightForm.Int8Scales, StoredType.Float32, [outputs]),
            new(file, weight, WeightForm.Int8Sums, StoredType.Float32, [outputs]));
    }
}

/// <summary>Makes the bytes of parts. Keeps the last weight in integers, because its three parts are usually asked for in turn.</summary>
sealed class WeightParts
{
    (SafetensorsFile File, string Weight, Int8Weight Integers)? last;

    /// <exception cref="Clip.Faults.InputFault">A value does not fit float16.</exception>
    public ReadOnlySpan<byte> Bytes(WeightPart part) => part.Form switch
    {
        WeightForm.AsStored => part.File.Bytes(part.Weight),
        WeightForm.Float16 => MemoryMarshal.AsBytes(Halves.Of(part.Weight, part.File.ReadFloats(part.Weight))),
        WeightForm.Int8Values => MemoryMarshal.AsBytes<sbyte>(Integers(part).Values),
        WeightForm.Int8Scales => MemoryMarshal.AsBytes<float>(Integers(part).Scales),
        WeightForm.Int8Sums => MemoryMarshal.AsBytes<float>(Integers(part).Sums),
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    Int8Weight Integers(WeightPart part)
    {
        if (last is not { } known || known.File != part.File || known.Weight != part.Weight)
        {
            var shape = part.File.Tensors[part.Weight].Shape;
            var places = (int)shape.Skip(2).Aggregate(1L, (count, size) => count * size);
            last = known = (part.File, part.Weight, Int8Weight.Of(part.File.ReadFloats(part.Weight), (int)shape[0], places));
        }
        return known.Integers;
    }
}
